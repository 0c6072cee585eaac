"""Genesys, NICE and Five9: conversations, contacts and calls of telephony."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kpi.cells import pseudonym_of
from kpi.source import Refused
from tests.kpi.reading_help import KEY
from tests.kpi.vendor_help import needs_samples, only, rows, sample, told

MASKED = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"


@needs_samples
def test_the_masked_genesys_conversation_asked_for_a_person_and_reached_none():
    """A menu handed over to a queue; no agent takes part in the shortened sample, and a menu is no machine that handled it."""
    found = sample("transcribed/genesys_conversation_detail.json", "genesys_conversations")
    midnight = datetime(2020, 1, 1, tzinfo=UTC)
    assert only(found) == {
        "line": 1, "external_id": MASKED, "started_at": midnight, "ended_at": midnight, "channel": "voice", "queue": MASKED, "agent": None,
        "customer": pseudonym_of(MASKED, KEY), "intent": None, "handled_by": None, "abandoned": True, "wait_s": None, "talk_s": None,
        "hold_s": None, "wrap_s": None, "transfers": None, "human_requested_at": midnight, "human_reached_at": None,
    }  # fmt: skip


AT = "2026-11-20T09:{}Z"


def part(purpose: str, *segments: tuple[str, str, str], metrics: dict[str, Any] | None = None, **values: Any) -> dict[str, Any]:
    made = [{"segmentType": kind, "segmentStart": AT.format(start), "segmentEnd": AT.format(end)} for kind, start, end in segments]
    session = {
        "mediaType": "voice",
        "segments": made,
        "metrics": [{"name": name, "value": number} for name, number in (metrics or {}).items()],
    }
    return {"purpose": purpose, "sessions": [{**session, **values.pop("session", {})}], **values}


def conversation(*parts: dict[str, Any], **values: Any) -> dict[str, Any]:
    made = {"conversationId": "c1", "conversationStart": "2026-11-20T09:00:00.000Z", "conversationEnd": "2026-11-20T09:09:00.000Z"}
    return {**made, "originatingDirection": "inbound", "participants": list(parts), **values}


CUSTOMER = part("customer", ("interact", "00:00", "09:00"), externalContactId="kim", session={"ani": "tel:+15555550100"})
QUEUE = part("acd", ("interact", "00:30", "01:00"), metrics={"tAcd": 30000, "nOffered": 1})
QUEUE["sessions"][0]["segments"][0]["queueId"] = "q1"
AGENT = part(
    "agent",
    ("alert", "00:55", "01:00"),
    ("interact", "01:00", "04:00"),
    userId="lee",
    metrics={"tTalk": 120500, "tHeld": 1000, "tAcw": 9000},
)
AGENT["sessions"][0]["segments"][1]["wrapUpCode"] = "refund"
SECOND = part("agent", ("interact", "05:00", "09:00"), userId="ann", metrics={"tTalk": 60000})
SECOND["sessions"][0]["segments"][0]["wrapUpCode"] = "ININ-WRAP-UP-TIMEOUT"
BOT = part("botflow", ("interact", "00:00", "00:30"))


def test_milliseconds_of_several_agents_are_added_up_as_seconds(tmp_path):
    found = only(told(tmp_path, "genesys_conversations", {"conversations": [conversation(CUSTOMER, BOT, QUEUE, AGENT, SECOND)]}))
    assert (found["talk_s"], found["hold_s"], found["wrap_s"], found["wait_s"]) == (180.5, 1.0, 9.0, 30.0)
    assert (found["handled_by"], found["abandoned"], found["queue"], found["intent"]) == ("hybrid", False, "q1", "refund")
    assert (found["agent"], found["customer"]) == (pseudonym_of("ann", KEY), pseudonym_of("kim", KEY))
    assert (found["human_requested_at"].second, found["human_reached_at"].minute) == (30, 1)


def test_who_handled_a_genesys_conversation(tmp_path):
    cases = {
        "bot": (CUSTOMER, BOT), "queued": (CUSTOMER, BOT, QUEUE), "person": (CUSTOMER, QUEUE, AGENT), "left": (CUSTOMER, QUEUE),
        "menu": (CUSTOMER, part("ivr", ("system", "00:00", "00:10"))),
    }  # fmt: skip
    pages = tuple({"conversations": [conversation(*parts, conversationId=name)]} for name, parts in cases.items())
    found = told(tmp_path, "genesys_conversations", pages)
    assert found.accepted.select("external_id", "handled_by", "abandoned").rows() == [
        ("bot", "ai", False), ("queued", "ai", True), ("person", "human", False), ("left", None, True), ("menu", None, True),
    ]  # fmt: skip


def test_a_conversation_that_comes_again_counts_once_and_a_call_out_has_no_customer(tmp_path):
    still = conversation(CUSTOMER, QUEUE)
    del still["conversationEnd"]
    over = conversation(CUSTOMER, QUEUE, AGENT, originatingDirection="outbound")
    found = told(tmp_path, "genesys_conversations", {"conversations": [over, still, still]})
    assert (only(found)["handled_by"], only(found)["customer"], found.joined) == ("human", None, 2)


def test_a_genesys_metric_that_is_no_number_is_rejected_by_name(tmp_path):
    wrong = part("agent", ("interact", "01:00", "04:00"), metrics={"tTalk": "soon"})
    assert told(tmp_path, "genesys_conversations", {"conversations": [conversation(wrong)]}).problems == [(1, "tTalk", "not_a_number")]


VIEW = ["Full Export Completed", "Conversation ID", "Date", "Media Type", "First Queue", "Users", "Initial Direction", "Remote",
        "Total Queue", "Total Talk", "Total Hold", "Total ACW", "Abandoned"]  # fmt: skip


def test_a_genesys_view_with_lists_in_its_cells(tmp_path):
    text = rows(
        VIEW,
        [
            "YES",
            "a",
            "2026-11-20 09:00:00",
            "voice",
            "Care",
            "Kim; Lee",
            "Inbound",
            "+15555550100",
            "0:00:20",
            "0:02:00",
            "0:00:05",
            "0:00:09",
            "NO",
        ],
        ["YES", "b", "2026-11-20 10:00:00", "voice", "", "", "Outbound", "+15555550101", "0:00:20", "", "", "", "YES"],
        ["YES", "c", "2026-11-20 11:00:00", "voice", "Care", "Kim", "Inbound", "", "20000", "", "", "", ""],
        ["", "", "", "", "", "", "", "", "1:00:00", "", "", "", ""],
    )
    found = told(tmp_path, "genesys_view", text, zone="Europe/Lisbon")
    assert found.accepted.select("external_id", "queue", "handled_by", "abandoned", "wait_s", "talk_s", "wrap_s").rows() == [
        ("a", "Care", "human", False, 20.0, 120.0, 9.0), ("b", "(none)", None, True, 20.0, None, None),
    ]  # fmt: skip
    assert found.accepted["agent"].to_list() == [pseudonym_of("Lee", KEY), None]
    assert found.accepted["customer"].to_list() == [pseudonym_of("+15555550100", KEY), None]
    assert [item.problem for item in found.rejected if item.line == 4] == ["not_a_duration"]
    assert {item.problem for item in found.rejected if item.line == 5} == {"missing"}


def test_a_partial_genesys_export_is_refused(tmp_path):
    with pytest.raises(Refused, match="this export is a part; nothing of it is read"):
        told(tmp_path, "genesys_view", rows(VIEW, ["NO", "a", "2026-11-20 09:00:00", "voice", *[""] * 9]), zone="UTC")


@needs_samples
def test_the_documented_nice_contact_to_the_last_value():
    """5 before, 13 in the queue and 277 with the agent are the 295 seconds of the contact; 187 of wrap lie outside."""
    found = only(sample("transcribed/nice_cxone_completed_contacts.json", "nice_cxone_contacts"))
    start = datetime(2016, 9, 13, 16, 29, 31, 443_000, tzinfo=UTC)
    assert found == {
        "line": 1, "external_id": "2789879875", "started_at": start, "ended_at": datetime(2016, 9, 13, 16, 34, 26, 443_000, tzinfo=UTC),
        "channel": "Call", "queue": "Main", "team": "Call Center", "agent": pseudonym_of("999999", KEY),
        "customer": pseudonym_of("5555558888", KEY),
        "intent": "93", "handled_by": "human", "abandoned": False, "wait_s": 13.0, "talk_s": 277.0, "hold_s": 0.0, "wrap_s": 187.0,
        "transfers": 0,
    }  # fmt: skip


def contact(ref: str, **values: str) -> dict[str, str]:
    made = {
        "contactId": ref, "masterContactId": "1", "contactStart": "2026-11-20T09:00:00.000Z", "totalDurationSeconds": "60",
        "mediaTypeName": "Chat", "skillName": "care", "agentId": "7", "agentSeconds": "50", "holdSeconds": "5", "ACWSeconds": "3",
        "inQueueSeconds": "4", "abandoned": "False", "isOutbound": "False", "fromAddr": "kim", "lastUpdateTime": "2026-11-20T10:00:00.000Z",
    }  # fmt: skip
    return {**made, **values}


def page(*contacts: dict[str, str]) -> dict[str, Any]:
    return {"resultSet": {"completedContacts": list(contacts)}}


def test_nice_parts_are_one_contact_under_their_master(tmp_path):
    child = contact("2", contactStart="2026-11-20T09:01:00.000Z", agentId="8", agentSeconds="20", holdSeconds="0")
    found = told(tmp_path, "nice_cxone_contacts", (page(contact("1")), page(child, child)))
    whole = only(found)
    assert (whole["external_id"], whole["talk_s"], whole["hold_s"], whole["wrap_s"], whole["transfers"]) == ("1", 65.0, 5.0, 6.0, 1)
    assert (whole["agent"], whole["ended_at"].minute, found.joined) == (pseudonym_of("8", KEY), 2, 2)
    assert told(tmp_path, "nice_cxone_contacts", page(child)).problems == [(1, "handled_by", "legs_missing")]


def test_a_nice_contact_left_in_the_queue_and_the_word_false(tmp_path):
    left = only(told(tmp_path, "nice_cxone_contacts", page(contact("1", agentId="0", agentSeconds="0", holdSeconds="0", abandoned="True"))))
    assert (left["handled_by"], left["abandoned"], left["agent"]) == (None, True, None)
    wrong = told(tmp_path, "nice_cxone_contacts", page(contact("1", agentSeconds="many")))
    assert [(item.column, item.problem) for item in wrong.rejected] == [("talk", "not_a_number")]


@needs_samples
def test_the_five9_rows_are_dials_that_reached_nobody():
    """Four rows of three calls: Autodial, [None], no talk. None of them is a contact of a customer."""
    found = sample("transcribed/five9_call_log.csv", "five9_call_log", zone="America/Los_Angeles")
    assert (found.lines, found.joined, found.accepted.height) == (4, 0, 0)
    assert [(item.line, item.problem) for item in found.rejected] == [
        (2, "not_a_contact"), (3, "not_a_contact"), (4, "not_a_contact"), (5, "goes_with_another"),
    ]  # fmt: skip
    assert not {"Masked A", "Masked B"} & {cell for item in found.rejected for cell in item.row.values()}


def calls(*lines: str) -> str:
    names = "CALL ID,TIMESTAMP,CAMPAIGN,CALL TYPE,AGENT,DISPOSITION,ANI,CALL TIME,QUEUE WAIT TIME,RING TIME,TALK TIME,HOLD TIME"
    return "\n".join([names + ",AFTER CALL WORK TIME,TRANSFERS,ABANDONED", *lines]) + "\n"


ONE = '7,"Thu, 27 Oct 2016 14:51:34",care,Inbound,kim@x.org,Refund,5555550153,00:03:00,00:00:20,00:00:04,00:02:00,00:00:10,00:00:30,1,0'


def test_copies_of_a_five9_row_count_once_and_legs_are_added(tmp_path):
    leg = ONE.replace("kim", "lee").replace("00:02:00", "00:01:00").replace("00:00:20", "00:00:40")
    found = told(tmp_path, "five9_call_log", calls(ONE, ONE, leg), zone="America/Los_Angeles")
    call = only(found)
    assert (found.lines, found.joined) == (3, 2)
    assert (call["talk_s"], call["hold_s"], call["wrap_s"], call["wait_s"], call["transfers"]) == (180.0, 20.0, 60.0, 24.0, 2)
    assert call["started_at"] == datetime(2016, 10, 27, 21, 51, 34, tzinfo=UTC)
    assert (call["handled_by"], call["abandoned"], call["agent"]) == ("human", False, pseudonym_of("lee@x.org", KEY))


def test_a_five9_moment_needs_the_zone_of_the_domain_and_an_empty_duration_is_unknown(tmp_path):
    with pytest.raises(Refused, match="its times carry no offset"):
        told(tmp_path, "five9_call_log", calls(ONE))
    left = ONE.replace("kim@x.org", "[None]").replace("00:02:00", "").replace(",1,0", ",,1")
    call = only(told(tmp_path, "five9_call_log", calls(left), zone="UTC"))
    assert (call["talk_s"], call["abandoned"], call["handled_by"], call["transfers"]) == (None, True, None, None)
    test = told(tmp_path, "five9_call_log", calls(ONE.replace("Inbound", "Internal")), zone="UTC")
    assert [item.problem for item in test.rejected] == ["not_a_contact"]
