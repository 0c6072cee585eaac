"""The gain ledger of a site in hours a week, and how sure it is by resampling whole weeks (metrics.md E8). Pure numpy.

The load is summed over segments, as in staffing/capacity.py, so that a change of the mix is no gain. The identity is that of
staffing/gain.py: freed = growth absorbed + released + relief, in every draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from staffing import capacity
from staffing.capacity import DRAWS, WEEK, Array, Levels, Plan, Weeks
from staffing.workload import SECONDS

UNUSED = Plan(paid_hours=1.0, occupancy=1.0, shrinkage=0.0)  # the ledger needs neither occupancy nor shrinkage


@dataclass(frozen=True)
class Paid:
    """Weeks with the seconds paid in each."""

    weeks: Weeks
    seconds: Array


@dataclass(frozen=True)
class Hours:
    """Hours a week; the last dimension are draws (one where it is the figure itself)."""

    freed: Array
    growth: Array
    released: Array
    relief: Array
    paid_base: Array
    paid_now: Array
    load_base: Array
    load_now: Array

    def __add__(self, other: Hours) -> Hours:
        return Hours(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


def total(found: Sequence[Hours]) -> Hours:
    """Sites added up."""
    whole = found[0]
    for item in found[1:]:
        whole = whole + item
    return whole


def ledger(base: Paid, now: Paid) -> Hours:
    """Both windows as they were. They have the same segments in the same order."""
    return _ledger(base, now, np.ones((base.weeks.count, 1)), np.ones((now.weeks.count, 1)), exact=True)


def drawn(base: Paid, now: Paid) -> Hours:
    """1000 draws of whole weeks of both windows: the very draws of the FTE reduction."""
    weeks = (capacity.drawn_weeks(window.weeks.count, stream) for window, stream in ((base, 1), (now, 2)))
    found = _ledger(base, now, *weeks, exact=False)
    assert found.freed.shape == (DRAWS,)
    return found


def _ledger(base: Paid, now: Paid, base_drawn: Array, now_drawn: Array, *, exact: bool) -> Hours:
    before, after = _levels(base.weeks, base_drawn, exact), _levels(now.weeks, now_drawn, exact)
    effort, effort_now = _effort(before), _effort(after)
    paid_base, paid_now = _paid(base, base_drawn), _paid(now, now_drawn)
    load_base, load_now = (before.volume * effort).sum(axis=0), (after.volume * effort_now).sum(axis=0)
    use, use_now = load_base / paid_base, load_now / paid_now
    return Hours(
        freed=(after.volume * (effort - effort_now)).sum(axis=0),
        growth=((after.volume - before.volume) * effort).sum(axis=0),
        released=(paid_base - paid_now) * use,
        relief=paid_now * (use - use_now),
        paid_base=paid_base,
        paid_now=paid_now,
        load_base=load_base,
        load_now=load_now,
    )


def _levels(weeks: Weeks, drawn_weeks: Array, exact: bool) -> Levels:
    return capacity.levels(weeks, drawn_weeks, UNUSED, otherwise=None if exact else capacity.point(weeks, UNUSED))


def _effort(found: Levels) -> Array:
    """Hours of people for one contact, by segment and draw."""
    return np.asarray((1 - found.containment) * found.aht_s / SECONDS)


def _paid(window: Paid, drawn_weeks: Array) -> Array:
    """Paid hours a week."""
    return np.asarray((window.seconds @ drawn_weeks) / SECONDS * (WEEK / (window.weeks.days @ drawn_weeks)))
