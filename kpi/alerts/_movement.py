"""What rules ask of a figure: did it move beyond its doubt? What is not shown answers neither yes nor no."""

from __future__ import annotations

import math

from kpi.alert import Said, Sight
from kpi.metric import Status
from kpi.result import Change, Result


def saving_rose(sight: Sight, saving: str) -> bool | None:
    """More saved than in the period compared with, beyond the doubt of both; before the AI went live nothing was saved.
    None where either is not shown."""
    column = sight.column(saving)
    before = sight.earlier(saving)
    if column is None or not column.result.shown or before is None:
        return None
    if before.status is Status.NOT_APPLICABLE:
        return column.result.low is not None and column.result.low > 0
    if not before.shown:
        return None
    return _beyond(column.result, before)


def _beyond(now: Result, before: Result) -> bool | None:
    if now.value is None or before.value is None or now.low is None or before.high is None:
        return None
    return now.value - before.value > math.hypot(now.value - now.low, before.high - before.value)


def got_worse(change: Change) -> bool | None:
    """Only where it may be called a change (A4; for wellbeing beyond both bands, B6). None where nothing can be compared."""
    return None if change.direction == "unknown" else change.distinguishable and change.direction == "worse"


def both(*answers: bool | None) -> Said:
    """Fires where all hold; one that does not hold is enough to be quiet."""
    if False in answers:
        return Said.QUIET
    return Said.UNKNOWN if None in answers else Said.FIRES


def while_worse(sight: Sight, saving: str, companion: str) -> Said:
    """The saving rises while this companion falls."""
    column = sight.column(companion)
    worse = got_worse(column.change) if column is not None and column.result.shown else None
    return both(saving_rose(sight, saving), worse)
