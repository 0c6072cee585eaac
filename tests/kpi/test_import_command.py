"""The import at the keyboard: what it answers, and with which exit code."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from kpi import ingest
from kpi.models import ImportRun, Interaction
from tests.kpi.ingest_help import contact, write

pytestmark = pytest.mark.django_db


def told(path: Path, source: str = "interactions_csv", **options: Any) -> tuple[dict[str, Any], int]:
    """The object of --json and the exit code."""
    out, code = StringIO(), 0
    try:
        call_command("import_file", path, source=source, json=True, no_roll_up=True, verbosity=0, stdout=out, **options)
    except CommandError as error:
        code = error.returncode
    return json.loads(out.getvalue()), code


def interrupted(path: Path, lease: int) -> ImportRun:
    """A run whose process was killed; its lease ends in so many seconds."""
    run, _ = ingest.open_run(write(path, [contact("a")]), "interactions_csv")
    ingest.claim(run.pk)
    ImportRun.objects.update(lease_until=timezone.now() + timedelta(seconds=lease))
    run.refresh_from_db()
    return run


def test_a_file_whose_run_may_still_be_running_is_no_success(tmp_path: Path) -> None:
    run = interrupted(tmp_path / "night.csv", 10)
    answer, code = told(tmp_path / "night.csv")
    assert run.lease_until is not None
    later = (run.lease_until + timedelta(seconds=1)).strftime("%H:%M:%S")
    assert (answer["state"], code) == ("running", 1)
    assert f"run {run.pk} is running or was interrupted; try again after {later} UTC" in answer["message"]


def test_an_interrupted_run_is_taken_over_and_stored(tmp_path: Path) -> None:
    run = interrupted(tmp_path / "night.csv", -1)
    moved = (tmp_path / "night.csv").rename(tmp_path / "again.csv")
    answer, code = told(moved)
    assert (answer["state"], answer["run"], code) == ("done", run.pk, 0)
    assert Interaction.objects.count() == 1


def test_a_run_that_had_its_attempts_is_failed_and_a_new_one_stores_the_file(tmp_path: Path) -> None:
    run = interrupted(tmp_path / "night.csv", -1)
    ImportRun.objects.update(attempt=3)
    answer, code = told(tmp_path / "night.csv")
    run.refresh_from_db()
    assert (answer["state"], run.state, code) == ("done", "failed", 0)
    assert answer["run"] != run.pk


def test_nothing_of_a_file_moves_the_cursor_of_a_terminal(tmp_path: Path) -> None:
    out, path = StringIO(), tmp_path / "bell.csv"
    write(path, [contact("a", queue="\x1b[2Jcare\x07\u202e")])
    call_command("import_file", path, source="interactions_csv", preview=True, stdout=out, stderr=StringIO())
    assert r"\x1b[2Jcare\x07\u202e" in out.getvalue()
    assert not set("\x1b\x07\u202e") & set(out.getvalue())
    path.write_text("exter\x1b[31mnal_id,b\n1,2\n")
    with pytest.raises(CommandError, match=r"exter\\x1b\[31mnal_id"):
        call_command("import_file", path, source="interactions_csv", stdout=out, stderr=StringIO())
