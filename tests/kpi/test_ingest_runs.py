"""Runs: claimed once, left to others, crashed, repeated and taken back."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from kpi import ingest, steps
from kpi.ingest import runs
from kpi.models import DueDay, DueKey, ImportRun, Interaction, RejectedRow
from kpi.source import Fates, Refused
from tests.kpi.ingest_help import START, Died, contact, due_days, put, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "night.csv"


def test_a_file_that_is_gone_when_its_turn_comes_says_so(file: Path) -> None:
    run, _ = ingest.open_run(write(file, [contact("a")]), "interactions_csv")
    file.unlink()
    assert ingest.store(run.pk).message == "The file is gone: import it again."
    assert ImportRun.objects.get().state == "failed"


def test_a_failed_run_does_not_block_its_file(file: Path) -> None:
    run, _ = ingest.open_run(write(file, [contact("a")]), "interactions_csv")
    ImportRun.objects.update(state="failed")
    again, existed = ingest.open_run(file, "interactions_csv")
    assert (existed, again.pk != run.pk) == (False, True)
    run.refresh_from_db()
    assert not ingest.requeue(run)


def test_a_refused_file_fails_its_run_with_the_sentence(file: Path) -> None:
    outcome = put(file, [{"started_at": START, "channel": "voice", "queue": "q"}])
    assert outcome.state == "failed"
    assert "external_id" in ImportRun.objects.get().message


def test_a_run_is_claimed_once_and_the_second_is_told_it_is_taken(file: Path) -> None:
    run, _ = ingest.open_run(write(file, [contact("a")]), "interactions_csv")
    assert (ingest.claim(run.pk), ingest.claim(run.pk)) == (1, None)
    assert ingest.store(run.pk).state == "taken"


def test_a_worker_that_wakes_up_after_its_run_was_taken_over_writes_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, _ = ingest.open_run(write(file, [contact("a")]), "interactions_csv")

    def taken_over(name: str) -> None:
        if name == "import staged":
            ImportRun.objects.update(attempt=2)

    monkeypatch.setattr(steps, "on_step", taken_over)
    assert ingest.store(run.pk).state == "taken"
    assert (Interaction.objects.count(), ImportRun.objects.get().state) == (0, "running")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [name for name in ingest.STEPS if name != "import published"])
def test_a_crash_at_any_step_stores_all_or_nothing_and_a_repeat_completes(file: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(file, [contact("a"), contact("old")])
    run, _ = ingest.open_run(write(file, [contact("a", talk_s="5"), contact("b"), contact("c", talk_s="x")]), "interactions_csv")

    def die(reached: str) -> None:
        if reached == name:
            raise Died(name)

    monkeypatch.setattr(steps, "on_step", die)
    with pytest.raises(Died):
        ingest.store(run.pk)
    assert Interaction.objects.count() == (3 if name == "import finished" else 2)
    monkeypatch.undo()
    ImportRun.objects.filter(state="running").update(lease_until=timezone.now() - runs.LEASE)
    for waiting in ingest.sweep():
        ingest.store(waiting)
    run.refresh_from_db()
    assert (run.state, run.new, run.changed, run.unchanged, run.rejected) == ("done", 1, 1, 0, 1)
    assert dict(Interaction.objects.values_list("external_id", "talk_s")) == {"a": 5.0, "old": 60.0, "b": 60.0}
    assert RejectedRow.objects.filter(run=run).count() == 1


def test_after_three_attempts_a_run_is_failed_and_says_so(file: Path) -> None:
    run, _ = ingest.open_run(write(file, [contact("a")]), "interactions_csv")
    gone = timezone.now() - runs.LEASE
    ImportRun.objects.update(state="running", attempt=3, lease_until=gone)
    assert ingest.sweep() == []
    run.refresh_from_db()
    assert (run.state, "3 attempts" in run.message) == ("failed", True)


def test_the_sweep_rings_for_what_waits_and_for_what_was_left_behind(file: Path, tmp_path: Path) -> None:
    waits, _ = ingest.open_run(write(file, [contact("a")]), "interactions_csv")
    left, _ = ingest.open_run(write(tmp_path / "b.csv", [contact("b")]), "interactions_csv")
    assert ingest.sweep() == []
    long_ago = timezone.now() - 5 * runs.LEASE
    ImportRun.objects.filter(pk=waits.pk).update(rung_at=long_ago)
    ImportRun.objects.filter(pk=left.pk).update(state="running", attempt=1, lease_until=long_ago)
    assert ingest.sweep() == [waits.pk, left.pk]
    assert ingest.sweep() == [left.pk]


def test_a_clock_put_back_an_hour_leaves_no_file_behind(file: Path, tmp_path: Path) -> None:
    """What was rung and what was leased by the clock of before would otherwise wait until that hour comes again."""
    waits, _ = ingest.open_run(write(file, [contact("a")]), "interactions_csv")
    left, _ = ingest.open_run(write(tmp_path / "b.csv", [contact("b")]), "interactions_csv")
    assert ingest.claim(left.pk) == 1
    assert ingest.sweep() == []
    hour = timedelta(hours=1)
    ImportRun.objects.filter(pk=waits.pk).update(rung_at=timezone.now() + hour)
    ImportRun.objects.filter(pk=left.pk).update(lease_until=timezone.now() + hour + runs.LEASE)
    assert ingest.sweep() == [waits.pk, left.pk]
    assert (ingest.store(waits.pk).state, ingest.store(left.pk).state) == ("done", "done")
    assert Interaction.objects.count() == 2


def test_taking_back_deletes_what_the_file_brought_and_lets_it_be_sent_again(file: Path) -> None:
    put(file, [contact("a")])
    run = put(file, [contact("a", talk_s="5"), contact("b", started_at="2026-03-09T09:00:00Z")]).run
    DueDay.objects.all().delete()
    DueKey.objects.all().delete()
    taken = ingest.take_back(ImportRun.objects.get(pk=run))
    assert (taken.deleted, taken.kept) == (1, 1)
    assert (due_days("interaction"), DueKey.objects.count()) == ({date(2026, 3, 9)}, 1)
    assert dict(Interaction.objects.values_list("external_id", "talk_s")) == {"a": 5.0}
    with pytest.raises(Refused, match="taken_back"):
        ingest.take_back(ImportRun.objects.get(pk=run))
    again, existed = ingest.open_run(file, "interactions_csv")
    assert (existed, ingest.store(again.pk).fates) == (False, Fates(lines=2, new=1, unchanged=1))


def test_nothing_is_left_in_the_connection(file: Path) -> None:
    put(file, [contact("a")])
    catalog = "pg_class WHERE relpersistence = 't' AND relname" if connection.vendor == "postgresql" else "sqlite_temp_master WHERE name"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {catalog} LIKE 'cw_%%'")
        assert cursor.fetchone() == (0,)
