"""Reaching a person, being told it is a machine, even service, freedom to override: by hand and by a second route."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import CompareMeans

from kpi import access
from kpi.access import Bracket, Counts, Group, Intent
from kpi.metric import Status

TIMES = st.lists(st.one_of(st.none(), st.integers(0, 5000)), min_size=1, max_size=60)
QUANTILES = st.sampled_from([0.01, 0.1, 0.5, 0.55, 0.9, 1.0])


def test_a_fifth_handled_by_people_is_neither_good_nor_bad() -> None:
    found = access.handoff(human_handled=2000, contacts=10_000, ai_to_human=600, ai_sessions=8600)
    assert (found.handoff_rate.value, found.ai_transfer_rate.value) == (0.2, pytest.approx(0.0697674, abs=1e-6))
    assert not {"better", "direction", "target"} & {*vars(found), *vars(found.handoff_rate)}


def test_nothing_at_all_is_no_handoff_rate() -> None:
    found = access.handoff(human_handled=0, contacts=0, ai_to_human=0, ai_sessions=40)
    assert (found.handoff_rate.value, found.handoff_rate.status) == (None, Status.NO_DATA)
    assert found.ai_transfer_rate.value == 0


@pytest.mark.parametrize(("part", "whole"), [(3, 2), (-1, 2), (1, 0)])
def test_more_people_than_contacts_are_refused(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="lies between 0 and the whole"):
        access.handoff(human_handled=part, contacts=whole, ai_to_human=0, ai_sessions=0)


def test_disclosure_has_the_wilson_limits_of_the_library() -> None:
    found = access.disclosure(1164, 1200)
    low, high = proportion_confint(1164, 1200, method="wilson")
    assert (found.value, found.low, found.high) == (0.97, pytest.approx(low), pytest.approx(high))


def test_the_unreached_stand_in_the_denominator_of_every_quantile() -> None:
    times = [40, 65, 90, 120, None, None]
    assert access.time_quantile(times, 0.5) == 90  # third of six, not the 77.5 of the four who were reached
    assert access.time_quantile(times, 0.9) is None


def test_reached_after_a_day_is_not_reached_in_the_rate_but_has_its_time() -> None:
    found = access.reachability([100.0, 200.0, 90_000.0, 90_000.0, None])
    assert (found.rate.value, found.median_s, found.p90_s) == (0.4, 90_000, None)


def test_attempts_in_vain_count_for_those_who_were_reached() -> None:
    found = access.reachability([10, 10, 10, 10, None], attempts=[1, 1, 2, 1, 7])
    assert found.attempts_per_reached == 3  # 12 attempts for 4 people reached
    assert access.reachability([None] * 5, attempts=[1] * 5).attempts_per_reached is None


def test_four_requests_are_too_few_for_any_figure() -> None:
    found = access.reachability([10, 20, 30, 40], attempts=[1, 1, 1, 1])
    assert (found.rate.status, found.rate.value) == (Status.INSUFFICIENT, None)
    assert (found.median_s, found.p90_s, found.attempts_per_reached) == (None, None, None)


@pytest.mark.parametrize(
    ("times", "attempts", "limit", "said"),
    [
        ([10.0, -1.0], None, 60.0, "0 seconds or more"),
        ([math.inf], None, 60.0, "None where nobody was reached"),
        ([10.0], None, 0.0, "above 0"),
        ([10.0] * 5, [1, 1], 60.0, "one or more attempts"),
        ([10.0] * 5, [1, 1, 1, 1, 0], 60.0, "one or more attempts"),
    ],
)
def test_impossible_requests_are_refused_with_what_would_be_right(
    times: list[float], attempts: list[int] | None, limit: float, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        access.reachability(times, attempts, limit)


@settings(deadline=None)
@given(TIMES, QUANTILES)
def test_a_quantile_is_that_of_numpy_with_the_unreached_at_infinity(times: list[int | None], q: float) -> None:
    found = access.time_quantile(times, q)
    other = np.quantile([math.inf if time is None else time for time in times], q, method="inverted_cdf")
    assert (math.inf if found is None else found) == other


@settings(deadline=None)
@given(TIMES, QUANTILES)
def test_the_exact_quantile_lies_in_the_bin_that_is_found(times: list[int | None], q: float) -> None:
    edges = [0, 30, 60, 300, 1800, math.inf]
    known = [time for time in times if time is not None]
    counts = [sum(low <= time < high for time in known) for low, high in pairwise(edges)]
    exact, found = access.time_quantile(times, q), access.quantile_from_bins(edges, counts, q, unreached=len(times) - len(known))
    assert (exact is None) == (found is None)
    assert found is None or exact is None or found.low <= exact <= found.high


def test_bins_tell_no_more_than_their_edges() -> None:
    assert access.quantile_from_bins([0, 60, 300, math.inf], [4, 1, 1], 0.5, unreached=2) == Bracket(0, 60)
    assert access.quantile_from_bins([0, 60, 300, math.inf], [4, 1, 1], 0.75, unreached=2) == Bracket(300, math.inf)
    assert access.quantile_from_bins([0, 60, 300, math.inf], [4, 1, 1], 0.9, unreached=2) is None
    assert access.quantile_from_bins([0, 60], [0], 0.5) is None


@pytest.mark.parametrize(
    ("edges", "counts", "q", "unreached", "said"),
    [
        ([0, 60], [1, 2], 0.5, 0, "2 bins have 3 edges"),
        ([0], [], 0.5, 0, "at least one bin"),
        ([0, 60, 60], [1, 2], 0.5, 0, "edges of bins rise"),
        ([-1, 60], [1], 0.5, 0, "edges of bins rise"),
        ([0, 60], [-1], 0.5, 0, "not negative"),
        ([0, 60], [1], 0.5, -1, "not negative"),
        ([0, 60], [1], 0.0, 0, "above 0 and is at most 1"),
    ],
)
def test_impossible_bins_are_refused(edges: list[float], counts: list[int], q: float, unreached: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        access.quantile_from_bins(edges, counts, q, unreached)


def test_a_difference_that_is_only_the_mix_is_no_gap() -> None:
    found = access.equity_gap([Intent(Counts(90, 100), Counts(18, 20)), Intent(Counts(10, 20), Counts(50, 100))])
    assert (found.gap, found.flag) == (pytest.approx(0), False)  # raw: 100/120 against 68/120


def test_a_gap_of_one_intent_is_the_plain_difference_of_two_shares() -> None:
    found = access.equity_gap([Intent(Counts(85, 100), Counts(80, 100))])
    half = stats.norm.ppf(0.975) * math.sqrt(0.85 * 0.15 / 100 + 0.8 * 0.2 / 100)
    assert (found.gap, found.low, found.ratio) == (pytest.approx(0.05), pytest.approx(0.05 - half), pytest.approx(0.8 / 0.85))


def test_a_gap_of_five_points_is_flagged_once_it_is_sure() -> None:
    assert access.equity_gap([Intent(Counts(850, 1000), Counts(800, 1000))]).flag is True
    assert access.equity_gap([Intent(Counts(85, 100), Counts(80, 100))]).flag is False
    assert access.equity_gap([Intent(Counts(84_000, 100_000), Counts(80_000, 100_000))]).flag is False  # sure, but four points


def test_intents_of_one_tier_are_left_out_and_thin_coverage_is_said() -> None:
    shared, alone = Intent(Counts(30, 35), Counts(20, 35)), Intent(Counts(30, 30), Counts(0, 0))
    found = access.equity_gap([shared, alone])
    assert (found.coverage, found.low_coverage, found.p_high) == (0.7, True, pytest.approx(30 / 35))
    assert access.equity_gap([alone]) == access.Gap(Status.NO_DATA, 0.0, True)
    assert access.equity_gap([]) == access.Gap(Status.NO_DATA, None)


def test_a_tier_of_four_contacts_is_not_shown() -> None:
    found = access.equity_gap([Intent(Counts(50, 100), Counts(1, 4))])
    assert (found.status, found.gap, found.flag, found.coverage) == (Status.INSUFFICIENT, None, None, 1.0)


def test_nobody_reached_in_the_high_tier_leaves_no_ratio() -> None:
    assert access.equity_gap([Intent(Counts(0, 100), Counts(10, 100))]).ratio is None


def test_more_reached_than_came_is_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        Counts(3, 2)


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(5, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))] * 2), min_size=1, max_size=5))
def test_the_gap_turns_round_with_the_tiers(pairs: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    one = access.equity_gap([Intent(Counts(*a), Counts(*b)) for a, b in pairs])
    other = access.equity_gap([Intent(Counts(*b), Counts(*a)) for a, b in pairs])
    assert (one.gap, one.low, one.flag) == (pytest.approx(-other.gap), pytest.approx(-other.high), other.flag)


SCORES = st.lists(st.integers(0, 100), min_size=2, max_size=30).filter(lambda scores: len(set(scores)) > 1)


@settings(deadline=None)
@given(SCORES, SCORES)
def test_welch_is_that_of_scipy_and_of_statsmodels(one: list[int], other: list[int]) -> None:
    groups = [Group(float(np.mean(scores)), float(np.std(scores, ddof=1)), len(scores)) for scores in (one, other)]
    found = access.welch(*groups)
    limits = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    second = CompareMeans.from_data(one, other).tconfint_diff(usevar="unequal")
    assert (found.low, found.high) == (pytest.approx(limits.low, abs=1e-6), pytest.approx(limits.high, abs=1e-6))
    assert (found.low, found.high) == (pytest.approx(second[0], abs=1e-6), pytest.approx(second[1], abs=1e-6))


def test_people_who_all_score_alike_leave_no_doubt_about_the_difference() -> None:
    found = access.welch(Group(80, 0, 10), Group(77, 0, 12))
    assert (found.low, found.value, found.high) == (3, 3, 3)


PROMPTS = {"shown": 100, "followed": 60, "dismissed": 25, "ignored": 15}


def test_overriding_without_a_penalty_has_no_signal() -> None:
    found = access.override(**PROMPTS, low=Group(80, 5, 20), high=Group(81, 5, 20))
    assert (found.rate.value, found.penalty_gap, found.penalty_signal, found.penalty_share) == (0.4, -1, False, 0)


def test_nine_people_are_too_few_for_a_penalty_check() -> None:
    found = access.override(**PROMPTS, low=Group(80, 5, 9), high=Group(60, 5, 20))
    assert (found.penalty_gap, found.penalty_signal, found.penalty_share) == (None, None, None)
    assert access.override(**PROMPTS, low=None, high=None).penalty_gap is None


def test_a_clear_penalty_is_a_share_for_the_wellbeing_index() -> None:
    found = access.override(**PROMPTS, low=Group(80, 5, 20), high=Group(72, 5, 20))
    assert (found.penalty_signal, found.penalty_share) == (True, 0.08)


def test_impossible_prompts_and_outcomes_are_refused() -> None:
    with pytest.raises(ValueError, match="not parts of 50 prompts shown"):
        access.override(**(PROMPTS | {"shown": 50}), low=None, high=None)
    with pytest.raises(ValueError, match="between 0 and 100"):
        Group(101, 5, 10)
    with pytest.raises(ValueError, match="at least two people"):
        access.welch(Group(80, 0, 1), Group(80, 5, 20))


def test_thirds_keep_equal_rates_together() -> None:
    # sorted 0, .1, .1 | .2, .3, .4 | .5, .5, .9: the third lowest is .1, the third highest .5
    low, high = access.override_thirds([0.5, 0, 0.1, 0.9, 0.1, 0.2, 0.3, 0.4, 0.5], [50, 90, 80, 60, 70, 1, 2, 3, 40])
    assert (low, high) == (Group(80, 10, 3), Group(50, 10, 3))
    assert access.override_thirds([0.2] * 9, [80] * 9) is None
    assert access.override_thirds([0.1, 0.2], [80, 90]) is None


def test_thirds_of_impossible_rates_are_refused() -> None:
    with pytest.raises(ValueError, match="as many outcomes"):
        access.override_thirds([0.1, 1.2, 0.3], [1, 2, 3])


def test_thirds_of_three_people_have_one_each_without_a_spread() -> None:
    assert access.override_thirds([0.1, 0.2, 0.3], [90, 80, 70]) == (Group(90, 0, 1), Group(70, 0, 1))
