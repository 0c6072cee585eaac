"""Targets that cannot both hold are named, with the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.contradictions import Targets, contradictions

SHARES = st.none() | st.floats(0, 1)
SEED = Targets(ai_resolution=0.6, human_handled_max=0.2, fte_before=100, fte_after=50, throughput_gain=0.3)


def pairs(targets: Targets) -> list[tuple[str, str]]:
    return [(found.first, found.second) for found in contradictions(targets)]


def test_sixty_percent_by_machine_and_at_most_twenty_by_people_leave_twenty_to_nobody() -> None:
    [found] = contradictions(Targets(ai_resolution=0.6, human_handled_max=0.2))
    assert (found.first, found.second) == ("ai_resolution", "human_handled_max")
    assert found.why == (
        "AI leaves 40.0\u202f% of the contacts to people and at most 20.0\u202f% may be handled by people: "
        "20.0\u202f% would be left to nobody"
    )
    assert found.right == "a ceiling of at least 40.0\u202f%, or AI resolution of at least 80.0\u202f%"


def test_where_only_simple_contacts_go_to_the_machine_it_is_worse() -> None:
    [found] = contradictions(Targets(ai_resolution=0.6, simple_share=7 / 12, human_handled_max=0.2))
    assert "AI leaves 65.0\u202f%" in found.why
    assert found.right == "a ceiling of at least 65.0\u202f%, or more contacts given to AI and fewer that come back"


def test_the_founding_texts_contradict_themselves_twice() -> None:
    assert pairs(SEED) == [("ai_resolution", "human_handled_max"), ("fte_after", "human_handled_max")]
    assert "a need of 50 FTE means that people handle 65.0\u202f% of today's work" in contradictions(SEED)[1].why


@pytest.mark.parametrize(
    ("targets", "pair", "right"),
    [
        (Targets(human_handled_min=0.3, human_handled_max=0.2), ("human_handled_min", "human_handled_max"), "floor below the ceiling"),
        (Targets(ai_resolution=0.9, human_handled_min=0.3), ("ai_resolution", "human_handled_min"), "at most 10.0\u202f%"),
        (
            Targets(asked_for_human=0.3, reach_rate_min=0.95, human_handled_max=0.2),
            ("reach_rate_min", "human_handled_max"),
            "at least 28.5\u202f%",
        ),
        (replace(SEED, human_handled_max=None, fte_after=25), ("ai_resolution", "fte_after"), "30.8 FTE"),
    ],
)
def test_each_pair_says_what_would_be_right(targets: Targets, pair: tuple[str, str], right: str) -> None:
    [found] = contradictions(targets)
    assert (found.first, found.second) == pair
    assert right in found.right


def test_targets_that_agree_or_are_not_set_contradict_nothing() -> None:
    assert contradictions(Targets()) == ()
    assert contradictions(Targets(ai_resolution=0.6, human_handled_max=0.4, human_handled_min=0.4)) == ()
    assert contradictions(Targets(asked_for_human=0.2, reach_rate_min=1, human_handled_max=0.2)) == ()
    assert contradictions(replace(SEED, human_handled_max=None)) == ()


@given(SHARES, st.floats(0, 1), st.floats(0, 1), SHARES, SHARES)
def test_a_ceiling_is_met_or_named(resolved: float | None, simple: float, back: float, most: float | None, least: float | None) -> None:
    targets = Targets(
        ai_resolution=resolved, simple_share=simple, returned_share=back, human_handled_max=most, human_handled_min=least
    )  # fmt: skip
    named = ("ai_resolution", "human_handled_max") in pairs(targets)
    assert named == (resolved is not None and most is not None and 1 - simple * resolved * (1 - back) > most + 1e-9)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"human_handled_max": 20}, "human handled max is a share"),
        ({"ai_resolution": -0.1}, "ai resolution is a share"),
        ({"fte_before": 0}, "FTE before cannot be 0"),
        ({"fte_after": -1}, "FTE after cannot be -1"),
        ({"throughput_gain": -2}, "gain of throughput"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(SEED, **wrong)
