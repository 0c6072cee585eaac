"""A life table of whole days is Kaplan-Meier: scipy and statsmodels say the same of the very records."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight

from kpi.survival import Cohort, survival
from kpi.uncertainty import kaplan_meier, wilson

WEEK = 7
COHORTS = st.lists(
    st.builds(
        lambda events, rest, observed: Cohort(sum(events) + rest, events, observed),
        st.lists(st.integers(0, 6), min_size=WEEK, max_size=WEEK),
        st.integers(0, 40),
        st.integers(0, WEEK),
    ),
    min_size=1,
    max_size=9,
)


def records(cohorts: list[Cohort]) -> tuple[list[int], list[int]]:
    """One by one: how long each was followed, and whether the event was seen."""
    times, seen = [], []
    for cohort in cohorts:
        days = [day for day, count in enumerate(cohort.events, 1) for _ in range(int(count))] + [99] * int(cohort.n - sum(cohort.events))
        times += [min(day, cohort.observed) for day in days]
        seen += [int(day <= cohort.observed) for day in days]
    return times, seen


@given(COHORTS)
def test_two_libraries_give_the_same_share_and_the_same_error(cohorts: list[Cohort]) -> None:
    found = survival(cohorts, WEEK)
    times, seen = records(cohorts)
    if found is None:
        assert not any(time >= WEEK for time in times)
        return
    pairs = list(zip(times, seen, strict=True))
    sample = stats.CensoredData(uncensored=[at for at, event in pairs if event], right=[at for at, event in pairs if not event])
    assert found.curve == pytest.approx(stats.ecdf(sample).sf.evaluate(np.arange(1, WEEK + 1)))
    assert found.value == pytest.approx(kaplan_meier(times, seen, WEEK))
    if 0 < found.value < 1:
        other = SurvfuncRight(times, seen)
        at = np.searchsorted(other.surv_times, WEEK, side="right") - 1
        assert found.se == pytest.approx(other.surv_prob_se[at])


@given(st.lists(st.integers(0, 6), min_size=WEEK, max_size=WEEK), st.integers(1, 40))
def test_where_all_were_followed_it_is_the_plain_share_with_its_interval(events: list[int], rest: int) -> None:
    n = sum(events) + rest
    found = survival([Cohort(n, events, WEEK)], WEEK)
    assert found is not None
    assert found.value == pytest.approx(rest / n)
    assert found.effective_n == pytest.approx(n)
    assert wilson(found.value * found.effective_n, found.effective_n).low == pytest.approx(wilson(rest, n).low)


def test_the_worked_example_by_hand() -> None:
    """Day 1: of 30 at risk 6 come back; then 10 of yesterday are seen no longer: of 16 left 4 come back on day 2."""
    found = survival([Cohort(20, [4, 4], 2), Cohort(10, [2], 1)], 2)
    assert found is not None
    assert found.curve == pytest.approx((24 / 30, 24 / 30 * 12 / 16))
    assert found.se == pytest.approx(0.6 * (6 / (30 * 24) + 4 / (16 * 12)) ** 0.5)
    assert 20 < found.effective_n < 30


@pytest.mark.parametrize(("events", "value"), [([0, 0], 1.0), ([12, 0], 0.0)])
def test_all_or_nothing_is_worth_those_who_were_at_risk(events: list[int], value: float) -> None:
    found = survival([Cohort(12, events, 2)], 2)
    assert found is not None
    assert (found.value, found.effective_n) == (value, 12)


def test_nobody_followed_to_the_end_is_not_known() -> None:
    assert survival([Cohort(50, [5, 0], 1)], 2) is None
    assert survival([], 2) is None


def test_the_impossible_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        Cohort(-1, [], 7)
    with pytest.raises(ValueError, match="3 records cannot have 4"):
        Cohort(3, [4], 7)
    with pytest.raises(ValueError, match="at least one day"):
        survival([], 0)
