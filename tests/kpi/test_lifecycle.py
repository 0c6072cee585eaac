"""Trend, phase and the week in which growth stopped."""

from __future__ import annotations

import numpy as np
import pytest

from kpi.lifecycle import displayed_phase, mann_kendall, phase, theil_sen, turning_range, turning_week


def course(*, plateau: int, weeks: int, noise: float, seed: int = 1, fall_from: int = 999) -> list[float | None]:
    """4 % a quarter up to `plateau`, level, and 1.2 % a week down from `fall_from`."""
    week, rng = np.arange(weeks), np.random.default_rng(seed)
    level = 3000 * 1.04 ** (np.minimum(week, plateau) / 13) * 0.988 ** np.maximum(0, week - fall_from)
    return list(level * np.exp(rng.normal(0, noise, weeks)))


def test_a_rising_series_of_four_has_all_six_pairs_rising() -> None:
    found = mann_kendall([1, 2, 3, 4])
    assert (found.s, found.var_s) == (6, pytest.approx(4 * 3 * 13 / 18))


def test_a_straight_line_has_its_own_slope() -> None:
    found = theil_sen([1, 3, 5, 7])
    assert (found.slope, found.intercept, found.low, found.high) == (2, 1, 2, 2)


def test_a_missing_week_is_not_a_week_without_contacts() -> None:
    weekly = course(plateau=99, weeks=26, noise=0.001)
    weekly[20] = None
    assert phase(weekly).phase == "growth"
    assert phase(weekly).n == 25


@pytest.mark.parametrize("length", [0, 1, 11])
def test_fewer_than_twelve_weeks_say_nothing(length: int) -> None:
    weekly: list[float | None] = [100.0] * length
    assert phase(weekly).phase == displayed_phase(weekly).phase == "insufficient"
    assert turning_week(weekly) is None


def test_only_the_last_26_weeks_make_the_phase() -> None:
    weekly = course(plateau=50, weeks=80, noise=0.001)
    assert phase(weekly) == phase(weekly[-26:])


def test_the_displayed_phase_waits_for_four_equal_weeks() -> None:
    level: list[float | None] = [10_000.0 + (week % 3) for week in range(40)]
    changing = next(i for i in range(1, 40) if phase([*level, *(10_000.0 + 120 * j for j in range(1, i + 1))]).phase != "plateau")
    steps = [*level, *(10_000.0 + 120 * j for j in range(1, changing + 4))]
    shown = [displayed_phase(steps[: 40 + i]).phase for i in range(changing - 1, changing + 4)]
    assert shown[:-1] == ["plateau"] * 4
    assert shown[-1] == phase(steps[: 40 + changing + 3]).phase == "growth"


@pytest.mark.parametrize("seed", range(6))
def test_the_week_in_which_growth_stopped_is_found(seed: int) -> None:
    weekly = course(plateau=58, weeks=78, noise=0.004, seed=seed, fall_from=69)
    weekly[48] = None
    weekly[33] = 1800.0  # a holiday
    found = turning_week(weekly)
    assert found is not None
    assert abs(found - 58) <= 3


def test_the_range_of_the_turn_holds_the_planted_week_and_widens_with_noise() -> None:
    widths = []
    for noise in (0.002, 0.02):
        ranges = [turning_range(course(plateau=50, weeks=78, noise=noise, seed=seed)) for seed in range(20)]
        held = [first <= 50 <= last for first, last in filter(None, ranges)]
        assert sum(held) >= 18  # 95 % of 20, and one to spare
        widths.append(sum(last - first for first, last in filter(None, ranges)))
    assert widths[0] * 2 < widths[1]


def test_the_range_of_the_turn_holds_the_week_that_is_named() -> None:
    weekly = course(plateau=58, weeks=78, noise=0.01)
    found, between = turning_week(weekly), turning_range(weekly)
    assert found is not None
    assert between is not None
    assert between[0] <= found <= between[1]


@pytest.mark.parametrize("weekly", [course(plateau=999, weeks=78, noise=0.008), [1000.0] * 15, []])
def test_without_a_turn_there_is_no_range(weekly: list[float | None]) -> None:
    assert turning_range(weekly) is None


def test_growth_that_goes_on_has_no_turn_and_level_contacts_never_had_one() -> None:
    assert turning_week(course(plateau=999, weeks=78, noise=0.008)) is None
    assert turning_week(course(plateau=0, weeks=78, noise=0.008)) is None


def test_a_turn_straight_into_decline_is_a_turn() -> None:
    found = turning_week(course(plateau=40, weeks=78, noise=0.004, fall_from=40))
    assert found is not None
    assert abs(found - 40) <= 2


def test_weeks_below_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        phase([-1.0] * 12)
