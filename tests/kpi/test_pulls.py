"""A pull: what a vendor has goes through the ordinary import, and where the next one begins moves only when that is stored."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from kpi import ingest, pulls, steps, tasks
from kpi.ingest import inbox
from kpi.models import Connection, ImportRun, Interaction, Site
from kpi.pulls import hold, pulling, sealing
from kpi.vendor import Problem
from tests.kpi.pull_help import SECRET, Asked, Reply, Vendor, connected, said, serving, ticket, tickets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site", "clock")]


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    with serving(monkeypatch) as made:
        yield made


def stored(pulled: pulls.Pulled) -> ImportRun:
    """The run of a pull, carried to its end as the worker does."""
    assert pulled.run is not None, pulled
    tasks.run_import.run(pulled.run)
    return ImportRun.objects.get(pk=pulled.run)


def left() -> list[Path]:
    return list(inbox.inbox().glob("*/*")) if inbox.inbox().is_dir() else []


def test_what_is_fetched_is_imported_and_the_position_moves_when_it_is_stored(vendor: Vendor) -> None:
    vendor.script = [said(tickets(ticket(1), ticket(2), after="c1", over=False)), said(tickets(ticket(3), after="c2"))]
    connection = connected("zendesk_tickets")
    pulled = pulls.pull(connection.pk)
    connection.refresh_from_db()
    assert (connection.position, connection.run_id) == ({}, pulled.run)
    assert pulls.pull(connection.pk).state == "taken"  # one file of a connection at a time
    run = stored(pulled)
    connection.refresh_from_db()
    assert (run.state, run.new, connection.position["after"], connection.run) == ("done", 3, "c2", None)
    assert [item.query.get("cursor", "") for item in vendor.asked] == ["", "c1"]
    assert vendor.asked[0].query["start_time"] == "1775001600"  # 1 April 2026
    assert left() == []


def test_the_next_pull_goes_on_from_there_and_counts_nothing_twice(vendor: Vendor) -> None:
    connection = connected("zendesk_tickets")
    vendor.script = [said(tickets(ticket(1), after="c1"))]
    stored(pulls.pull(connection.pk))
    vendor.script = [said(tickets(ticket(1, updated_at="2026-04-03T09:00:00Z"), ticket(2), after="c2"))]
    run = stored(pulls.pull(connection.pk))
    assert (run.new, run.unchanged, Interaction.objects.count()) == (1, 1, 2)
    vendor.script = [said(tickets(after="c2"))]
    assert pulls.pull(connection.pk).state == "nothing"
    assert ImportRun.objects.count() == 2
    assert vendor.asked[-1].query["cursor"] == "c2"


def test_where_the_file_is_not_stored_the_next_pull_begins_where_this_one_did(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connected("zendesk_tickets")
    vendor.script = [said(tickets(ticket(1), after="c1"))]
    pulled = pulls.pull(connection.pk)
    with monkeypatch.context() as patch:
        patch.setattr(
            steps, "on_step", lambda name: (_ for _ in ()).throw(OSError(28, "No space left")) if name == "import staged" else None
        )
        assert stored(pulled).state == "failed"
    connection.refresh_from_db()
    assert (connection.position, connection.run, connection.problem["code"]) == ({}, None, "run_failed")
    assert stored(pulls.pull(connection.pk)).new == 1
    assert "start_time" in vendor.asked[-1].query


@pytest.mark.parametrize("killed_at", ["pull claimed", "pull fetched", "pull filed"])
def test_a_pull_that_is_killed_is_done_again_and_no_row_counts_twice(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch, killed_at: str
) -> None:
    class Killed(BaseException):
        pass

    def die(name: str) -> None:
        if name == killed_at:
            raise Killed

    connection = connected("zendesk_tickets")
    vendor.script = [said(tickets(ticket(1), ticket(2), after="c1"))]
    monkeypatch.setattr(steps, "on_step", die)
    with pytest.raises(Killed):
        pulls.pull(connection.pk)
    monkeypatch.setattr(steps, "on_step", lambda name: None)
    assert pulls.due(timezone.now()) == []  # its lease has not run out, or its file waits to be stored
    Connection.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    again = pulls.pull(connection.pk)
    run = again.run or ImportRun.objects.get().pk
    tasks.run_import.run(run)
    connection.refresh_from_db()
    assert (connection.position["after"], Interaction.objects.count(), ImportRun.objects.filter(state="done").count()) == ("c1", 2, 1)


def test_who_was_overtaken_opens_no_run(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connected("zendesk_tickets")
    vendor.script = [said(tickets(ticket(1), after="c1"))]

    def overtaken(name: str) -> None:
        if name == "pull fetched":
            Connection.objects.update(attempt=7)

    monkeypatch.setattr(steps, "on_step", overtaken)
    assert pulls.pull(connection.pk).state == "taken"
    assert (ImportRun.objects.count(), left()) == (0, [])


def test_of_two_at_once_one_fetches(vendor: Vendor) -> None:
    connection = connected("zendesk_tickets")
    assert hold.claim(connection.pk, due_only=True) == 1
    assert (pulls.pull(connection.pk).state, vendor.asked) == ("taken", [])


def test_only_what_is_due_is_fetched_and_trouble_of_one_stops_no_other(vendor: Vendor) -> None:
    first, second = connected("zendesk_tickets"), connected("freshdesk_tickets")
    vendor.script = lambda asked: Reply(status=401) if "zendesk" in asked.headers["host"] else said([])
    assert pulls.pull_due(timezone.now()) == []
    assert len(vendor.asked) == 2
    for connection in (first, second):
        connection.refresh_from_db()
    assert (first.problem["code"], first.next_at) == ("not_allowed", timezone.now() + hold.BY_HAND)
    assert (second.problem, second.next_at) == (None, timezone.now() + timedelta(hours=6))
    assert pulls.due(timezone.now()) == []
    Connection.objects.filter(pk=second.pk).update(active=False)
    assert pulls.due(timezone.now(), everything=True) == [first.pk]


def test_what_lies_back_is_fetched_in_stretches_and_empty_ones_are_stepped_over(vendor: Vendor) -> None:
    """Of four weeks in stretches of seven days only the second has a rating."""
    connection = connected("zendesk_ratings", begins_on=date(2026, 3, 16))
    Connection.objects.update(window_days=7)
    rating = {"id": 1, "ticket_id": 5, "score": "good", "created_at": "2026-03-25T09:00:00Z", "updated_at": "2026-03-25T09:00:00Z"}

    def script(asked: Asked) -> Reply:
        here = int(asked.query["start_time"]) <= 1774429200 < int(asked.query["end_time"]) and int(asked.query["end_time"]) < 1774915200 + 1
        return said({"satisfaction_ratings": [rating] if here else [], "meta": {"has_more": False}})

    vendor.script = script
    pulled = pulls.pull(connection.pk)
    stored(pulled)
    connection.refresh_from_db()
    assert (connection.position["at"][:10], connection.more, len(vendor.asked)) == ("2026-03-30", True, 2)
    assert connection.next_at <= timezone.now()


def test_a_pull_that_takes_too_long_ends_at_a_place_to_go_on_from(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connected("zendesk_tickets")
    found = [ticket(n, updated_at=f"2026-04-0{n}T10:00:00Z") for n in (3, 4, 5)]
    vendor.script = lambda asked: said(
        tickets(
            found[int(asked.query.get("cursor", "0"))],
            after=str(int(asked.query.get("cursor", "0")) + 1),
            over=asked.query.get("cursor") == "2",
        )
    )
    original = pulling.begin
    monkeypatch.setattr(pulling, "begin", lambda *args, **kwargs: _short(original(*args, **kwargs)))
    stored(pulls.pull(connection.pk))
    connection.refresh_from_db()
    assert (connection.position["after"], connection.more, Interaction.objects.count()) == ("2", True, 2)
    stored(pulls.pull(connection.pk))
    connection.refresh_from_db()
    assert (connection.position["after"], connection.more, Interaction.objects.count()) == ("3", False, 3)


def _short(fetching: pulling.Fetching) -> pulling.Fetching:
    fetching.pages = 2
    return fetching


def test_a_preview_stores_nothing_and_moves_nothing(vendor: Vendor) -> None:
    connection = connected("zendesk_tickets")
    vendor.script = [said(tickets(ticket(1), ticket(2), after="c1"))]
    outcome = pulls.preview(connection, date(2026, 4, 2))
    assert outcome is not None
    assert outcome.fates.new == 2
    connection.refresh_from_db()
    assert (connection.position, connection.attempt, ImportRun.objects.count(), Interaction.objects.count(), left()) == ({}, 0, 0, 0, [])
    assert pulls.try_connection(connection) == pulls.Tried(2)


def test_a_secret_is_kept_sealed_for_its_host_and_opens_with_a_former_key(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    connection = connected("zendesk_tickets")
    assert SECRET not in connection.sealed
    monkeypatch.setattr(settings, "CONNECTION_KEYS", ["n" * 40, *settings.CONNECTION_KEYS])
    assert sealing.unseal(connection) == SECRET
    sealing.reseal(connection)
    monkeypatch.setattr(settings, "CONNECTION_KEYS", ["n" * 40])
    assert sealing.unseal(connection) == SECRET
    connection.host = "thief.zendesk.com"
    with pytest.raises(Problem, match="other_host"):
        sealing.unseal(connection)
    monkeypatch.setattr(settings, "CONNECTION_KEYS", ["o" * 40])
    with pytest.raises(Problem, match="other_key"):
        sealing.unseal(connection)


def test_a_secret_is_in_no_log_no_row_and_no_file(vendor: Vendor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    connection = connected("zendesk_tickets")
    vendor.script = [Reply(status=401, body=SECRET.encode())]
    pulls.pull(connection.pk)
    vendor.script = [said(tickets(ticket(1), after="c1"))]
    pulls.pull(connection.pk)
    path = Path(ImportRun.objects.get().path)
    rows = [str(list(model.objects.values())) for model in (Connection, ImportRun)]
    told = [caplog.text, path.read_text(), *rows, *(str(vars(record)) for record in caplog.records)]
    assert "authorization" in vendor.asked[0].headers
    assert not any(SECRET in text for text in told)
    ingest.discard(path)
