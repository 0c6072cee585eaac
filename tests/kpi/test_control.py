"""Control charts by hand, at their edges and by a second route."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi import control

STEADY = [80, 81] * 6  # mean 80.5, every moving range 1


def test_limits_by_hand() -> None:
    found = control.xmr(STEADY)
    assert found is not None
    assert (found.mean, found.mr_bar, found.upper, found.lower, found.mr_upper) == (80.5, 1, 83.16, pytest.approx(77.84), 3.268)
    assert (found.signals, found.mr_out) == (control.Signals((), (), ()), ())


def test_eleven_points_are_no_chart() -> None:
    assert control.xmr(STEADY[:11]) is None
    assert control.xmr(STEADY[:11], control.running_baseline(11)) is None
    assert control.p_chart([1] * 11, [10] * 11) is None
    assert control.share_chart([1] * 11, [10] * 11) is None


def test_frozen_limits_do_not_move_with_what_follows() -> None:
    found = control.xmr([*STEADY, 90, 90, 90], 12)
    assert found is not None
    assert (found.mean, found.upper, found.signals.r1, found.mr_out) == (80.5, 83.16, (12, 13, 14), (12,))


def test_a_declared_stretch_may_lie_anywhere() -> None:
    found = control.xmr([60, 60, *STEADY], range(2, 14))
    assert found is not None
    assert (found.mean, found.mr_bar, found.signals.r1) == (80.5, 1, (0, 1))


def test_a_running_chart_keeps_its_first_twenty_four_points() -> None:
    assert [control.running_baseline(points) for points in (11, 20, 24, 60)] == [11, 20, 24, 24]


@pytest.mark.parametrize(("baseline", "said"), [(11, "12 points in a row"), (13, "outside the 12"), (range(-1, 12), "outside the 12")])
def test_an_impossible_baseline_is_refused(baseline: int | range, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        control.xmr(STEADY, baseline)


def test_a_missing_value_is_refused() -> None:
    with pytest.raises(ValueError, match="leave out periods without data"):
        control.xmr([*STEADY, float("nan")])


@pytest.mark.parametrize("constant", [0.1, 0.7, 1 / 3, 0.0, 1e9])
def test_a_constant_series_has_no_signal(constant: float) -> None:
    found = control.xmr([constant] * 30)
    assert found is not None
    assert found.signals == control.Signals((), (), ())


def test_every_point_that_completes_a_run_is_named() -> None:
    found = control.signals([1] * 10, 0, [-9] * 10, [9] * 10)
    assert found == control.Signals((), (7, 8, 9), ())


def test_a_point_on_the_mean_ends_a_run() -> None:
    assert control.signals([1] * 7 + [0] + [1] * 7, 0, [-9] * 15, [9] * 15).r2 == ()


def test_six_rising_points_are_five_rising_steps() -> None:
    assert control.signals([0, 1, 2, 3, 4, 5, 6], 3, [-9] * 7, [9] * 7).r3 == (5, 6)
    assert control.signals([5, 4, 3, 2, 1, 0], 3, [-9] * 6, [9] * 6).r3 == (5,)
    assert control.signals([0, 1, 2, 3, 3, 4, 5], 3, [-9] * 7, [9] * 7).r3 == ()


def test_a_point_on_the_limit_is_inside() -> None:
    assert control.signals([9, -9, 10], 0, [-9] * 3, [9] * 3).r1 == (2,)


@settings(deadline=None)
@given(st.lists(st.integers(-5, 5), min_size=12, max_size=60))
def test_signals_and_limits_are_those_of_rolling_windows(x: list[int]) -> None:
    found, series = control.xmr(x), pd.Series(x, dtype=float)
    assert found is not None
    moves = series.diff().abs()
    assert found.upper == pytest.approx(series.mean() + 2.66 * moves.mean())
    side, step = np.sign(series * len(x) - sum(x)), np.sign(series.diff())
    assert found.signals.r2 == tuple(np.flatnonzero(side.rolling(8).sum().abs() == 8))
    assert found.signals.r3 == tuple(np.flatnonzero(step.rolling(5).sum().abs() == 5))
    assert found.mr_out == tuple(np.flatnonzero(moves > 3.268 * moves.mean() + 1e-9))


def test_limits_of_shares_by_hand() -> None:
    found = control.p_chart([10] * 12, [100] * 12)
    assert found is not None  # 3 sqrt(0.1 x 0.9 / 100) = 0.09
    assert (found.p_bar, found.upper[0], found.lower[0]) == (0.1, pytest.approx(0.19), pytest.approx(0.01))


def test_a_small_week_has_wide_limits() -> None:
    found = control.p_chart([10] * 12 + [2], [100] * 12 + [4], 12)
    assert found is not None
    assert (found.upper[12], found.lower[12], found.signals.r1) == (pytest.approx(0.55), 0, ())
    assert found.upper[0] == pytest.approx(0.19)


def test_shares_that_jump_more_than_chance_get_wider_limits() -> None:
    # z = (0.4 - 0.5) / 0.005 = -20 and +20 in turn: sigma_z = 40 / 1.128
    d = [4000, 6000] * 6
    found = control.share_chart(d, [10_000] * 12)
    assert found is not None
    assert found.sigma_z == pytest.approx(40 / 1.128)
    assert found.signals.r1 == ()
    plain = control.p_chart(d, [10_000] * 12)
    assert plain is not None
    assert len(plain.signals.r1) == 12


def test_shares_within_chance_keep_the_plain_chart() -> None:
    found = control.share_chart([50] * 12, [100] * 12)
    assert found is not None
    assert found.sigma_z is None
    narrow = control.laney([50] * 12, [100] * 12)
    assert narrow is not None
    assert narrow.sigma_z == 0


def test_all_of_all_has_limits_of_no_width() -> None:
    found = control.share_chart([100] * 12, [100] * 12)
    assert found is not None
    assert (found.upper[0], found.lower[0], found.signals.r1) == (1, 1, ())


@settings(deadline=None)
@given(st.lists(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=12, max_size=40))
def test_the_other_share_has_the_mirrored_chart(counts: list[tuple[int, int]]) -> None:
    d, n = [k for k, _ in counts], [whole for _, whole in counts]
    one, other = control.laney(d, n), control.laney([whole - k for k, whole in counts], n)
    assert one is not None
    assert other is not None
    assert one.upper == pytest.approx([1 - low for low in other.lower])
    assert one.sigma_z == pytest.approx(other.sigma_z)


@pytest.mark.parametrize(("d", "n", "said"), [([3], [2], "3 of 2"), ([0], [0], "leave out periods"), ([1, 2], [3], "as many totals")])
def test_impossible_shares_are_refused(d: list[int], n: list[int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        control.laney(d, n)
