"""An export is made once, by whoever holds it; what is left behind is taken up again, and nothing is kept longer than its days."""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from kpi.models import Export
from kpi.printing import runs
from kpi.result import Viewer
from tests import factories

pytestmark = pytest.mark.django_db
EXECUTIVE = Viewer("executive")


@pytest.fixture
def ada(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return factories.UserFactory(username="ada")


def asked(user: User, address: str = "/", form: str = "pdf") -> Export:
    return runs.ask(user, EXECUTIVE, address, form, language="en", title="overview")[0]


def state(export: Export) -> str:
    export.refresh_from_db()
    return export.state


def left_behind(export: Export) -> None:
    Export.objects.filter(pk=export.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_the_same_question_under_way_is_asked_once_and_anew_when_it_has_ended(ada: User) -> None:
    first = asked(ada)
    assert runs.ask(ada, EXECUTIVE, "/", "pdf", language="en", title="") == (first, False)
    assert asked(ada, form="png") != first
    assert runs.claim(first.pk) == 1
    runs.finish(first.pk, 1)
    assert asked(ada) != first


def test_nobody_has_more_than_ten_under_way(ada: User) -> None:
    for number in range(runs.MOST_OPEN):
        asked(ada, f"/?team={number}")
    with pytest.raises(runs.TooMany, match="10 exports of yours are under way"):
        asked(ada, "/?team=99")
    assert asked(factories.UserFactory(username="ben"), "/?team=99")


def test_one_worker_has_it_until_its_lease_runs_out(ada: User) -> None:
    export = asked(ada)
    assert runs.claim(export.pk) == 1
    assert runs.claim(export.pk) is None
    left_behind(export)
    assert runs.claim(export.pk) == 2
    with pytest.raises(runs.Lost):
        runs.keep(export.pk, 1, 50)
    with pytest.raises(runs.Lost):
        runs.finish(export.pk, 1, file="stale.pdf")
    runs.fail(export.pk, 1, "the old worker wakes up")
    assert state(export) == "running"
    runs.keep(export.pk, 2, 50)
    export.refresh_from_db()
    assert (export.progress, export.file) == (50, "")


def test_the_sweep_rings_again_for_what_waits_and_stops_after_three_attempts(ada: User) -> None:
    export = asked(ada)
    assert runs.sweep() == [], "its bell has just rung"
    Export.objects.update(rung_at=timezone.now() - timedelta(minutes=1))
    assert runs.sweep() == [export.pk]
    for attempt in (1, 2, 3):
        assert runs.claim(export.pk) == attempt
        assert runs.sweep() == []
        left_behind(export)
    assert runs.sweep() == []
    assert state(export) == "failed"
    assert export.message.startswith("Stopped after 3 attempts")
    assert runs.claim(export.pk) is None


def test_what_is_given_back_is_taken_again(ada: User) -> None:
    export = asked(ada)
    assert runs.claim(export.pk) == 1
    runs.release(export.pk, 1)
    assert state(export) == "queued"
    assert runs.claim(export.pk) == 2


def test_files_end_after_their_days_and_those_nobody_knows_after_an_hour(ada: User) -> None:
    export, young = asked(ada), asked(ada, "/capacity/")
    for number, item in enumerate((export, young)):
        runs.claim(item.pk)
        (runs.folder() / f"{number}.pdf").write_bytes(b"%PDF")
        runs.finish(item.pk, 1, file=f"{number}.pdf")
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    orphan, arriving = runs.folder() / "orphan.pdf", runs.folder() / "arriving.pdf.part"
    for path in (orphan, arriving):
        path.write_bytes(b"")
    os.utime(orphan, (0, 0))
    (left := runs.folder().parent / "counterweight-print-left").mkdir()
    os.utime(left, (0, 0))
    assert runs.expire() == 1
    assert not left.exists()
    assert sorted(path.name for path in runs.folder().iterdir()) == ["1.pdf", "arriving.pdf.part"]
    assert list(Export.objects.all()) == [young]
    assert runs.folder().stat().st_mode & 0o777 == 0o700


def test_no_name_leads_out_of_the_folder(ada: User) -> None:
    export = asked(ada)
    export.file = "../secret_key"
    assert runs.file_of(export) is None
