"""What of a series is only the season (metrics.md G2). Pure.

Volumes are counts of contacts, 0 or more; None is a day or week without data and is left out, never read as zero.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from statsmodels.tsa.seasonal import STL

YEAR_WEEKS, STL_WEEKS, FEWEST_WEEKS = 52, 104, 8
Days = Collection[date]
Volumes = Sequence[float | None]


class Method(StrEnum):
    """How a series is freed of its season."""

    STL = "stl"  # the year, by STL of the weeks, and the weekdays
    WEEKDAY = "weekday"  # the weekdays only
    NONE = "none"


@dataclass(frozen=True)
class Seasonality:
    """Factors around 1 by which the season lifts or lowers a volume; `says` is the sentence that belongs beside the figure."""

    method: Method
    weeks: int  # complete weeks with contacts behind it
    weekday: tuple[float, ...] | None  # Monday to Sunday, mean 1
    weekly: tuple[float, ...] | None  # one for each week from `first_week` on
    first_week: date | None
    says: str


def method_for(weeks: int) -> Method:
    """G2 by the number of complete weeks."""
    return Method.STL if weeks >= STL_WEEKS else Method.WEEKDAY if weeks >= FEWEST_WEEKS else Method.NONE


def seasonality(start: date, daily: Volumes, holidays: Days = frozenset()) -> Seasonality:
    """The season of a daily series that begins on `start`; only whole ISO weeks with contacts count. ValueError for a negative volume."""
    first, weeks = _whole_weeks(start, daily)
    totals = weeks.sum(axis=1)
    known = totals > 0
    n, method = int(known.sum()), method_for(int(known.sum()))
    if method is Method.NONE:
        return Seasonality(method, n, None, None, None, f"not freed of any season: {n} weeks known, weekdays need {FEWEST_WEEKS}")
    weekday = _weekday_factors(np.where(_holidays(first, len(weeks), holidays), math.nan, weeks)[known])
    if method is Method.WEEKDAY:
        return Seasonality(method, n, weekday, None, None, f"freed of weekdays only: {n} weeks known, the year needs {STL_WEEKS}")
    says = f"freed of the season of the year (STL over {n} weeks) and of weekdays"
    return Seasonality(method, n, weekday, _yearly_factors(totals), first, says)


def deseasonalised(weekly: Volumes) -> tuple[float | None, ...] | None:
    """Weekly volumes divided by their factor of the year, in the same unit; None with fewer than 104 weeks with contacts (E7, G2).

    An unknown week stays unknown. ValueError for a negative volume.
    """
    values = _volumes(weekly)
    if method_for(int((values > 0).sum())) is not Method.STL:
        return None
    return tuple(None if value is None else value / factor for value, factor in zip(weekly, _yearly_factors(values), strict=True))


def _volumes(volumes: Volumes) -> NDArray[np.float64]:
    values = np.array([math.nan if value is None else value for value in volumes], dtype=float)
    if (values < 0).any() or np.isinf(values).any():
        raise ValueError("a volume is a number of contacts from 0 on, and None where it is not known")
    return values


def _whole_weeks(start: date, daily: Volumes) -> tuple[date, NDArray[np.float64]]:
    """The Monday of the first whole week, and one row of seven days for each whole week."""
    lead = -start.weekday() % 7
    values = _volumes(daily)[lead:]
    return start + timedelta(lead), values[: len(values) // 7 * 7].reshape(-1, 7)


def _holidays(first: date, weeks: int, holidays: Days) -> NDArray[np.bool_]:
    days = [first + timedelta(i) in holidays for i in range(7 * weeks)]
    return np.array(days, dtype=bool).reshape(-1, 7)


def _weekday_factors(weeks: NDArray[np.float64]) -> tuple[float, ...]:
    """The mean of each weekday over the mean of the week; holidays (NaN) left out. A weekday that is always a holiday has factor 0."""
    means = np.nansum(weeks, axis=0) / np.maximum(1, np.isfinite(weeks).sum(axis=0))
    return tuple(float(mean / means.mean()) for mean in means)


def _yearly_factors(weekly: NDArray[np.float64]) -> tuple[float, ...]:
    """exp of the seasonal part of STL, period 52, on the log scale; unknown and empty weeks are bridged for the fit only.

    The season is the same in every year (a window as long as the series, degree 0): two or three years of a week cannot tell a season
    that changes, and a free one would take the whole noise for season and leave a trend without doubt.
    """
    at, usable = np.arange(len(weekly)), weekly > 0
    logs = np.interp(at, at[usable], np.log(weekly[usable]))
    fit = STL(logs, period=YEAR_WEEKS, seasonal=2 * len(logs) + 1, seasonal_deg=0, robust=True).fit()
    return tuple(float(factor) for factor in np.exp(fit.seasonal))
