"""A phase is that of the contacts, not of the season, and weeks that resemble their neighbours count for less (metrics.md E7, G2)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.tsa.stattools import acf

from kpi.lifecycle import displayed_phase, freed, hamed_rao, mann_kendall, phase, theil_sen


def seasonal(weeks: int, noise: float = 0.01, seed: int = 0) -> list[float | None]:
    """A level of 1000 that the year lifts and lowers by up to 30 %."""
    rng = np.random.default_rng(seed)
    season = 0.3 * np.sin(2 * np.pi * np.arange(weeks) / 52)
    return [float(value) for value in 1000 * np.exp(season + rng.normal(0, noise, weeks))]


def alike(n: int, share: float, seed: int) -> list[float]:
    """A series without any trend in which each week holds `share` of the one before."""
    rng, values = np.random.default_rng(seed), [0.0]
    for _week in range(n - 1):
        values.append(share * values[-1] + float(rng.normal()))
    return [100 + value for value in values]


def test_the_way_out_of_a_season_is_no_growth() -> None:
    weekly = seasonal(118)  # ends on the rising half of the year
    assert phase(weekly[-26:]).phase == "growth"
    assert phase(weekly).phase == displayed_phase(weekly).phase == "plateau"


def test_below_104_weeks_the_season_stays() -> None:
    weekly = seasonal(103)
    assert tuple(freed(weekly)) == tuple(weekly)
    assert tuple(freed(seasonal(104))) != tuple(seasonal(104))


@pytest.mark.parametrize("weeks", [104, 117, 160])
def test_what_is_left_after_the_season_keeps_its_noise(weeks: int) -> None:
    left = np.log([value for value in freed(seasonal(weeks)) if value])[-26:]
    spread = float(np.diff(left).std() / math.sqrt(2))
    assert 0.004 < spread < 0.016, "0.01 went in: none left would be a trend without doubt"


def test_an_unknown_week_stays_unknown() -> None:
    weekly = seasonal(117)
    weekly[100] = None
    assert freed(weekly)[100] is None
    assert phase(weekly).n == 25


def test_the_widening_is_that_of_hamed_and_rao() -> None:
    y = alike(26, 0.8, seed=3)
    slope = theil_sen(y).slope
    ranks = stats.rankdata(np.array(y) - slope * np.arange(26))
    r = acf(ranks, nlags=25, fft=False)
    kept = {lag: r[lag] for lag in range(1, 26) if abs(r[lag]) > 1.96 / math.sqrt(26)}
    expected = 1 + 2 / (26 * 25 * 24) * sum((26 - lag) * (25 - lag) * (24 - lag) * value for lag, value in kept.items())
    assert 1 in kept
    assert hamed_rao(y, slope) == pytest.approx(expected)
    assert mann_kendall(y, expected).var_s == pytest.approx(expected * mann_kendall(y).var_s)


@pytest.mark.parametrize("y", [[1.0, 2.0, 3.0], [5.0] * 20, [1.0, 9.0] * 10, list(range(26))])
def test_weeks_that_do_not_resemble_their_neighbours_widen_nothing(y: list[float]) -> None:
    assert hamed_rao(y, theil_sen(y).slope) == 1.0


def test_series_without_a_trend_are_called_one_less_often() -> None:
    series = [alike(26, 0.7, seed) for seed in range(200)]
    plain = sum(mann_kendall(y).p < 0.05 for y in series)
    corrected = sum(mann_kendall(y, hamed_rao(y, theil_sen(y).slope)).p < 0.05 for y in series)
    assert 0 < corrected < 0.8 * plain, "fewer, though 26 weeks are too short to be rid of all of them"
