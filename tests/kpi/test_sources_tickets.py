"""Zendesk, Intercom, Freshdesk, Salesforce and ServiceNow: a ticket is one contact, whatever number of rows tells of it."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from datetime import UTC, datetime

import pytest

from kpi import registry
from kpi.cells import pseudonym_of
from kpi.source import Refused
from tests.kpi.reading_help import KEY, REAL, read
from tests.kpi.vendor_help import SAMPLES, needs_samples, only, rows, sample, told


def plain(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(newline="") as file:
        return list(csv.DictReader(file))


@needs_samples
def test_the_zendesk_tickets_of_a_connector():
    """Ten tickets of ten ids, two of them deleted; the others are solved or closed."""
    found = sample("zendesk_fivetran/ticket_data.csv", "zendesk_tickets", zone="UTC")
    assert (found.lines, found.joined) == (10, 0)
    assert [(item.column, item.problem) for item in found.rejected] == [("handled_by", "not_a_contact")] * 2
    assert {item.row["id"] for item in found.rejected} == {"1595", "11013"}
    ticket = {row["external_id"]: row for row in found.accepted.iter_rows(named=True)}
    assert set(ticket) == {"16988", "14173", "11071", "1966", "1404", "4721", "6171", "6605"}
    assert ticket["11071"] == {
        "line": 5, "external_id": "11071", "started_at": datetime(2020, 8, 28, 18, 6, 36, tzinfo=UTC), "ended_at": None, "channel": "email",
        "queue": "360006965034", "agent": pseudonym_of("1111", KEY), "customer": pseudonym_of("2222", KEY), "intent": "360002048693",
        "handled_by": None, "wait_s": None, "transfers": None, "resolved": True,
    }  # fmt: skip
    assert found.accepted["resolved"].to_list() == [True] * 8
    assert not {row["assignee_id"] for row in plain("zendesk_fivetran/ticket_data.csv") if row["assignee_id"]} & {
        cell for item in found.rejected for cell in item.row.values()
    }


@needs_samples
def test_moments_of_a_connector_need_the_zone_of_the_source():
    with pytest.raises(Refused, match="its times carry no offset"):
        sample("zendesk_fivetran/ticket_data.csv", "zendesk_tickets")


TICKET = {
    "id": 35436, "created_at": "2026-11-20T09:00:00Z", "updated_at": "2026-11-20T12:00:00Z", "status": "solved", "group_id": None,
    "via": {"channel": "email"}, "assignee_id": 7, "requester_id": 360003529474, "ticket_form_id": 4,
    "metric_set": {"reply_time_in_minutes": {"calendar": 12, "business": 2}, "assignee_stations": 3, "solved_at": "2026-11-20T11:00:00Z"},
    "satisfaction_rating": {"score": "good", "comment": "thanks"},
}  # fmt: skip


def test_a_zendesk_ticket_that_comes_again_counts_as_it_was_last(tmp_path):
    older = {**TICKET, "updated_at": "2026-11-20T10:00:00Z", "status": "open"}
    found = told(tmp_path, "zendesk_tickets", ({"tickets": [TICKET, older]}, {"tickets": [older], "end_of_stream": True}))
    ticket = only(found)
    assert (found.lines, found.joined) == (3, 2)
    assert (ticket["external_id"], ticket["queue"], ticket["wait_s"], ticket["transfers"]) == ("35436", "(none)", 720.0, 2)
    assert (ticket["resolved"], ticket["ended_at"]) == (True, datetime(2026, 11, 20, 11, tzinfo=UTC))
    answer = only(
        told(tmp_path, "zendesk_ticket_ratings", {"tickets": [TICKET, {**TICKET, "id": 2, "satisfaction_rating": {"score": "offered"}}]})
    )
    assert (answer["external_id"], answer["interaction_ref"], answer["score"], answer["scale"]) == ("35436", "35436", 1.0, "thumbs")
    assert registry.source("zendesk_tickets").also == ("zendesk_ticket_ratings",)


def test_zendesk_ratings_are_answers_and_whoever_was_asked_is_an_invitation(tmp_path):
    rating = {
        "id": 1,
        "ticket_id": 9,
        "score": "bad",
        "created_at": "2026-11-20T09:00:00Z",
        "updated_at": "2026-11-21T09:00:00Z",
        "comment": None,
    }
    others = [{**rating, "id": 2, "score": "offered"}, {**rating, "id": 3, "score": "unoffered"}, {**rating, "id": 4, "score": "perhaps"}]
    content = {"satisfaction_ratings": [rating, *others], "count": 4}
    found = told(tmp_path, "zendesk_ratings", content)
    assert [(item.line, item.column, item.problem) for item in found.rejected] == [(4, "score", "unknown_value")]
    assert found.accepted.select("external_id", "score", "scale").rows() == [("1", 0.0, "thumbs")]
    assert found.accepted["answered_at"][0].day == 21
    asked = told(tmp_path, "zendesk_rating_invitations", content)
    assert asked.accepted["external_id"].to_list() == ["1", "2", "4"]


@needs_samples
def test_the_intercom_history_of_a_connector_is_two_conversations():
    """Nine rows, two ids; the last change of both closed them."""
    found = sample("intercom_fivetran/conversation_history_data.csv", "intercom_conversations", zone="UTC")
    assert (found.lines, found.joined, found.rejected) == (9, 7, ())
    assert found.accepted.select("external_id", "channel", "queue", "resolved", "handled_by").rows() == [
        ("156643300001311", "conversation", "(none)", True, None), ("156643300001372", "conversation", "(none)", True, None),
    ]  # fmt: skip
    active = [row for row in plain("intercom_fivetran/conversation_history_data.csv") if row["_fivetran_active"] == "true"]
    assert found.accepted["agent"].to_list() == [pseudonym_of(row["assignee_id"], KEY) for row in active]
    assert found.accepted["customer"].to_list() == [pseudonym_of(row["source_author_id"], KEY) for row in active]
    ratings = sample("intercom_fivetran/conversation_history_data.csv", "intercom_ratings", zone="UTC")
    assert (ratings.lines, ratings.accepted.height) == (0, 0)


def conversation(ref: str, **values: object) -> dict[str, object]:
    made = {
        "id": ref, "created_at": 1795000000, "updated_at": 1795000600, "state": "closed", "source": {"type": "conversation"},
        "contacts": {"contacts": [{"id": "5ed93beb"}]}, "team_assignee_id": 123456, "admin_assignee_id": 4077639,
        "ai_agent_participated": False, "statistics": {
            "first_admin_reply_at": 1795000060, "time_to_admin_reply": 60, "count_assignments": 2, "last_close_at": 1795000500,
        },
    }  # fmt: skip
    return {**made, **values}


def test_what_an_ai_agent_assumes_is_no_resolution(tmp_path):
    alone = {"ai_agent_participated": True, "statistics": {"last_close_at": 1795000500}, "admin_assignee_id": None}
    found = told(tmp_path, "intercom_conversations", {"conversations": [
        conversation("person"),
        conversation("assumed", **alone, ai_agent={"resolution_state": "assumed_resolution"}),
        conversation("confirmed", **alone, ai_agent={"resolution_state": "confirmed_resolution"}),
        conversation("both", ai_agent_participated=True, ai_agent={"resolution_state": "escalated"}),
        conversation("open", state="open"),
        conversation("preview", ai_agent={"source_type": "workflow_preview"}),
        conversation("campaign", source={"type": "email", "delivered_as": "automated"}),
    ]})  # fmt: skip
    assert found.accepted.select("external_id", "handled_by", "resolved", "human_requests").rows() == [
        ("person", "human", True, None), ("assumed", "ai", None, None), ("confirmed", "ai", True, None), ("both", "hybrid", True, 1),
        ("open", "human", None, None),
    ]  # fmt: skip
    assert [(item.line, item.problem) for item in found.rejected] == [(6, "not_a_contact"), (7, "not_a_contact")]
    first = found.accepted.row(0, named=True)
    assert (first["started_at"], first["wait_s"], first["transfers"]) == (datetime.fromtimestamp(1795000000, UTC), 60.0, 1)


def test_an_intercom_rating_is_an_answer(tmp_path):
    rated = conversation("a", conversation_rating={"rating": 4, "created_at": 1795000700, "remark": "quick"})
    answer = only(told(tmp_path, "intercom_ratings", {"conversations": [rated, conversation("b")]}))
    assert (answer["interaction_ref"], answer["score"], answer["scale"], answer["comment"]) == ("a", 4.0, "stars5", "quick")


@needs_samples
def test_the_freshdesk_ratings_of_one_ticket_are_two_answers():
    found = sample("transcribed/freshdesk_satisfaction_ratings.json", "freshdesk_ratings")
    assert found.accepted.select("external_id", "interaction_ref", "score", "scale").rows() == [
        ("9001", "123", 3.0, "smiley3"), ("9002", "123", 1.0, "smiley3"),
    ]  # fmt: skip
    assert found.accepted["answered_at"].to_list() == [datetime(2026, 7, 21, 4, minute, tzinfo=UTC) for minute in (15, 16)]


def test_a_freshdesk_code_nobody_knows_is_rejected(tmp_path):
    rating = {"id": 1, "ticket_id": 2, "created_at": "2026-07-21T04:15:00Z", "ratings": {"default_question": 4}}
    assert told(tmp_path, "freshdesk_ratings", [rating]).problems == [(1, "ratings.default_question", "unknown_value")]


def test_a_freshdesk_ticket(tmp_path):
    ticket = {
        "id": 12, "created_at": "2026-11-20T09:00:00Z", "updated_at": "2026-11-21T09:00:00Z", "status": 5, "source": 3, "group_id": 55,
        "responder_id": 1, "requester_id": 2, "type": "Refund", "spam": False,
        "stats": {
            "first_responded_at": "2026-11-20T09:02:30Z", "resolved_at": "2026-11-20T10:00:00Z", "reopened_at": "2026-11-20T11:00:00Z",
        },
    }  # fmt: skip
    found = told(tmp_path, "freshdesk_tickets", [ticket, {**ticket, "id": 13, "spam": True}])
    assert [item.problem for item in found.rejected] == ["not_a_contact"]
    kept = found.accepted.row(0, named=True)
    assert (kept["channel"], kept["queue"], kept["intent"], kept["wait_s"], kept["resolved"]) == ("phone", "55", "Refund", 150.0, True)
    assert (kept["reopened_at"].hour, kept["customer"]) == (11, pseudonym_of("2", KEY))


def test_salesforce_ids_of_two_lengths_are_one_case(tmp_path):
    case = {
        "Id": "500D0000001AbCdEFG", "CreatedDate": "2026-11-20T09:00:00.000+0000", "ClosedDate": "2026-11-20T10:00:00.000+0000",
        "IsClosed": True, "Origin": "Phone", "OwnerId": "005D0000001kim", "Reason": None, "Type": "Bill", "ContactId": "003x",
        "SystemModstamp": "2026-11-20T10:00:00Z",
    }  # fmt: skip
    queued = {**case, "Id": "500D0000001AbCd", "OwnerId": "00GD0000001queue", "IsClosed": False, "SystemModstamp": "2026-11-20T09:00:00Z"}
    found = told(
        tmp_path, "salesforce_cases", {"totalSize": 3, "records": [queued, case, {**case, "Id": "500merged", "MasterRecordId": "500D"}]}
    )
    assert (found.joined, [item.problem for item in found.rejected]) == (1, ["not_a_contact"])
    kept = found.accepted.row(0, named=True)
    assert (kept["external_id"], kept["queue"], kept["intent"], kept["resolved"]) == ("500D0000001AbCd", "(none)", "Bill", True)
    assert kept["agent"] == pseudonym_of("005D0000001kim", KEY)
    alone = only(told(tmp_path, "salesforce_cases", {"records": [queued]}))
    assert (alone["queue"], alone["agent"], alone["resolved"]) == ("00GD0000001queue", None, None)


INCIDENTS = REAL / "incident_event_log_part1.csv.gz"


@needs_samples
def test_the_events_of_the_service_desk_are_joined_into_their_incidents():
    """65 641 events of 10 384 incidents; the plain csv module finds the last event of each."""
    found = read(INCIDENTS, registry.source("servicenow_incident_events"), zone="Europe/Lisbon", rows=20_000)
    events = defaultdict(list)
    with gzip.open(INCIDENTS, "rt", newline="") as file:
        for row in csv.DictReader(file):
            events[row["number"]].append(row)
    last = {number: max(kept, key=lambda row: int(row["sys_mod_count"])) for number, kept in events.items()}
    assert (found.lines, len(events)) == (65_641, 10_384)
    bad = {item.row["number"] for item in found.rejected}
    assert found.accepted.height + found.joined + len(found.rejected) == found.lines
    good = {number: row for number, row in last.items() if number not in bad}
    assert found.accepted.height == len(good)
    kept = {row["external_id"]: row for row in found.accepted.iter_rows(named=True)}
    assert Counter(row["channel"] for row in kept.values()) == Counter(row["contact_type"] for row in good.values())
    assert found.accepted["transfers"].sum() == sum(int(row["reassignment_count"]) for row in good.values())
    assert found.accepted["customer"].null_count() == sum(row["caller_id"] == "?" for row in good.values())
    assert kept["INC0000045"]["started_at"] == datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
    assert kept["INC0000045"]["ended_at"] == datetime(2016, 2, 29, 11, 29, tzinfo=UTC)
    assert (kept["INC0000045"]["queue"], kept["INC0000045"]["intent"], kept["INC0000045"]["resolved"]) == ("Group 56", "Category 55", True)


def test_the_last_event_counts_wherever_it_stands(tmp_path):
    names = ["number", "incident_state", "sys_mod_count", "opened_at", "resolved_at", "closed_at", "contact_type", "assignment_group",
             "assigned_to", "resolved_by", "caller_id", "category", "reassignment_count"]  # fmt: skip
    closed = ["I1", "Closed", "9", "29/2/2016 01:16", "?", "5/3/2016 12:00", "Phone", "?", "?", "kim", "lee", "c", "2"]
    new = ["I1", "New", "0", "29/2/2016 01:16", "?", "5/3/2016 12:00", "Phone", "g", "ann", "kim", "lee", "c", "0"]
    case = only(told(tmp_path, "servicenow_incident_events", rows(names, closed, new), zone="UTC"))
    assert (case["queue"], case["transfers"], case["ended_at"].day, case["agent"]) == ("(none)", 2, 5, pseudonym_of("kim", KEY))
    still = only(told(tmp_path, "servicenow_incident_events", rows(names, new), zone="UTC"))
    assert (still["ended_at"], still["resolved"]) == (None, None)
    with pytest.raises(Refused, match="dates are ambiguous"):
        told(tmp_path, "servicenow_incident_events", rows(names, [cell.replace("29/2", "2/2") for cell in new]), zone="UTC")
