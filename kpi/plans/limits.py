"""Limits of an initiative: how far a companion may fall, over which whole weeks, frozen before the first of them (product.md 4). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from kpi.metric import Period

WEEK = timedelta(weeks=1)
FEWEST_WEEKS, MOST_WEEKS = 4, 26  # a saving is estimated on four at least (metrics.md E6)
MOST = {"csat": 0.20, "awi": 20.0, "rq": 20.0}  # policy: a wider limit is none
MONDAY = 0


def monday(day: date) -> date:
    return day - timedelta(day.weekday())


def first_after(starts_on: date) -> date:
    """The first day the after-window may have: the Monday after the week of the start, which belongs to neither window."""
    return monday(starts_on) + WEEK


def windows(starts_on: date, after_start: date, weeks: int) -> tuple[Period, Period]:
    """(baseline, after): as many whole weeks up to the week of the start as from `after_start` on."""
    end = monday(starts_on)
    return Period(end - weeks * WEEK, end), Period(after_start, after_start + weeks * WEEK)


def problems(starts_on: date, after_start: date, weeks: int, frozen_on: date, margins: Mapping[str, float]) -> dict[str, str]:
    """Why these are no limits, by field; empty where they are."""
    found: dict[str, str] = {}
    if after_start.weekday() != MONDAY:
        found["after_start"] = _("The after-window begins on a Monday: whole weeks are compared.")
    elif after_start < first_after(starts_on):
        found["after_start"] = _("The after-window begins after the week of the start, on %(day)s at the earliest.") % {
            "day": first_after(starts_on)
        }
    elif frozen_on >= after_start:
        found["after_start"] = _("Limits are frozen before data arrive: the after-window begins after today (%(day)s).") % {
            "day": frozen_on
        }
    if not FEWEST_WEEKS <= weeks <= MOST_WEEKS:
        found["weeks"] = _("Each window has %(least)d to %(most)d weeks.") % {"least": FEWEST_WEEKS, "most": MOST_WEEKS}
    for name, margin in margins.items():
        if not 0 < margin <= MOST[name]:
            found[name] = _("A limit lies above 0 and is at most 20 points; a wider one would hold whatever happens.")
    return found
