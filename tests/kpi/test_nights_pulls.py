"""The night's first step, with a real vendor and the real import behind it: who is asked, who is not, and what trouble stops."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kpi import night, nights, pulls, steps, tasks
from kpi.models import Connection, ImportRun, Interaction, NightStep, Site
from kpi.nights import running, work
from kpi.pulls import hold
from tests import factories
from tests.kpi.pull_help import Reply, Vendor, connected, said, serving, ticket, tickets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site", "clock")]
DAY = date(2026, 4, 13)
BEFORE = datetime(2026, 4, 12, 20, 0, tzinfo=UTC)
LATER = timedelta(hours=5)
REAL = ("pulls", "imports")


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    with serving(monkeypatch) as made:
        yield made


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What comes after the files are read only says that it was done; a centre that had its first file yesterday."""
    ImportRun.objects.filter(pk=factories.ImportRunFactory(state="done").pk).update(created_at=BEFORE)
    made: list[str] = []

    def working(key: str) -> work.Work:
        return lambda day: made.append(key) or [("nothing", {})]  # type: ignore[func-returns-value]

    for key in night.STEPS:
        if key not in REAL:
            monkeypatch.setitem(running.WORK, key, working(key))  # type: ignore[arg-type]
    return made


def step(key: str) -> NightStep:
    return NightStep.objects.get(night=DAY, step=key)


def said_of(key: str) -> str:
    return night.words_of(step(key).said)


def not_due(kind: str, **values: Any) -> Connection:
    return connected(kind, next_at=timezone.now() + LATER, **values)


def read_the_files() -> None:
    for run in ImportRun.objects.filter(state="queued"):
        tasks.run_import.run(run.pk)


def test_the_night_fetches_what_is_not_due_yet_too_and_waits_until_it_is_read(vendor: Vendor, done: list[str], clock: Any) -> None:
    connection = not_due("zendesk_tickets")
    vendor.script = [said(tickets(ticket(1), ticket(2), after="c1"))]
    assert pulls.due(timezone.now()) == []
    nights.tick()
    assert (step("pulls").state, said_of("pulls")) == ("done", "1 files fetched")
    assert (step("imports").state, said_of("imports"), done) == ("waiting", "1 files are still being read", [])
    read_the_files()
    clock.shift(running.LATER.total_seconds() + 1)
    nights.tick()
    assert (set(night.states(DAY).values()), Interaction.objects.count()) == ({"done"}, 2)
    connection.refresh_from_db()
    assert (connection.position["after"], connection.next_at) == ("c1", timezone.now() + timedelta(seconds=-31, hours=6))


def test_who_is_switched_off_or_has_a_file_that_waits_is_not_asked(vendor: Vendor, done: list[str]) -> None:
    connected("zendesk_tickets", active=False)
    waits = connected("freshdesk_tickets", run=factories.ImportRunFactory(state="queued"))
    busy = connected("zendesk_ratings", lease_until=timezone.now() + LATER)
    nights.tick()
    assert (vendor.asked, said_of("pulls")) == ([], "0 files fetched")
    assert hold.claim(waits.pk, due_only=False) is hold.claim(busy.pk, due_only=False) is None


def test_trouble_of_one_is_named_and_stops_neither_another_nor_the_night(vendor: Vendor, done: list[str], clock: Any) -> None:
    connected("zendesk_tickets"), connected("freshdesk_tickets")
    vendor.script = lambda asked: Reply(status=401) if "zendesk" in asked.headers["host"] else said([])
    nights.tick()
    assert said_of("pulls") == "0 files fetched; 1 sources could not be fetched: zendesk_tickets"
    assert set(night.states(DAY).values()) == {"done"}


def test_a_step_that_fails_altogether_stops_nothing_for_nothing_needs_it(done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that are here are read, and the source that brought none is late in its time."""

    def failing(_day: date) -> night.Said:
        raise work.Failed("no_space")

    monkeypatch.setitem(running.WORK, "pulls", failing)  # type: ignore[arg-type]
    nights.tick()
    assert (night.failed(night.states(DAY)), done) == (["pulls"], [key for key in night.STEPS if key not in REAL])
    assert night.why_open(DAY) == ("check_missing",), "the check was only pretended; nothing else is lacking"


def test_a_night_that_dies_while_it_fetches_fetches_once(
    vendor: Vendor, done: list[str], monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    class Killed(BaseException):
        pass

    def die(name: str) -> None:
        if name == "pull filed":
            raise Killed

    connected("zendesk_tickets")
    vendor.script = [said(tickets(ticket(1), after="c1"))]
    with monkeypatch.context() as patch:
        patch.setattr(steps, "on_step", die)
        with pytest.raises(Killed):
            nights.tick()
    assert (step("pulls").state, len(vendor.asked)) == ("running", 1)
    clock.shift(running.LEASE.total_seconds() + 1)
    nights.tick()
    assert (step("pulls").attempt, said_of("pulls"), len(vendor.asked)) == (2, "0 files fetched", 1)
    read_the_files()
    assert (Interaction.objects.count(), ImportRun.objects.filter(state="done").count()) == (1, 2)


def test_a_vendor_that_told_us_to_wait_is_asked_neither_by_the_night_nor_by_the_timetable(
    vendor: Vendor, done: list[str], site: Site, clock: Any
) -> None:
    connection = connected("zendesk_tickets")
    vendor.script = [Reply(status=429, headers={"Retry-After": "5400"}), said(tickets(ticket(1), after="c1"))]
    assert pulls.pull(connection.pk).state == "problem"
    factories.TimetableEntryFactory(source=connection.source, at=time(8, 30))
    clock.shift(3600)
    nights.tick()
    assert (len(vendor.asked), said_of("pulls")) == (1, "0 files fetched; 1 sources could not be fetched: zendesk_tickets")
    clock.shift(1801)
    assert pulls.pull_due(timezone.now()) == [ImportRun.objects.latest("pk").pk]


@pytest.mark.parametrize(
    ("at", "tried", "hastened"),
    [
        (time(7, 30), None, True),  # its moment has come
        (time(7, 30), timedelta(hours=1), True),  # tried before it
        (time(7, 30), timedelta(minutes=10), False),  # tried since: once for each moment
        (time(8, 30), timedelta(hours=1), False),  # not before half past eight; of yesterday it was tried since
    ],
)
def test_a_moment_of_the_timetable_brings_a_pull_forward_once(vendor: Vendor, at: time, tried: timedelta | None, hastened: bool) -> None:
    connection = not_due("zendesk_tickets", tried_at=timezone.now() - tried if tried else None)
    factories.TimetableEntryFactory(source=connection.source, at=at)
    nights.tick()
    assert pulls.due(timezone.now()) == ([connection.pk] if hastened else [])


def test_the_timetable_hastens_nobody_who_is_switched_off(vendor: Vendor) -> None:
    connection = not_due("zendesk_tickets", active=False)
    factories.TimetableEntryFactory(source=connection.source, at=time(7, 30))
    nights.tick()
    connection.refresh_from_db()
    assert connection.next_at == timezone.now() + LATER
