"""Files sent through the admin hold names: they go when their run is done, and sooner or later in every other case."""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from kpi import ingest, tasks
from kpi.ingest.inbox import ARRIVING, KEPT
from kpi.models import ImportRun, Site

FILE = "external_id,started_at,channel,queue\na1,2026-03-10T09:00:00Z,voice,general\n"


@pytest.fixture
def inbox(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own: other tests leave their uploads in the one they share."""
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path / "data" / "inbox"


def sent(inbox: Path, text: str = FILE, name: str = "contacts.csv") -> tuple[Path, ImportRun]:
    """A file in a folder of its own, as the admin puts it there, and its run."""
    path = inbox / os.urandom(4).hex() / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path, ingest.open_run(path, "interactions_csv")[0]


def left(inbox: Path) -> list[Path]:
    return list(inbox.iterdir()) if inbox.is_dir() else []


def test_a_file_goes_when_its_run_is_done(site: Site, inbox: Path) -> None:
    _, run = sent(inbox)
    assert ingest.store(run.pk).state == "done"
    assert left(inbox) == []


def test_a_file_imported_from_elsewhere_stays_where_it_is(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(FILE)
    ingest.store(ingest.open_run(path, "interactions_csv")[0].pk)
    ingest.tidy()
    assert path.exists()


def test_the_file_of_a_failed_run_waits_a_week_to_be_run_again(site: Site, inbox: Path) -> None:
    path, run = sent(inbox, "nothing,of,ours\n1,2,3\n")
    assert ingest.store(run.pk).state == "failed"
    tasks.sweep()
    assert path.exists()
    ImportRun.objects.update(finished_at=timezone.now() - KEPT - timedelta(minutes=1))
    tasks.sweep()
    assert left(inbox) == []


def test_the_file_of_a_failed_run_goes_when_the_same_file_is_sent_anew(site: Site, inbox: Path) -> None:
    path, first = sent(inbox)
    ImportRun.objects.filter(pk=first.pk).update(state="failed", finished_at=timezone.now())
    ingest.tidy()
    assert path.exists()
    _, second = sent(inbox)
    ingest.store(second.pk)
    ingest.tidy()
    assert left(inbox) == []


def test_a_file_that_waits_is_not_touched_however_old(site: Site, inbox: Path) -> None:
    path, _ = sent(inbox)
    os.utime(path.parent, (0, 0))
    ingest.tidy()
    assert path.exists()


def test_what_a_crash_left_behind_goes_and_an_upload_on_its_way_stays(db: None, inbox: Path) -> None:
    old, new = inbox / "old", inbox / "new"
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "contacts.csv").write_text(FILE)
    os.utime(old, (0, time.time() - ARRIVING.total_seconds() - 60))
    ingest.tidy()
    assert left(inbox) == [new]
