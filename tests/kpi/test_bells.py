"""A bell that is lost: whoever sent a file is answered all the same, its page says that nothing reads it, and the sweep rings again."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from kombu.exceptions import ChannelError
from kombu.exceptions import OperationalError as BrokerError

from kpi import ingest, tasks
from kpi.ingest import runs
from kpi.models import ImportRun
from tests.kpi.ingest_help import contact, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path: Path) -> ImportRun:
    return ingest.open_run(write(tmp_path / "night.csv", [contact("a")]), "interactions_csv")[0]


def broker(monkeypatch: pytest.MonkeyPatch, *answers: Exception | None) -> list[Any]:
    """Every bell meets the next of the answers; the bells that were rung."""
    left, rung = list(answers), []

    def apply_async(ids: tuple[int, ...], **options: object) -> None:
        rung.append(options)
        if left and (error := left.pop(0)):
            raise error

    monkeypatch.setattr(tasks.run_import, "apply_async", apply_async)
    return rung


@pytest.mark.parametrize("error", [BrokerError("timeout"), ChannelError("No space left on device"), NotADirectoryError()])
def test_a_lost_bell_is_no_error_of_the_sender_and_the_first_sweep_rings_again(
    run: ImportRun, monkeypatch: pytest.MonkeyPatch, error: Exception, django_capture_on_commit_callbacks: Any
) -> None:
    broker(monkeypatch, error, error)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.ring(tasks.run_import, run.pk)
    run.refresh_from_db()
    assert (run.state, run.rung_at) == ("queued", None)
    assert (ingest.waits_in_vain(run), ingest.any_waits_in_vain()) == (True, True)
    assert ingest.sweep() == [run.pk]
    run.refresh_from_db()
    assert not ingest.waits_in_vain(run)


def test_a_connection_that_broke_is_made_anew_and_a_broker_that_does_not_answer_is_asked_once(
    run: ImportRun, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung = broker(monkeypatch, BrokerError("connection reset"), None)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.ring(tasks.run_import, run.pk)
    run.refresh_from_db()
    assert (rung, run.rung_at is None) == ([{"retry": False}] * 2, False)
    rung = broker(monkeypatch, BrokerError("timeout"), None)
    monkeypatch.setattr(tasks, "QUICK_S", -1.0)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.ring(tasks.run_import, run.pk)
    assert len(rung) == 1


def test_a_file_waits_in_vain_where_nobody_sweeps_and_not_behind_another_that_is_read(run: ImportRun, tmp_path: Path) -> None:
    assert not ingest.any_waits_in_vain()
    ImportRun.objects.update(rung_at=timezone.now() - runs.SILENCE - timedelta(seconds=1))
    run.refresh_from_db()
    assert ingest.waits_in_vain(run)
    other, _ = ingest.open_run(write(tmp_path / "other.csv", [contact("b")]), "interactions_csv")
    ingest.claim(other.pk)
    assert not ingest.any_waits_in_vain()
    ImportRun.objects.filter(pk=other.pk).update(lease_until=timezone.now() - runs.LEASE)
    assert ingest.any_waits_in_vain()
