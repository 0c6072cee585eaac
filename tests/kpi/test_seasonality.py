"""What may be compared, and what of a series is only the season."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.seasonality import Method, deseasonalised, method_for, seasonality

MONDAY = date(2025, 1, 6)
WEEK = [140, 120, 110, 110, 120, 60, 40]  # mean 100


def yearly(weeks: int, height: float = 0.3) -> list[float]:
    """A level of 1000 that the year lifts and lowers by up to `height` on the log scale."""
    return [1000 * math.exp(height * math.sin(2 * math.pi * week / 52)) for week in range(weeks)]


def test_the_number_of_weeks_decides_the_method() -> None:
    assert [method_for(weeks) for weeks in (7, 8, 103, 104)] == [Method.NONE, Method.WEEKDAY, Method.WEEKDAY, Method.STL]


def test_seven_weeks_are_not_freed_of_anything_and_it_is_said() -> None:
    found = seasonality(MONDAY, WEEK * 7)
    assert (found.method, found.weekday, found.weekly) == (Method.NONE, None, None)
    assert found.says == "not freed of any season: 7 weeks known, weekdays need 8"


def test_weekday_factors_by_hand() -> None:
    found = seasonality(MONDAY, WEEK * 8)
    assert found.weekday == pytest.approx((1.4, 1.2, 1.1, 1.1, 1.2, 0.6, 0.4))
    assert (found.method, found.says) == (Method.WEEKDAY, "freed of weekdays only: 8 weeks known, the year needs 104")


def test_pieces_of_weeks_at_both_ends_do_not_count() -> None:
    assert seasonality(MONDAY - timedelta(2), [999, 999, *WEEK * 8, 999]) == seasonality(MONDAY, WEEK * 8)


def test_a_week_with_an_unknown_day_does_not_count() -> None:
    assert seasonality(MONDAY, [*WEEK * 7, *WEEK[:6], None]).weeks == 7
    assert seasonality(MONDAY, [*WEEK * 8, *WEEK[:6], None]).weekday == pytest.approx(seasonality(MONDAY, WEEK * 8).weekday)


def test_a_holiday_does_not_lower_its_weekday() -> None:
    daily = [0, *WEEK[1:], *WEEK * 8]
    assert seasonality(MONDAY, daily, {MONDAY}).weekday == pytest.approx(seasonality(MONDAY, WEEK * 8).weekday)
    assert seasonality(MONDAY, daily).weekday[0] < 1.4


def test_a_day_that_is_always_closed_has_factor_zero() -> None:
    assert seasonality(MONDAY, [*WEEK[:6], 0] * 8).weekday[6] == 0


def test_no_contacts_at_all_are_no_season() -> None:
    assert seasonality(MONDAY, [0] * 70).method is Method.NONE


@settings(deadline=None)
@given(st.lists(st.integers(1, 500), min_size=56, max_size=84))
def test_weekday_factors_have_mean_one_and_are_those_of_a_grouped_table(daily: list[int]) -> None:
    found, whole = seasonality(MONDAY, daily), daily[: len(daily) // 7 * 7]
    table = pd.Series(whole, index=pd.date_range(MONDAY, periods=len(whole)), dtype=float)
    by_day = table.groupby(table.index.day_of_week).mean()
    assert found.weekday == pytest.approx(list(by_day / by_day.mean()))
    assert np.mean(found.weekday) == pytest.approx(1)


def test_two_years_are_freed_of_a_planted_year() -> None:
    found = deseasonalised(yearly(156))
    assert found is not None
    assert found == pytest.approx([1000] * 156, rel=0.01)


def test_growth_survives_the_removal_of_the_year() -> None:
    grown = [value * 1.002**week for week, value in enumerate(yearly(156))]
    found = deseasonalised(grown)
    assert found is not None
    slope = np.polyfit(range(156), np.log(np.array(found, dtype=float)), 1)[0]
    assert slope == pytest.approx(math.log(1.002), rel=0.05)


def test_103_weeks_do_not_tell_the_year() -> None:
    assert deseasonalised(yearly(103)) is None
    assert deseasonalised([*yearly(103), None, 0]) is None


def test_an_unknown_week_stays_unknown_and_a_closed_one_stays_closed() -> None:
    weekly: list[float | None] = [*yearly(120)]
    weekly[50], weekly[60] = None, 0
    found = deseasonalised(weekly)
    assert found is not None
    assert (found[50], found[60]) == (None, 0)
    assert found[51] == pytest.approx(1000, rel=0.05)


def test_two_years_of_days_give_both_seasons() -> None:
    daily = [week / 700 * day for week in yearly(104) for day in WEEK]
    found = seasonality(MONDAY, daily)
    assert (found.method, found.first_week, len(found.weekly or ())) == (Method.STL, MONDAY, 104)
    assert found.weekday == pytest.approx((1.4, 1.2, 1.1, 1.1, 1.2, 0.6, 0.4))
    assert found.weekly is not None
    assert found.weekly[13] == pytest.approx(math.exp(0.3), rel=0.05)
    assert found.says == "freed of the season of the year (STL over 104 weeks) and of weekdays"


def test_a_negative_volume_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0 on, and None"):
        seasonality(MONDAY, [-1] * 70)
    with pytest.raises(ValueError, match="from 0 on, and None"):
        deseasonalised([-1.0])
