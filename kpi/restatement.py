"""What happens when a published value turns out differently, and how much values move after publication (metrics.md G5). Pure.

Stored values are append-only: a decision says how the new value is announced, never that the old one is overwritten.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kpi.metric import Unit
from kpi.words import rounded, scaled

FINAL_AFTER_DAYS = 28  # G4
SMALLEST_NOTICE = 0.5  # points: 0.005 of a share; of an index or an FTE figure half a unit
ROUNDING = 1e-9  # 81.2 to 80.7 is half a point


class Action(StrEnum):
    """What to do with a revised value."""

    NO_CHANGE = "no_change"
    UPDATE_MARKED_REVISED = "update_marked_revised"
    RESTATE_WITH_NOTICE = "restate_with_notice"  # old and new value, date, reason
    LOG_ONLY = "log_only"
    SERIES_BREAK = "series_break"  # a new version of the definition, backcast 13 months if possible


def decide(
    published: float | None,
    revised: float | None,
    *,
    ci_half_width: float | None,
    days_since_period_end: int,
    definition_changed: bool = False,
    unit: Unit = Unit.SHARE,
) -> Action:
    """G5. Values and the half-width of the interval are in the unit (shares in [0, 1]); None is a value that was or is not shown.

    A value that appears or disappears is a change of any size. ValueError for a period that is not over, a negative half-width
    or a value that is no number.
    """
    _check(published, revised, ci_half_width, days_since_period_end)
    if definition_changed:
        return Action.SERIES_BREAK
    if days_since_period_end < FINAL_AFTER_DAYS:
        return Action.NO_CHANGE if _shown(published, unit) == _shown(revised, unit) else Action.UPDATE_MARKED_REVISED
    return Action.RESTATE_WITH_NOTICE if _material(published, revised, ci_half_width, unit) else Action.LOG_ONLY


def _check(published: float | None, revised: float | None, ci_half_width: float | None, days: int) -> None:
    if days < 0:
        raise ValueError(f"the period ends in {-days} days: only what is over is published and revised")
    if ci_half_width is not None and not 0 <= ci_half_width < math.inf:
        raise ValueError(f"half the width of an interval is 0 or more, and None where there is no interval: {ci_half_width}")
    if any(value is not None and not math.isfinite(value) for value in (published, revised)):
        raise ValueError(f"a value is a number, and None where none is shown: {published}, {revised}")


def _shown(value: float | None, unit: Unit) -> object:
    """The value to 0.1 point, half up."""
    return None if value is None else rounded(scaled(value, unit), 1)


def _material(published: float | None, revised: float | None, ci_half_width: float | None, unit: Unit) -> bool:
    if published is None or revised is None:
        return published is not revised
    notice = max(SMALLEST_NOTICE, scaled(ci_half_width or 0.0, unit) / 4)
    return abs(scaled(revised, unit) - scaled(published, unit)) >= notice - ROUNDING


@dataclass(frozen=True)
class Revisions:
    """Over n revised values, in their unit: the mean (does it drift one way?) and the mean size, revised minus published."""

    n: int
    mean: float | None
    mean_absolute: float | None


def revisions(pairs: Iterable[tuple[float, float]]) -> Revisions:
    """From (published, revised) of one metric and quarter, unrevised ones included; None without any."""
    moves = [revised - published for published, revised in pairs]
    if not moves:
        return Revisions(0, None, None)
    return Revisions(len(moves), math.fsum(moves) / len(moves), math.fsum(map(abs, moves)) / len(moves))
