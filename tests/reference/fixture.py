"""The small reference centre, written once for the whole session and imported once for each module that asks for it.

Use it in any test module with `from tests.reference.fixture import *`; it is undone when the module ends.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from kpi.metric import Period
from kpi.models import Site, Team
from tests.once import made_once, run_folder
from tests.standing import standing

__all__ = ["Loaded", "reference_centre", "reference_files", "reference_truth", "small_centre"]

END, SEED = "2026-04-12", 7
NIGHT_AFTER = 6  # files: totals of a year stand then, and what corrects it, is sent again, or belongs to its contacts comes later


@dataclass(frozen=True)
class Loaded:
    """The truths, and how to ask for the same scope and period in the database."""

    truth: dict[str, Any]
    folder: Path

    def period(self, span: str) -> Period:
        start = date.fromisoformat(self.truth["spans"][span]["first_day"])
        return Period(start, start + timedelta(weeks=self.truth["spans"][span]["weeks"]))

    def site(self, code: str) -> Site:
        return Site.objects.get(code=code)

    def team(self, code: str) -> Team:
        return Team.objects.get(code=code)


def make(folder: Path, *, seed: int = SEED, size: str = "small") -> Path:
    call_command("make_reference_centre", "--size", size, "--seed", str(seed), "--end", END, "--out", str(folder), skip_checks=True)
    return folder


@pytest.fixture(scope="session")
def reference_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small centre, of all test processes; nobody writes into it."""
    return made_once(run_folder(tmp_path_factory) / "centre", make)


@pytest.fixture(scope="session")
def reference_truth(reference_files: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((reference_files / "truth.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def small_centre(reference_files: Path, django_db_setup: None, django_db_blocker: Any, own_folder: Path) -> Iterator[Loaded]:
    """Imported the ordinary way and rolled up, inside one transaction that the end of the module takes back."""
    with standing(django_db_blocker):
        load(reference_files)
        truth = json.loads((reference_files / "truth.json").read_text(encoding="utf-8"))
        yield Loaded(truth, reference_files)


@pytest.fixture
def reference_centre(small_centre: Loaded, db: None) -> Loaded:
    """The small centre for one test; what the test changes is undone after it."""
    return small_centre


def load(folder: Path) -> None:
    call_command("load_organisation", str(folder / "organisation.json"), "--with-users")
    for number, item in enumerate(json.loads((folder / "manifest.json").read_text(encoding="utf-8")), start=1):
        later = number != NIGHT_AFTER
        call_command("import_file", str(folder / item["file"]), "--source", item["source"], no_roll_up=later, verbosity=0)
    call_command("roll_up", verbosity=0)
