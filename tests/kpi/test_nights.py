"""The night as steps: begun once, in order, taken up where it was left, and stopped only where it has to be."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from kpi import night, nights
from kpi.models import Night, NightStep
from kpi.nights import running, work
from kpi.timetable import Slot, day_of_night
from tests import factories

pytestmark = pytest.mark.django_db
BEFORE = datetime(2026, 4, 12, 20, 0, tzinfo=UTC)
DAY = date(2026, 4, 13)
ORDER = list(night.STEPS)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch, clock: Any) -> list[str]:
    """Every step only says that it was done; a centre that had its first file yesterday."""
    run = factories.ImportRunFactory(state="done")
    type(run).objects.update(created_at=BEFORE)
    made: list[str] = []

    def working(key: str) -> work.Work:
        return lambda day: made.append(key) or [("nothing", {})]  # type: ignore[func-returns-value]

    for key in ORDER:
        monkeypatch.setitem(running.WORK, key, working(key))  # type: ignore[arg-type]
    return made


def fails(monkeypatch: pytest.MonkeyPatch, key: str, error: Exception) -> None:
    def failing(_day: date) -> night.Said:
        raise error

    monkeypatch.setitem(running.WORK, key, failing)  # type: ignore[arg-type]


def row(key: str) -> NightStep:
    return NightStep.objects.get(night=DAY, step=key)


def test_a_night_does_every_step_once_in_its_order(done: list[str]) -> None:
    assert (nights.tick(), nights.tick(), done) == (len(ORDER), 0, ORDER)
    assert set(night.states(DAY).values()) == {"done"}


def test_a_failed_step_stops_what_needs_it_and_nothing_else_until_a_person_has_it_done_again(
    done: list[str], monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    fails(monkeypatch, "values", work.Failed("differs", n=3))
    nights.tick()
    assert done == [key for key in ORDER if key not in ("values", "restated", "digest")]
    assert night.failed(night.states(DAY)) == ["values"]
    assert night.held_by("digest", night.states(DAY)) == ["values"]
    night.checked(0)
    assert night.why_open(DAY) == ("steps_failed",)
    monkeypatch.setitem(running.WORK, "values", lambda day: [])  # type: ignore[arg-type]
    assert nights.tick() == 0
    assert (nights.again(row("values").pk), nights.again(row("totals").pk)) == (True, False)
    nights.tick()
    assert (done[-2:], night.why_open(DAY)) == (["restated", "digest"], ())


def test_an_error_is_tried_three_times_with_a_wait_and_told_without_its_words(
    done: list[str], monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    fails(monkeypatch, "totals", ValueError("row of zebulon@example.com"))
    for attempt in (1, 2, 3):
        assert row_after_tick("totals").attempt == attempt
        nights.tick()  # not before its time
        clock.shift(running.BACKOFF.total_seconds() * attempt + 1)
    found = row("totals")
    assert (found.state, found.attempt) == ("failed", 3)
    assert night.words_of(found.said) == "it stopped unexpectedly (ValueError); the log says where"
    assert "check" not in done


def row_after_tick(key: str) -> NightStep:
    nights.tick()
    return row(key)


def test_what_waits_for_something_else_has_made_no_attempt(done: list[str], monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    fails(monkeypatch, "imports", work.Later("reading", n=2))
    for _ in range(5):
        assert (row_after_tick("imports").attempt, row("imports").state) == (0, "waiting")
        clock.shift(60)
    assert night.words_of(row("imports").said) == "2 files are still being read"


def test_a_step_whose_worker_died_is_taken_up_when_its_lease_is_over_and_the_late_one_writes_nothing(
    done: list[str], monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    nights.begin(datetime.now(UTC))
    dead = running.claim()
    assert dead is not None
    assert running.claim() is None, "nobody else works on it, and what comes after it waits"
    clock.shift(running.LEASE.total_seconds() + 1)
    nights.tick()
    assert (row("pulls").attempt, done) == (2, ORDER)
    assert running._end(dead, "failed", [("nothing", {})]) == 0
    assert row("pulls").state == "done"


def test_a_step_that_three_times_ended_without_a_word_is_failed(done: list[str], clock: Any) -> None:
    nights.begin(datetime.now(UTC))
    for _ in range(running.ATTEMPTS):
        assert running.claim() is not None
        clock.shift(running.LEASE.total_seconds() + 1)
    nights.tick()
    assert (row("pulls").state, row("imports").state) == ("failed", "done")
    assert night.words_of(row("pulls").said).startswith("each of 3 attempts ended without a word")


def test_what_one_night_left_the_next_one_does(done: list[str], monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    fails(monkeypatch, "imports", work.Later("reading", n=1))
    nights.tick()
    clock.shift(24 * 3600)
    nights.tick()
    assert [found.day for found in Night.objects.all()] == [DAY + timedelta(1), DAY]
    assert night.states(DAY)["totals"] == "left"
    assert not nights.again(row("totals").pk)


def test_the_first_night_is_the_one_after_the_first_file(clock: Any) -> None:
    assert nights.begin(datetime.now(UTC)) is None
    factories.ImportRunFactory()  # at eight, after this night's hour: history is still being loaded
    assert nights.begin(datetime.now(UTC)) is None
    clock.shift(24 * 3600)
    assert nights.begin(datetime.now(UTC)) is not None


def test_the_timetable_says_when_the_night_begins(done: list[str], clock: Any) -> None:
    factories.TimetableEntryFactory(source=None, at=time(22, 0), zone="Europe/Lisbon")
    clock.move_to(datetime(2026, 4, 13, 20, 59, tzinfo=UTC))
    assert night.today() == DAY
    clock.move_to(datetime(2026, 4, 13, 21, 0, tzinfo=UTC))
    assert night.today() == DAY + timedelta(1), "a night that begins in the evening leads to the next morning"


LONDON = Slot(time(1, 30), "Europe/London")


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 3, 28), "2026-03-28T01:30"),
        (date(2026, 3, 29), "2026-03-29T01:30"),  # there is no 01:30: it is 02:30 of summer time
        (date(2026, 3, 30), "2026-03-30T00:30"),
        (date(2026, 10, 25), "2026-10-25T00:30"),  # it comes twice: the first
        (date(2026, 10, 26), "2026-10-26T01:30"),
    ],
)
def test_every_day_has_its_moment_once_whatever_the_clocks_do(day: date, moment: str) -> None:
    found = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert LONDON.moment(day) == found
    assert (LONDON.last(found), LONDON.next(found - timedelta(seconds=1))) == (found, found)
    assert LONDON.last(found - timedelta(seconds=1)) == LONDON.moment(day - timedelta(1))


def test_only_chosen_weekdays_count() -> None:
    mondays = Slot(time(6, 0), "UTC", frozenset({0}))
    assert mondays.last(datetime(2026, 4, 12, 12, tzinfo=UTC)) == datetime(2026, 4, 6, 6, tzinfo=UTC)
    assert mondays.next(datetime(2026, 4, 13, 6, tzinfo=UTC)) == datetime(2026, 4, 20, 6, tzinfo=UTC)
    assert Slot(time(6, 0), "UTC", frozenset()).last(datetime(2026, 4, 12, tzinfo=UTC)) is None
    assert day_of_night(datetime(2026, 4, 12, 23, tzinfo=UTC), "Europe/Lisbon") == date(2026, 4, 13)


def test_many_rows_are_told_with_spaces_between_thousands() -> None:
    assert night.words_of([("deleted", {"n": 76801}), ("error", {"error": "OSError"})]).startswith("76\u202f801 rows deleted; it stopped")
