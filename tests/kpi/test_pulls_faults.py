"""Vendors that misbehave: the pull waits as told, tries a few times, keeps nothing of what is not whole, and stays where it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from kpi import pulls
from kpi.ingest import inbox
from kpi.models import Connection, ImportRun
from kpi.pulls import asking, hold, wire, words
from tests.kpi.pull_help import Reply, Vendor, connected, said, serving, ticket, tickets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site", "clock")]
GOOD = said(tickets(ticket(1), after="c1"))
METADATA = "http://169.254.169.254/latest/meta-data/"


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    with serving(monkeypatch) as made:
        yield made


def trouble(vendor: Vendor, *replies: Reply) -> Connection:
    """What a connection says after a pull that was answered so; nothing of it may be left."""
    vendor.script = list(replies)
    connection = connected("zendesk_tickets")
    assert pulls.pull(connection.pk).state == "problem"
    connection.refresh_from_db()
    assert (connection.position, connection.lease_until, ImportRun.objects.count()) == ({}, None, 0)
    assert not list(inbox.inbox().glob("*")) if inbox.inbox().is_dir() else True
    return connection


def test_asked_too_often_it_waits_as_long_as_it_is_told(vendor: Vendor) -> None:
    vendor.script = [Reply(status=429, headers={"Retry-After": "12"}), GOOD]
    assert pulls.pull(connected("zendesk_tickets").pk).state == "fetched"
    assert (sum(vendor.waited), len(vendor.asked)) == (12, 2)  # in steps of five seconds, so that the lease is kept


def test_a_long_wait_is_left_to_a_later_pull(vendor: Vendor) -> None:
    connection = trouble(vendor, Reply(status=429, headers={"Retry-After": "3600"}))
    assert (connection.next_at - timezone.now()).total_seconds() == 3600
    assert (len(vendor.asked), vendor.waited) == (1, [])
    assert "wait 3600 seconds" in words.problem_of(connection)


def test_the_last_question_allowed_is_followed_by_a_pause(vendor: Vendor) -> None:
    first = said(tickets(ticket(1), after="c1", over=False), **{"X-Rate-Limit-Remaining": "0"})
    vendor.script = [first, said(tickets(ticket(2), after="c2"))]
    assert pulls.pull(connected("zendesk_tickets").pk).state == "fetched"
    assert sum(vendor.waited) == 60


def test_errors_of_the_vendor_are_tried_five_times_with_growing_and_random_pauses(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "random_share", lambda: 1.0)
    connection = trouble(vendor, Reply(status=503))
    assert (vendor.waited, len(vendor.asked)) == ([1.0, 2.0, 4.0, 5, 3.0], 5)
    assert (connection.problem["code"], connection.failures) == ("vendor_failed", 1)
    pause = (connection.next_at - timezone.now()).total_seconds()
    assert 150 <= pause <= 300
    Connection.objects.update(failures=50)
    pulls.pull(connection.pk)
    connection.refresh_from_db()
    assert hold.AGAIN_MOST_S / 2 <= (connection.next_at - timezone.now()).total_seconds() <= hold.AGAIN_MOST_S


def test_what_passes_does_not_stop_a_pull(vendor: Vendor) -> None:
    vendor.script = [Reply(status=500), Reply(json.dumps(tickets(ticket(1))).encode(), cut=10), GOOD]
    assert pulls.pull(connected("zendesk_tickets").pk).state == "fetched"
    assert len(vendor.asked) == 3


@pytest.mark.parametrize(
    ("reply", "code", "questions"),
    [
        (Reply(status=401), "not_allowed", 1),
        (Reply(status=302, headers={"Location": METADATA}), "redirect", 1),
        (Reply(b"[" * 100_000), "not_json", 1),
        (Reply(b'{"tickets": [{"id": 1'), "not_json", 1),
        (Reply(b""), "not_json", 1),
        (Reply(b"<html>Log in</html>", headers={"Content-Type": "text/html"}), "page_for_people", 1),
        (Reply(json.dumps(tickets(ticket(1))).encode(), cut=10), "cut_off", 5),
        (said({"results": [ticket(1)], "end_of_stream": True}), "changed", 1),
        (said({"tickets": [{"ticket_id": 1}], "end_of_stream": True}), "changed", 1),
        (said([ticket(1)]), "changed", 1),
        (said(tickets(ticket(1), over=False)), "changed", 1),
        (said(tickets(ticket(1), after="c1", over=False)), "loop", 2),
    ],
    ids=["401", "redirect inside", "deep", "cut JSON", "empty", "log-in page", "cut body", "renamed list", "renamed field", "no object",
         "no cursor", "circle"],
)  # fmt: skip
def test_what_is_not_as_documented_is_refused_whole(vendor: Vendor, reply: Reply, code: str, questions: int) -> None:
    connection = trouble(vendor, reply)
    assert (connection.problem["code"], len(vendor.asked)) == (code, questions)
    assert len(words.problem_of(connection)) > 40


def test_an_endless_body_is_stopped_at_the_limit(vendor: Vendor) -> None:
    connection = trouble(vendor, Reply(endless=True))
    assert connection.problem["code"] == "too_large"
    assert "64 MB" in words.problem_of(connection)


def test_a_body_that_drips_is_stopped_in_time(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte comes often enough for every time-out of a socket; the whole answer has one of its own."""
    original = wire.exchange
    monkeypatch.setattr(wire, "exchange", lambda *args: original(*args[:4], 0.1))
    connection = trouble(vendor, Reply(b"[" + b" " * 10_000, pause_s=0.05))
    assert (connection.problem["code"], len(vendor.asked)) == ("slow", 5)


def test_a_file_larger_than_the_site_takes_leaves_nothing(vendor: Vendor, settings: Any) -> None:
    settings.IMPORT_MAX_MB = 1
    connection = trouble(vendor, said(tickets(ticket(1, subject="x" * 1_100_000), after="c1")))
    assert connection.problem["code"] == "file_too_large"


def test_an_error_nobody_foresaw_is_named_by_its_kind_alone(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("Ann Planted, ann@example.org")

    monkeypatch.setattr(asking, "_judge", broken)
    connection = trouble(vendor, GOOD)
    assert connection.problem == {"code": "unexpected", "passing": True, "error": "RuntimeError"}
