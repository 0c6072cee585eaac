"""A process serves what it started from: code that is renewed on the disk while a site runs mixes with nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.template.loaders import filesystem
from django.test import Client

from kpi.models import Team
from kpi.operations.loading import load_all, templates
from tests.web.planted import planted
from tests.web.routes import ROUTES, address
from tests.web.test_every_surface import centre, client_of  # noqa: F401  a fixture

ROOT = Path(__file__).resolve().parents[2]
# What commands, tests and workers alone use.
NOT_FOR_PAGES = {"management", "migrations", "reference", "backup", "telling", "tasks", "closing", "response", "reskilling"}
LOADED = (
    "import json, sys\nimport config.wsgi\n"
    "print(json.dumps([name for name in sys.modules if name.partition('.')[0] in {'kpi', 'wellbeing', 'staffing'}]))"
)


@pytest.fixture
def renewed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Templates of ours that were read from the disk after the start, which is a mistake."""
    read: list[str] = []
    contents = filesystem.Loader.get_contents

    def listening(self: filesystem.Loader, origin: Any) -> str:
        if Path(origin.name).is_relative_to(ROOT / "templates"):
            read.append(str(origin.template_name))
        return contents(self, origin)

    load_all()
    monkeypatch.setattr(filesystem.Loader, "get_contents", listening)
    return read


@pytest.mark.parametrize("role", ["nobody", "analyst", "administrator"])
def test_no_page_reads_a_template_after_the_start(role: str, centre: Team, renewed: list[str]) -> None:  # noqa: F811
    with planted():
        client: Client = client_of(role)
        for route in ROUTES:
            client.get(address(route))
    assert renewed == []


def test_templates_of_every_kind_are_among_them() -> None:
    names = list(templates())
    assert {"base.html", "500.html", "kpi/overview.html", "kpi/data/map/check.html", "wellbeing/pulse_mail.txt"} <= set(names)


def test_whatever_a_page_needs_is_imported_by_the_start(tmp_path: Path) -> None:
    environment = {"DATA_DIR": str(tmp_path), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    ours = [path.relative_to(ROOT).with_suffix("") for app in ("kpi", "wellbeing", "staffing") for path in (ROOT / app).rglob("*.py")]
    names = {".".join(path.parts).removesuffix(".__init__") for path in ours if not set(path.parts) & NOT_FOR_PAGES}
    assert sorted(names - loaded) == []
