"""Limits frozen before data arrive, and every one of the 27 verdicts with its own sentence."""

from datetime import date
from itertools import product

import pytest

from kpi.comparable import differences
from kpi.metric import Period
from kpi.plans.limits import first_after, problems, windows
from kpi.plans.verdicts import ERODED, HELD, UNKNOWN, overall, sentence, state

ALL = list(product((HELD, ERODED, UNKNOWN), repeat=3))
NAMES = ("customer satisfaction", "wellbeing", "resolution quality")
MARGINS = {"csat": 0.02, "awi": 3.0, "rq": 3.0}
WEDNESDAY, MONDAY = date(2026, 2, 4), date(2026, 2, 9)


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        (-0.019, 0.01, HELD), (0.01, 0.05, HELD), (-0.02, 0.01, UNKNOWN), (-0.05, 0.05, UNKNOWN), (-0.05, -0.02, UNKNOWN),
        (-0.05, -0.021, ERODED), (-0.015, -0.005, HELD), (None, None, UNKNOWN), (None, 0.1, UNKNOWN),
    ],
)  # fmt: skip
def test_a_companion_held_or_eroded_only_where_its_whole_interval_says_so(low: float | None, high: float | None, found: str) -> None:
    assert state(low, high, 0.02) == found


def test_each_of_the_27_has_a_sentence_of_its_own() -> None:
    assert len({sentence(states) for states in ALL}) == len(ALL) == 27


@pytest.mark.parametrize("states", ALL, ids="-".join)
def test_a_sentence_says_of_each_companion_what_it_did(states: tuple[str, str, str]) -> None:
    clauses = sentence(states).lower().rstrip(".").split("; ")
    for name, found in zip(NAMES, states, strict=True):
        [clause] = [clause for clause in clauses if name in clause]
        kind = UNKNOWN if clause.startswith("whether") else ERODED if "fell by more than" in clause else HELD
        assert kind == found, (name, clause)
        assert kind != HELD or clause.endswith("held")


def test_one_that_eroded_is_enough_and_only_three_that_held_are_held() -> None:
    found = [overall(states) for states in ALL]
    assert (found.count(HELD), found.count(ERODED), found.count(UNKNOWN)) == (1, 19, 7)


def test_the_week_of_the_start_belongs_to_neither_window_and_both_hold_the_same_days() -> None:
    baseline, after = windows(WEDNESDAY, MONDAY, 4)
    assert baseline == Period(date(2026, 1, 5), date(2026, 2, 2))
    assert after == Period(MONDAY, date(2026, 3, 9))
    assert differences(after, baseline, complete_until=after.end) == ()
    assert first_after(WEDNESDAY) == MONDAY
    assert first_after(MONDAY) == date(2026, 2, 16)


@pytest.mark.parametrize(
    ("after", "weeks", "frozen", "margins", "fields"),
    [
        (MONDAY, 4, date(2026, 2, 8), MARGINS, set()),
        (date(2026, 3, 2), 26, date(2026, 3, 1), MARGINS, set()),
        (MONDAY, 4, MONDAY, MARGINS, {"after_start"}),
        (MONDAY, 4, date(2026, 3, 9), MARGINS, {"after_start"}),
        (date(2026, 2, 10), 4, date(2026, 1, 1), MARGINS, {"after_start"}),
        (date(2026, 2, 2), 4, date(2026, 1, 1), MARGINS, {"after_start"}),
        (MONDAY, 3, date(2026, 2, 8), MARGINS, {"weeks"}),
        (MONDAY, 27, date(2026, 2, 8), MARGINS, {"weeks"}),
        (MONDAY, 4, date(2026, 2, 8), MARGINS | {"csat": 0.0}, {"csat"}),
        (MONDAY, 4, date(2026, 2, 8), MARGINS | {"csat": 2.0}, {"csat"}),
        (MONDAY, 4, date(2026, 2, 8), MARGINS | {"awi": -1.0, "rq": 21.0}, {"awi", "rq"}),
    ],
)
def test_limits_are_frozen_before_the_first_day_they_are_judged_by(
    after: date, weeks: int, frozen: date, margins: dict[str, float], fields: set[str]
) -> None:
    assert set(problems(WEDNESDAY, after, weeks, frozen, margins)) == fields
