"""The periods a page offers, as days: whole weeks, months, the last seven days, and what of a month, quarter or year is over. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from kpi.metric import Period, whole_weeks

WEEKS = {"13w": 13, "4w": 4, "26w": 26, "52w": 52}
DAYS = {"7d": 7}
MONTHS_OFFERED = 18
QUARTER = 3  # months
WEEK = timedelta(days=7)


def last_weeks(as_of: date, weeks: int) -> Period:
    """The last complete ISO weeks before the first day without data."""
    end = as_of - timedelta(days=as_of.weekday())
    return Period(end - timedelta(weeks=weeks), end)


def last_days(as_of: date, days: int) -> Period:
    """The last complete days: they end with the last day that has data."""
    return Period(as_of - timedelta(days=days), as_of)


def month(year: int, number: int) -> Period:
    """One calendar month."""
    return Period(date(year, number, 1), date(year + number // 12, number % 12 + 1, 1))


def last_months(as_of: date) -> list[Period]:
    """Calendar months that are over, newest first."""
    found, year, number = [], as_of.year, as_of.month
    for _step in range(MONTHS_OFFERED):
        year, number = (year, number - 1) if number > 1 else (year - 1, 12)
        found.append(month(year, number))
    return found


def _month_to_date(last: date) -> date:
    return last.replace(day=1)


def _quarter_to_date(last: date) -> date:
    return last.replace(month=last.month - (last.month - 1) % QUARTER, day=1)


def _year_to_date(last: date) -> date:
    return last.replace(month=1, day=1)


TO_DATE: Mapping[str, Callable[[date], date]] = {"mtd": _month_to_date, "qtd": _quarter_to_date, "ytd": _year_to_date}


def to_date(as_of: date, key: str) -> Period:
    """From the first day of the month, quarter or year of the last complete day, up to and with that day."""
    return Period(TO_DATE[key](as_of - timedelta(days=1)), as_of)


def offered(as_of: date, key: str) -> Period | None:
    """The days behind a key of the filter bar; None for keys that name none."""
    if key in WEEKS:
        return last_weeks(as_of, WEEKS[key])
    if key in DAYS:
        return last_days(as_of, DAYS[key])
    return to_date(as_of, key) if key in TO_DATE else None


def complete_weeks(period: Period, as_of: date) -> Period:
    """The whole weeks of a period that are over: figures of teams and of parts of the work exist for whole weeks alone (metrics.md C7)."""
    found, over = whole_weeks(period), as_of - timedelta(days=as_of.weekday())
    if found.end <= over:
        return found
    return Period(found.start, over) if found.start < over else Period(over - WEEK, over)
