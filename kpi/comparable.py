"""Which periods may be compared: the same number and kind of days, year on year by ISO week (metrics.md G1). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta

from kpi.metric import Period

KINDS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOLIDAY = "holiday"
YEAR_DAYS = 364
Days = Collection[date]


def kinds_of(period: Period, holidays: Days = frozenset()) -> Counter[str]:
    """How many of each weekday the period has; a holiday is a kind of its own, whatever weekday it falls on."""
    days = (period.start + timedelta(i) for i in range(period.days))
    return Counter(HOLIDAY if day in holidays else KINDS[day.weekday()] for day in days)


def differences(later: Period, earlier: Period, *, complete_until: date, holidays: Days = frozenset()) -> tuple[str, ...]:
    """Why the two may not be compared (G1), in words; empty where they may.

    `complete_until` is the first day without complete data: a period that reaches beyond it is not over.
    """
    unfinished = [period for period in (later, earlier) if period.end > complete_until]
    reasons = [f"{period.start} to {period.end} is not complete before {period.end}" for period in unfinished]
    now, then = kinds_of(later, holidays), kinds_of(earlier, holidays)
    reasons += [f"{kind}: {now[kind]} and {then[kind]}" for kind in (*KINDS, HOLIDAY) if now[kind] != then[kind]]
    return tuple(reasons)


def preceding(period: Period) -> Period:
    """The nearest earlier period without overlap whose weekdays are the same: whole weeks back."""
    back = timedelta(weeks=-(-period.days // 7))
    return Period(period.start - back, period.end - back)


def year_before(period: Period) -> Period | None:
    """The same ISO weeks and weekdays of the ISO year before; None where that year lacks one of them (week 53)."""
    first, last = (_year_before(day) for day in (period.start, period.end - timedelta(1)))
    if first is None or last is None or (last - first).days + 1 != period.days:
        return None
    return Period(first, last + timedelta(1))


def _year_before(day: date) -> date | None:
    year, week, weekday = day.isocalendar()
    try:
        return date.fromisocalendar(year - 1, week, weekday)
    except ValueError:
        return None


def a_year_earlier(period: Period) -> Period:
    """The same ISO weeks of the year before, or of as many years before as the period is long, so that it never reaches into itself.

    Where that year lacks one of the weeks (week 53), 52 weeks for each year: the weekdays are the same, the weeks are not, and
    `weeks_differ` says so.
    """
    years = -(-period.days // YEAR_DAYS)
    found: Period | None = period
    for _year in range(years):
        found = year_before(found) if found is not None else None
    back = timedelta(YEAR_DAYS * years)
    return found if found is not None and found.end <= period.start else Period(period.start - back, period.end - back)


def weeks_differ(period: Period, earlier: Period) -> bool:
    """Whether a period a year or years earlier holds other ISO weeks."""
    now, then = period.start.isocalendar(), earlier.start.isocalendar()
    last, before = ((item.end - timedelta(1)).isocalendar() for item in (period, earlier))
    return (now.week, last.week) != (then.week, before.week)
