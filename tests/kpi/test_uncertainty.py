"""Intervals by hand, against the library, and at their edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from kpi import uncertainty as doubt
from kpi.metric import Status

CONFIDENCES = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])


@settings(deadline=None)
@given(st.integers(1, 10_000), CONFIDENCES)
def test_none_of_n_has_low_zero_and_all_of_n_high_one_exactly(n: int, conf: float) -> None:
    assert doubt.wilson(0, n, conf).low == 0
    assert doubt.wilson(n, n, conf).high == 1
    assert 0 < doubt.wilson(0, n, conf).high < 1


@settings(deadline=None)
@given(st.integers(1, 500), st.data(), CONFIDENCES)
def test_wilson_holds_the_share_and_is_the_mirror_image_of_the_other_share(n: int, data: st.DataObject, conf: float) -> None:
    k = data.draw(st.integers(0, n))
    found, mirror = doubt.wilson(k, n, conf), doubt.wilson(n - k, n, conf)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low == pytest.approx(1 - mirror.high, abs=1e-12)


def test_wilson_of_eight_of_ten_by_hand() -> None:
    # centre (0.8 + 3.84146/20)/(1 + 3.84146/10), half 1.95996/1.384146 sqrt(0.016 + 3.84146/400)
    found = doubt.wilson(8, 10)
    assert (found.low, found.high) == (pytest.approx(0.490162, abs=1e-6), pytest.approx(0.943318, abs=1e-6))


@pytest.mark.parametrize(("k", "n"), [(-1, 5), (6, 5), (0, 0), (1, -2)])
def test_a_part_larger_than_the_whole_is_refused_with_a_sentence(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="share"):
        doubt.wilson(k, n)


def test_a_confidence_of_one_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        doubt.wilson(1, 2, conf=1.0)


@settings(deadline=None)
@given(st.integers(1, 200), st.integers(1, 200), st.data())
def test_newcombe_is_that_of_the_library_and_turns_round_with_its_sides(n1: int, n2: int, data: st.DataObject) -> None:
    k1, k2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    found, back = doubt.newcombe(k1, n1, k2, n2), doubt.newcombe(k2, n2, k1, n1)
    low, high = confint_proportions_2indep(k2, n2, k1, n1, method="newcomb", compare="diff")
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))
    assert (found.low, found.high) == (pytest.approx(-back.high, abs=1e-12), pytest.approx(-back.low, abs=1e-12))
    assert found.distinguishable == back.distinguishable


def test_two_estimates_with_overlapping_limits_may_still_differ() -> None:
    before, after = doubt.Interval(50, 47, 53), doubt.Interval(55, 52, 58)
    found = doubt.mover(after, before)
    assert (found.low, found.high) == (pytest.approx(5 - 18**0.5), pytest.approx(5 + 18**0.5))
    assert found.distinguishable


@pytest.mark.parametrize(
    ("n", "low", "high", "status"),
    [
        (0, 0, 1, Status.NO_DATA),
        (4, 0, 1, Status.INSUFFICIENT),
        (5, 0.4, 0.5, Status.SMALL_SAMPLE),
        (29, 0.45, 0.5, Status.SMALL_SAMPLE),
        (30, 0.45, 0.5, Status.OK),
        (1000, 0.4, 0.61, Status.SMALL_SAMPLE),
    ],
)
def test_the_status_of_a_share_follows_its_sample_and_its_width(n: int, low: float, high: float, status: Status) -> None:
    assert doubt.proportion_status(n, low, high) is status


def test_the_status_of_a_mean_is_stricter() -> None:
    assert [doubt.mean_status(n) for n in (0, 9, 10, 29, 30)] == [
        Status.NO_DATA,
        Status.INSUFFICIENT,
        Status.SMALL_SAMPLE,
        Status.SMALL_SAMPLE,
        Status.OK,
    ]


def test_the_most_cautious_of_several_statuses_wins() -> None:
    assert doubt.worst(Status.OK, Status.PARTIAL, Status.PROVISIONAL) is Status.PARTIAL


def test_no_answers_are_no_share_and_four_are_too_few() -> None:
    assert doubt.share(0, 0).status is Status.NO_DATA
    assert (doubt.share(4, 4).value, doubt.share(4, 4).status) == (None, Status.INSUFFICIENT)


def test_a_census_has_no_sampling_error() -> None:
    found = doubt.mean_interval(60, 15, 12, 12)
    assert (found.low, found.high) == (60, 60)


def test_more_answers_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot come from"):
        doubt.mean_se(10, 12, 11)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.lists(st.sampled_from([0, 2.5, 5, 50, 95, 97.5, 100]), min_size=1))
def test_percentiles_are_those_of_numpy(draws: list[float], percents: list[float]) -> None:
    found = doubt.percentiles(np.array(draws), *percents)
    assert found == pytest.approx(np.percentile(draws, percents).tolist(), rel=1e-12, abs=1e-9)


def test_the_geometric_mean_of_four_and_nine_is_six() -> None:
    assert doubt.geometric_mean([4, 9], [1, 1]) == pytest.approx(6)
    assert doubt.geometric_mean([4, None, 9], [1, 5, 1]) == pytest.approx(6)
    assert doubt.geometric_mean([None], [1]) is None


def test_without_errors_the_interval_of_an_index_is_a_point() -> None:
    found = doubt.geometric_mean_interval([4, 9], [0, 0], [1, 1])
    assert found is not None
    assert found.low == pytest.approx(found.high)


def test_thirty_answers_are_needed_for_a_promoter_score() -> None:
    assert doubt.nps(20, 5, 4).status is Status.INSUFFICIENT
    assert doubt.nps(20, 6, 4).value == pytest.approx(100 * 16 / 30)
    assert doubt.nps(40, 0, 0).high == 100


def test_survival_counts_the_censored_as_long_as_they_were_seen() -> None:
    # at 2: 1 of 3 at risk has an event; the one censored at 1 is no longer at risk
    assert doubt.kaplan_meier([1, 2, 3, 4], [0, 1, 0, 0], 2) == pytest.approx(2 / 3)
    assert doubt.kaplan_meier([], [], 7) is None


def test_equal_shares_have_p_one() -> None:
    assert doubt.pooled_p(5, 10, 50, 100) == pytest.approx(1)
    assert doubt.pooled_p(10, 10, 20, 20) == 1
    assert doubt.pooled_p(10, 100, 40, 100) < 1e-5


@settings(deadline=None)
@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_the_wilson_interval_is_that_of_statsmodels(counts: tuple[int, int], conf: float) -> None:
    k, n = counts
    low, high = proportion_confint(k, n, alpha=1 - conf, method="wilson")
    found = doubt.wilson(k, n, conf)
    assert found.low == pytest.approx(low, abs=1e-12)
    assert found.high == pytest.approx(high, abs=1e-12)
