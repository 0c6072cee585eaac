"""Each vendor as it documents itself: what is asked, page after page, and what of it is stored."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from kpi import pulls, tasks
from kpi.models import Connection, CustomerAnswer, ImportRun, Interaction, Invitation
from kpi.vendors import amazon_connect
from kpi.vendors._signing import signed
from tests.kpi.pull_help import SECRET, Asked, Reply, Vendor, connected, said, serving, ticket, tickets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site", "clock")]


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    with serving(monkeypatch) as made:
        yield made


def pulled(connection: Connection) -> ImportRun:
    """Fetched and stored."""
    found = pulls.pull(connection.pk)
    assert found.run is not None, found
    tasks.run_import.run(found.run)
    connection.refresh_from_db()
    assert connection.run is None
    return ImportRun.objects.get(pk=found.run)


def test_zendesk_is_asked_for_tickets_with_their_metrics_as_the_owner_of_the_token(vendor: Vendor) -> None:
    vendor.script = [said(tickets(ticket(1, satisfaction_rating={"score": "good", "id": 9}), after="c1"))]
    run = pulled(connected("zendesk_tickets"))
    [asked] = vendor.asked
    assert (asked.path, asked.query["include"], asked.headers["host"]) == (
        "/api/v2/incremental/tickets/cursor.json", "metric_sets", "acme.zendesk.com",
    )  # fmt: skip
    assert base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode() == f"pulls@example.org/token:{SECRET}"
    assert (run.new, Interaction.objects.get().wait_s, CustomerAnswer.objects.count()) == (1, 300, 1)


def test_zendesk_ratings_look_back_two_weeks_for_offers_answered_late(vendor: Vendor) -> None:
    def rating(number: int, score: str) -> dict[str, Any]:
        moments = {"created_at": "2026-04-02T09:00:00Z", "updated_at": "2026-04-03T09:00:00Z"}
        return {"id": number, "ticket_id": number, "score": score, **moments}

    def page(*found: dict[str, Any], after: str = "") -> Reply:
        return said({"satisfaction_ratings": list(found), "meta": {"has_more": bool(after), "after_cursor": after or None}})

    connection = connected("zendesk_ratings")
    vendor.script = [page(rating(1, "good"), after="p2"), page(rating(2, "offered"))]
    pulled(connection)
    assert (CustomerAnswer.objects.count(), Invitation.objects.count()) == (1, 2)
    assert vendor.asked[1].query["page[after]"] == "p2"
    vendor.script = [page(rating(2, "bad"))]
    Connection.objects.update(position={"at": "2026-04-12T00:00:00+00:00"})
    pulled(connection)
    assert vendor.asked[-1].query["start_time"] == str(int(datetime(2026, 3, 29, tzinfo=UTC).timestamp()))
    assert (CustomerAnswer.objects.count(), Invitation.objects.count()) == (2, 2)


def test_freshdesk_tickets_that_move_while_pages_are_counted_are_not_missed(vendor: Vendor) -> None:
    """Three at a time of five; the first changes after its page was read, which lets all later ones slip forward by one."""
    changed = {number: datetime(2026, 4, 2, 9, number, tzinfo=UTC) for number in range(1, 6)}

    def script(asked: Asked) -> Reply:
        since = datetime.fromisoformat(asked.query["updated_since"])
        found = sorted((moment, number) for number, moment in changed.items() if moment >= since)
        start = 3 * (int(asked.query["page"]) - 1)
        made = [
            {"id": n, "created_at": "2026-04-02T08:00:00Z", "updated_at": m.isoformat(), "source": 1, "status": 4, "stats": {}}
            for m, n in found
        ][start : start + 3]
        changed[1] = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
        return said(made, **({"Link": '<https://evil.example/next>; rel="next"'} if len(found) > start + 3 else {}))

    vendor.script = script
    connection = connected("freshdesk_tickets")
    run = pulled(connection)
    assert sorted(Interaction.objects.values_list("external_id", flat=True)) == ["1", "2", "3", "4", "5"]
    assert run.state == "done"
    assert {item.headers["host"] for item in vendor.asked} == {"acme.freshdesk.com"}  # an address is never followed
    assert base64.b64decode(vendor.asked[0].headers["authorization"].removeprefix("Basic ")).decode() == f"{SECRET}:X"
    assert connection.position["at"] == "2026-04-13T07:59:00+00:00"


def test_freshdesk_ratings_come_page_by_page_until_none_is_announced(vendor: Vendor) -> None:
    def rating(number: int) -> dict[str, Any]:
        return {"id": number, "ticket_id": number, "created_at": "2026-04-02T09:00:00Z", "updated_at": "2026-04-02T09:00:00Z",
                "ratings": {"default_question": 103}}  # fmt: skip

    vendor.script = [said([rating(1)], Link='<https://x/2>; rel="next"'), said([rating(2)])]
    assert pulled(connected("freshdesk_ratings")).new == 2
    assert [item.query["page"] for item in vendor.asked] == ["1", "2"]


def test_intercom_is_searched_and_asked_singly_for_what_the_search_leaves_out(vendor: Vendor) -> None:
    def conversation(number: int, **values: Any) -> dict[str, Any]:
        return {"id": str(number), "created_at": 1775120400, "updated_at": 1775124000 + number, "state": "closed",
                "source": {"type": "conversation"}, "contacts": [{"id": "k1"}]} | values  # fmt: skip

    settled = {"ai_agent_participated": True, "ai_agent": {"resolution_state": "confirmed_resolution"}}

    def script(asked: Asked) -> Reply:
        if asked.method == "GET":
            return said(conversation(2, **settled))
        if "starting_after" in json.loads(asked.body)["pagination"]:
            return said({"conversations": [conversation(3)], "pages": {"next": None}})
        first = [conversation(1), conversation(2, ai_agent_participated=True, ai_agent=None)]
        return said({"conversations": first, "pages": {"next": {"page": 2, "starting_after": "WzE="}}})

    vendor.script = script
    run = pulled(connected("intercom_conversations"))
    assert [(item.method, item.path) for item in vendor.asked] == [
        ("POST", "/conversations/search"), ("GET", "/conversations/2"), ("POST", "/conversations/search"),
    ]  # fmt: skip
    assert vendor.asked[0].headers["authorization"] == f"Bearer {SECRET}"
    assert (run.new, Interaction.objects.get(external_id="2").resolved) == (3, True)


def leg(number: int, at: str, **values: Any) -> bytes:
    record = {"ContactId": f"leg{number}", "Channel": "VOICE", "InitiationMethod": "INBOUND", "InitiationTimestamp": at,
              "DisconnectTimestamp": at, "LastUpdateTimestamp": at, "Queue": {"Name": "billing", "EnqueueTimestamp": at}}  # fmt: skip
    return json.dumps(record | values).encode()


class Bucket:
    """S3 with two objects a page."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[str, bytes]] = {}

    def __call__(self, asked: Asked) -> Reply:
        if asked.path != "/records":
            return Reply(self.objects[asked.path.removeprefix("/records/")][1], headers={"Content-Type": "binary/octet-stream"})
        start = int(asked.query.get("continuation-token", "0"))
        keys = sorted(key for key in self.objects if key.startswith(asked.query.get("prefix", "")))
        more = len(keys) > start + 2
        listed = "".join(
            f"<Contents><Key>{key}</Key><LastModified>{self.objects[key][0]}</LastModified><Size>{len(self.objects[key][1])}</Size></Contents>"
            for key in keys[start : start + 2]
        )
        token = f"<NextContinuationToken>{start + 2}</NextContinuationToken>" if more else ""
        space = "http://s3.amazonaws.com/doc/2006-03-01/"
        text = f"<ListBucketResult xmlns='{space}'><IsTruncated>{str(more).lower()}</IsTruncated>{token}{listed}</ListBucketResult>"
        return Reply(f"<?xml version='1.0'?>{text}".encode(), headers={"Content-Type": "application/xml"})


def test_legs_of_a_contact_in_objects_of_two_pulls_are_joined_by_the_second(vendor: Vendor) -> None:
    bucket = Bucket()
    first = leg(1, "2026-04-10T09:00:00Z", NextContactId="leg2")
    bucket.objects = {
        "ctr/a": ("2026-04-10T09:05:00.000Z", leg(9, "2026-04-10T08:00:00Z") + first),  # one directly after the other
        "ctr/b": ("2026-04-10T09:06:00.000Z", gzip.compress(leg(8, "2026-04-10T08:30:00Z"))),
        "ctr/c": ("2026-04-10T09:07:00.000Z", leg(7, "2026-04-10T08:31:00Z")),
        "other/d": ("2026-04-10T09:07:00.000Z", b"not ours"),
    }
    vendor.script = bucket
    connection = connected("amazon_connect", begins_on=date(2026, 4, 10), bucket="records", prefix="ctr/")
    run = pulled(connection)
    assert (run.new, run.rejected) == (3, 1)  # of leg1 the following leg is missing
    assert (
        vendor.asked[0]
        .headers["authorization"]
        .startswith("AWS4-HMAC-SHA256 Credential=pulls@example.org/20260413/eu-central-1/s3/aws4_request")
    )
    asked = len(vendor.asked)
    assert pulls.pull(connection.pk).state == "nothing"  # no object is new: the list is looked at, none is read
    assert len(vendor.asked) == asked + 2
    Connection.objects.update(position={"at": "2026-04-10T09:30:00+00:00"})
    bucket.objects["ctr/e"] = (
        "2026-04-10T10:00:00.000Z",
        leg(2, "2026-04-10T09:10:00Z", InitialContactId="leg1", PreviousContactId="leg1"),
    )
    run = pulled(connection)
    assert (run.new, run.unchanged, run.rejected) == (1, 3, 0)
    assert Interaction.objects.get(external_id="leg1").transfers == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda bucket: Reply(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), "changed"),
        (lambda bucket: Reply(b"<Error><Code>NoSuchBucket</Code></Error>", status=404), "not_found"),
        (lambda bucket: Reply(b"<html></html>"), "changed"),
    ],
    ids=["entities", "no bucket", "page"],
)
def test_a_list_that_is_none_is_refused(vendor: Vendor, change: Any, code: str) -> None:
    vendor.script = lambda asked: change(asked)
    connection = connected("amazon_connect", bucket="records")
    pulls.pull(connection.pk)
    connection.refresh_from_db()
    assert (connection.problem["code"], connection.position) == (code, {})


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(b"x" * 10_000)[:-9], gzip.compress(b"[" * 3_000_000)],
    ids=["ends early", "more than is taken"],
)
def test_an_object_that_cannot_be_unpacked_whole_leaves_nothing(vendor: Vendor, packed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(amazon_connect, "UNPACKED_MOST", 2_000_000)
    bucket = Bucket()
    bucket.objects = {"a": ("2026-04-10T09:05:00.000Z", packed)}
    vendor.script = bucket
    connection = connected("amazon_connect", bucket="records")
    pulls.pull(connection.pk)
    connection.refresh_from_db()
    assert connection.problem["code"] == ("not_gzip" if len(packed) < 100 else "too_large")
    assert ImportRun.objects.count() == 0


def test_requests_are_signed_as_amazon_documents_it() -> None:
    """The two examples of its manual: an object with a range, and a list."""
    now = datetime(2013, 5, 24, tzinfo=UTC)
    mine = {"key": "AKIAIOSFODNN7EXAMPLE", "secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "region": "us-east-1", "now": now}
    host = "examplebucket.s3.amazonaws.com"
    assert signed(host, "/test.txt", {"Range": "bytes=0-9"}, **mine)["Authorization"].endswith(
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    )
    assert signed(host, "/?max-keys=2&prefix=J", {}, **mine)["Authorization"].endswith(
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    )


def test_a_clock_that_goes_by_names_the_moment_up_to_which_everything_is_there(vendor: Vendor) -> None:
    vendor.script = [said([])]
    connection = connected("freshdesk_tickets")
    pulls.pull(connection.pk)
    connection.refresh_from_db()
    assert datetime.fromisoformat(connection.position["at"]) == timezone.now() - pulls.pulling.SETTLED
