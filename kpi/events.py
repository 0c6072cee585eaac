"""Before and after something that happened: equal whole weeks on both sides of the weeks it fell in (metrics.md G1). Pure.

The weeks of the event itself belong to neither side. Both sides end before it begins or start after it ended, hold as many weeks and so
as many of each weekday, and lie as near to it as whole weeks can.
"""

from __future__ import annotations

from datetime import date, timedelta

from kpi.metric import Period

WEEK = timedelta(weeks=1)
MOST_WEEKS = 13


def around(
    event_day: date, as_of: date, *, last_day: date | None = None, first: date | None = None, most: int = MOST_WEEKS
) -> tuple[Period, Period] | None:
    """(before, after), or None where not one whole week after the event is complete.

    `as_of` is the first day without data, `last_day` the last day of an event that took longer, `first` the first day with data: there are
    as many weeks on each side as both have, `most` at most.
    """
    start, stop = _monday(event_day), _monday(max(event_day, last_day or event_day)) + WEEK
    weeks = min(most, (_monday(as_of) - stop) // WEEK, (start - _next_monday(first)) // WEEK if first else most)
    return (Period(start - weeks * WEEK, start), Period(stop, stop + weeks * WEEK)) if weeks > 0 else None


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _next_monday(day: date) -> date:
    return _monday(day + timedelta(6))
