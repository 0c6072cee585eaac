"""What records should show is worked out for each contact, and found again in the counts of the small centre."""

import math
from datetime import date
from typing import Any

import polars as pl
import pytest

from kpi.reference.contacts import OTHER_INTENT, TO_VOICE, customers
from kpi.reference.latent import QUALITY, expected, with_chances
from kpi.reference.plan import CHANNELS, INTENTS, MACHINE, UNKNOWN_CUSTOMER
from kpi.reference.timeline import DAY, Timeline
from tests.reference.fixture import *  # noqa: F403

TIMELINE = Timeline(date(2026, 4, 12))
SIZE, LATE = 10_000, 70  # a week with the AI
COMPLAINT = next(place for place, intent in enumerate(INTENTS) if intent.group == "complaint")  # for people only
RESET = next(place for place, intent in enumerate(INTENTS) if intent.code == "password_reset")
LARK, HERON = 0, 6


def contact(*, day: int = 7 * LATE, opened: int = 0, kind: str = "human", intent: int = COMPLAINT, **other: Any) -> dict[str, Any]:
    """A voice contact of Lark's that took a minute; times in seconds from the first one."""
    return {
        "day": day, "opened": opened, "closed": opened + 60, "kind": kind, "intent": intent, "channel": 0, "team": LARK, "site": 0,
        "customer": 1, "again": False, "return_chance": 0.2, "in_vain": False, "abandoned": False, "opener": True, **other,
    }  # fmt: skip


def chances(*contacts: dict[str, Any]) -> pl.DataFrame:
    return with_chances(TIMELINE, pl.DataFrame(contacts), size=SIZE)


def test_who_comes_back_where_no_ai_answers_is_known_to_people_only() -> None:
    [found] = chances(contact())["back_chance"]
    assert found == pytest.approx(0.2 * (1 - UNKNOWN_CUSTOMER))


def test_the_ai_knows_who_comes_back_to_it() -> None:
    """On voice, with one of the three intents of the group: two are for the AI as ever, to the third it may only offer itself."""
    voice = CHANNELS[0]
    may_handle, may_offer = voice.ai_handles * MACHINE.follow_up, voice.ai_offers * MACHINE.follow_up
    taken = (1 - OTHER_INTENT) * may_handle + OTHER_INTENT * (2 * may_handle + may_offer) / 3
    [found] = chances(contact(intent=RESET))["back_chance"]
    assert found == pytest.approx(0.2 * (1 - UNKNOWN_CUSTOMER * (1 - taken)))


def test_some_of_those_whom_the_ai_served_on_chat_call_and_fewer_are_known_there() -> None:
    on_chat = {"intent": RESET, "channel": 1}
    by_ai, by_people = chances(contact(kind="ai", **on_chat), contact(opened=9 * DAY, **on_chat))["back_chance"]
    assert by_ai < by_people
    assert TO_VOICE > 0


def test_every_first_contact_of_the_group_within_a_week_is_that_of_any_customer() -> None:
    others = [contact(opened=2 * DAY), contact(opened=8 * DAY), contact(opened=DAY, again=True), contact(opened=DAY, intent=RESET)]
    first = chances(contact(return_chance=0.0), *others)["back_chance"][0]
    assert first == pytest.approx(1 / customers(SIZE))


def test_a_session_is_false_whose_customer_asked_in_vain_or_was_seen_again() -> None:
    """At Heron nobody is asked afterwards, so that there is no third reason; elsewhere a few say so."""
    heron = contact(intent=RESET, kind="ai", team=HERON, site=1, return_chance=MACHINE.return_contained)
    unasked, asked = chances(heron, contact(opened=9 * DAY, intent=RESET))["false_chance"]
    [seen_again] = chances(heron)["back_chance"]
    assert unasked == pytest.approx(1 - (1 - MACHINE.asked_unreached) * (1 - seen_again))
    assert unasked < asked < MACHINE.false_containment()


def test_the_parts_make_the_whole_as_metrics_md_has_it() -> None:
    rows = chances(*(contact(opened=9 * DAY * place, kind=kind, intent=RESET) for place, kind in enumerate(("human", "hybrid", "ai"))))
    found = expected(TIMELINE, rows)
    assert found["resolution_quality"] == pytest.approx(100 * math.prod(found[name] ** weight for name, weight in QUALITY.items()))
    assert sum(QUALITY.values()) == pytest.approx(1)


@pytest.mark.parametrize("span", ["year_ago", "now"])
@pytest.mark.parametrize("scope", ["all", "cork", "lisbon", "gdansk"])
def test_what_was_counted_is_near_what_was_to_be_expected(reference_truth: dict[str, Any], scope: str, span: str) -> None:
    """Within three and a half standard errors of single draws: eight scopes of three figures are looked at."""
    counted, told = reference_truth["counted"][span][scope], reference_truth["expected"][span][scope]
    alone, reviews = counted["containment"], counted["reviews"]
    pairs = (
        (counted["fcr"]["numerator"], counted["fcr"]["denominator"], told["fcr"]),
        (alone["ai_only"] - alone["false"], alone["ai_only"], told["ai_integrity"]),
    )
    for part, whole, planted in pairs:
        assert abs(part / whole - planted) < 3.5 * math.sqrt(planted * (1 - planted) / whole)
    assert abs(reviews["mean"] - 100 * told["qa"]) < 3.5 * 9 / math.sqrt(reviews["n"])


def test_less_can_be_counted_than_happened(reference_truth: dict[str, Any]) -> None:
    happened = reference_truth["planted"]["false_containment"]
    assert 1 - reference_truth["expected"]["now"]["all"]["ai_integrity"] == pytest.approx(happened - 0.009, abs=0.002)
