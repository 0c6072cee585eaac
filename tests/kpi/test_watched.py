"""The watched folder: only what has settled is taken, once, and what became of it can be seen from where it lies."""

import os
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from kpi import ingest, tasks
from kpi.ingest import receiving, runs, watched
from kpi.models import DataSource, ImportRun, Interaction, Site
from tests import factories

FILE = "external_id,started_at,channel,queue\na1,2026-03-10T09:00:00Z,voice,general\n"


@pytest.fixture
def folder(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a source, where a file has lain for a minute by the first look after `written`."""
    factories.DataSourceFactory(key="telephony", format="interactions_csv", site=site)
    monkeypatch.setattr(settings, "WATCH_FOLDER", str(tmp_path))
    monkeypatch.setattr(tasks, "ring", lambda task, *ids: None)
    cache.clear()
    made = tmp_path / "telephony"
    made.mkdir()
    return made


def written(folder: Path, name: str = "night.csv", text: str = FILE, age_s: float = 60) -> Path:
    path = folder / name
    path.write_text(text)
    then = time.time() - age_s
    os.utime(path, (then, then))
    return path


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_that_two_looks_found_the_same_is_taken_stored_and_put_aside(folder: Path) -> None:
    written(folder)
    assert watched.look() == []
    [run] = watched.look()
    assert names(folder) == [f"taken/{run}_night.csv"]
    ingest.store(run)
    assert watched.look() == []
    assert names(folder) == [f"done/{run}_night.csv"]
    assert Interaction.objects.count() == 1


def test_a_file_that_still_grows_waits(folder: Path) -> None:
    written(folder, text=FILE[:20])
    watched.look()
    written(folder)
    assert watched.look() == []
    assert len(watched.look()) == 1


@pytest.mark.parametrize("name", ["night.csv.part", ".night.csv", "night.tmp"])
def test_what_is_named_as_unfinished_waits(folder: Path, name: str) -> None:
    written(folder, name)
    watched.look()
    assert watched.look() == []


def test_a_file_touched_a_moment_ago_waits(folder: Path) -> None:
    written(folder, age_s=1)
    watched.look()
    assert watched.look() == []


def test_a_link_leads_nowhere(folder: Path, tmp_path: Path) -> None:
    secret = written(tmp_path, "secret.csv")
    (folder / "night.csv").symlink_to(secret)
    watched.look()
    assert watched.look() == []


def test_a_file_that_is_refused_lies_with_its_reason(folder: Path) -> None:
    written(folder, text="when;who\n1;2\n")
    watched.look()
    [run] = watched.look()
    ingest.store(run)
    watched.look()
    assert names(folder) == [f"failed/{run}_night.csv", f"failed/{run}_night.csv.reason.txt"]
    assert "external_id" in (folder / f"failed/{run}_night.csv.reason.txt").read_text()


def test_a_folder_that_is_no_source_says_so(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    written(tmp_path / "nothing")
    watched.look()
    watched.look()
    assert "there is no source" in (tmp_path / "nothing/failed/night.csv.reason.txt").read_text()


def test_a_crash_after_the_run_was_opened_takes_the_file_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(folder)
    watched.look()
    with monkeypatch.context() as patch:
        patch.setattr(watched, "_put", _dies)
        with pytest.raises(KeyboardInterrupt):
            watched.look()
    assert watched.look() == []
    run = ImportRun.objects.get()
    assert names(folder) == [f"taken/{run.pk}_night.csv"]
    assert runs.sweep() == []  # it waits since a moment; the sweep rings for it like for any other


def _dies(*args: object) -> None:
    raise KeyboardInterrupt


def test_where_too_much_waits_the_file_waits_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "WAITING", 1)
    factories.ImportRunFactory(source=DataSource.objects.get(), state="queued")
    path = written(folder)
    watched.look()
    assert watched.look() == []
    assert path.exists()


def test_nothing_is_watched_unless_a_folder_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "WATCH_FOLDER", "")
    written(folder)
    watched.look()
    assert watched.look() == []
