"""Amazon Connect: legs become contacts, and half a contact is none."""

from datetime import UTC, datetime
from typing import Any

from kpi.cells import pseudonym_of
from tests.kpi.reading_help import KEY
from tests.kpi.vendor_help import needs_samples, only, sample, told

SECOND = "2026-11-20T09:{}Z"


def leg(ref: str, start: str, end: str, **values: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ContactId": ref, "InitialContactId": None, "PreviousContactId": None, "NextContactId": None, "Channel": "VOICE",
        "InitiationMethod": "INBOUND", "InitiationTimestamp": SECOND.format(start), "DisconnectTimestamp": SECOND.format(end),
        "LastUpdateTimestamp": SECOND.format("30:00"), "CustomerEndpoint": {"Address": "+15555550100"},
    }  # fmt: skip
    return {**made, **values}


def agent(name: str, at: str, talk: int, hold: int = 0, wrap: int = 0) -> dict[str, Any]:
    return {
        "Username": name, "ConnectedToAgentTimestamp": SECOND.format(at), "AgentInteractionDuration": talk, "CustomerHoldDuration": hold,
        "AfterContactWorkDuration": wrap,
    }  # fmt: skip


def queue(name: str, at: str, waited: int) -> dict[str, Any]:
    return {"Name": name, "EnqueueTimestamp": SECOND.format(at), "Duration": waited}


def transferred() -> tuple[dict[str, Any], dict[str, Any]]:
    one = leg("c1", "00:00", "03:00", NextContactId="c2", Queue=queue("care", "00:10", 20), Agent=agent("kim", "00:30", 100, 5, 7))
    two = leg(
        "c2", "03:00", "05:00", InitialContactId="c1", PreviousContactId="c1", InitiationMethod="TRANSFER",
        Queue=queue("billing", "03:00", 40), Agent=agent("lee", "03:40", 60, 0, 3), Attributes={"intent": "refund"},
    )  # fmt: skip
    return one, two


@needs_samples
def test_the_production_record_to_the_last_value():
    """Connected 16:20:16, disconnected 16:20:30: 14 s of talk, 5 s of queue, 10 s of wrap after the end."""
    at = datetime(2020, 3, 31, 16, 20, tzinfo=UTC)
    assert only(sample("transcribed/amazon_connect_contact_record.json", "amazon_connect")) == {
        "line": 1, "external_id": "ee0a8fcc-9cf8-4b9c-9fcf-e86ebe989486", "started_at": at.replace(second=1),
        "ended_at": at.replace(second=30), "channel": "VOICE", "queue": "Chinese CSR", "agent": pseudonym_of("masked.agent", KEY),
        "customer": pseudonym_of("+15555550100", KEY),
        "intent": None, "handled_by": "human", "abandoned": False, "wait_s": 5.0, "talk_s": 14.0, "hold_s": 0.0, "wrap_s": 10.0,
        "transfers": 0, "human_requested_at": at.replace(second=11), "human_reached_at": at.replace(second=16), "value_tier": None,
        "language": None,
    }  # fmt: skip


def test_two_legs_are_one_contact_and_their_times_are_added(tmp_path):
    found = told(tmp_path, "amazon_connect", transferred())
    contact = only(found)
    assert (found.lines, found.joined) == (2, 1)
    assert (contact["external_id"], contact["transfers"], contact["queue"], contact["wait_s"]) == ("c1", 1, "care", 20.0)
    assert (contact["talk_s"], contact["hold_s"], contact["wrap_s"]) == (160.0, 5.0, 10.0)
    assert (contact["started_at"].minute, contact["ended_at"].minute) == (0, 5)
    assert (contact["agent"], contact["intent"]) == (pseudonym_of("lee", KEY), "refund")
    assert contact["human_reached_at"] == datetime(2026, 11, 20, 9, 0, 30, tzinfo=UTC)


def test_a_leg_delivered_again_counts_once_and_the_newest_counts(tmp_path):
    one, two = transferred()
    later = {**two, "LastUpdateTimestamp": SECOND.format("45:00"), "Agent": agent("lee", "03:40", 61)}
    found = told(tmp_path, "amazon_connect", (later, one, two, two))
    assert (only(found)["talk_s"], found.joined) == (161.0, 3)


def test_a_contact_without_all_its_legs_is_rejected_with_those_that_are_there(tmp_path):
    one, two = transferred()
    for alone in (one, two):
        found = told(tmp_path, "amazon_connect", (alone, leg("c9", "06:00", "07:00")))
        assert [(item.line, item.column, item.problem) for item in found.rejected] == [(1, "handled_by", "legs_missing")]
        assert found.rejected[0].expected.startswith("all legs of the contact in one file")
        assert found.accepted["external_id"].to_list() == ["c9"]


def test_who_handled_a_contact(tmp_path):
    bot = {"ChatMetrics": {"ContactMetrics": {"TotalBotMessages": 4}}, "Channel": "CHAT"}
    found = told(tmp_path, "amazon_connect", (
        leg("bot", "00:00", "01:00", **bot),
        leg("both", "00:00", "01:00", **bot, Queue=queue("care", "00:10", 9), Agent=agent("kim", "00:20", 30)),
        leg("asked", "00:00", "01:00", **bot, Queue=queue("care", "00:10", 50)),
        leg("voice bot", "00:00", "01:00", MediaStreams=[{"Type": "AUDIO"}, {"Type": "AUTOMATED_INTERACTION"}]),
        leg("left", "00:00", "01:00", Queue=queue("care", "00:10", 50)),
        leg("menu", "00:00", "00:05"),
    ))  # fmt: skip
    assert found.accepted.select("external_id", "handled_by", "abandoned", "queue").rows() == [
        ("bot", "ai", False, "(none)"), ("both", "hybrid", False, "care"), ("asked", "ai", True, "care"),
        ("voice bot", "ai", False, "(none)"),
        ("left", None, True, "care"), ("menu", None, True, "(none)"),
    ]  # fmt: skip


def test_what_is_no_contact_of_a_customer_is_rejected_by_name_and_a_call_out_has_no_customer(tmp_path):
    found = told(tmp_path, "amazon_connect", (leg("m", "00:00", "01:00", InitiationMethod="MONITOR"), leg("o", "0:00", "1:00")))
    assert ("m", "not_a_contact") in [(item.row["ContactId"], item.problem) for item in found.rejected]
    assert [item.column for item in found.rejected if item.problem == "not_a_time"] == ["InitiationTimestamp", "DisconnectTimestamp"]
    out = leg("o", "00:00", "01:00", InitiationMethod="OUTBOUND", Agent=agent("kim", "00:20", 30))
    assert only(told(tmp_path, "amazon_connect", out))["customer"] is None


def test_an_agents_sentiment_refuses_the_file_and_names_are_gone(tmp_path):
    one, two = transferred()
    found = told(tmp_path, "amazon_connect", (one, {**two, "Channel": None, "InitiationTimestamp": "soon"}))
    assert len(found.rejected) == 2
    assert not {"kim", "lee", "+15555550100"} & {cell for item in found.rejected for cell in item.row.values()}
