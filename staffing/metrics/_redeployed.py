"""How many of the released hours went to other work in the house (metrics.md E8), without telling about a few people. Not a metric."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from django.utils.translation import gettext as _

from kpi.metric import Evidence, Measure, Window
from kpi.metrics._shared import HEADCOUNT, totals_of
from staffing.metrics._half_year import FEWEST, PRESENT
from staffing.practice import SitePractice

REDEPLOYED = Measure("redeployed", "reskilling", pl.col("redeployed"))
MEASURES = (REDEPLOYED, PRESENT, HEADCOUNT)
STEP = 5  # people: counts leave in bands of five (C6)


def windows(start: date, end: date, practice: SitePractice | None) -> dict[str, Window]:
    """People in a new role in both windows, and the people of the baseline."""
    found = {"redeployed_now": Window("reskilling", start, end)}
    if practice and practice.baseline_start and practice.baseline_end:
        base = (practice.baseline_start, practice.baseline_end)
        found |= {"redeployed_base": Window("reskilling", *base), "people_base": Window("employment", *base)}
    return found


def people(evidence: Evidence) -> int | None:
    """More people than in the baseline whose role at this site was taken out and who work in another one: at least so many, in steps of
    five, 0 where they are fewer than ten. None where it is not known: no employment, or a scope that is no whole site."""
    now, base = (totals_of(evidence, name) for name in ("redeployed_now", "redeployed_base"))
    if not now[PRESENT].n or not base[PRESENT].n or not totals_of(evidence, "people_base")[HEADCOUNT].sum:
        return None
    more = now[REDEPLOYED].sum / now[PRESENT].n - base[REDEPLOYED].sum / base[PRESENT].n
    return int((more + 1e-9) // STEP) * STEP if more + 1e-9 >= FEWEST else 0


def hours(evidence: Evidence, load_base: float, released: float) -> float | None:
    """Hours a week at base utilisation, as released hours are: what these people's share of the baseline's load was, at most what was
    released. None where it is not known."""
    count, heads = people(evidence), totals_of(evidence, "people_base")[HEADCOUNT]
    if count is None:
        return None
    days = totals_of(evidence, "redeployed_base")[PRESENT].n
    return min(count * load_base / (heads.sum / days), max(0.0, released))


def added_up(found: Sequence[float | None]) -> float | None:
    """All sites together; None where one of them is not known."""
    return None if None in found else sum(each for each in found if each is not None)


def said(pieces: Sequence[Evidence]) -> str:
    """For the assumption sheet: how many people, in which form, or why nothing is known."""
    counts = [people(each) for each in pieces]
    if None in counts:
        return _("not known: it takes employment and whole sites")
    if not any(counts):
        return _("fewer than ten people more than in the baseline at any site work in another role in the house: no hours are listed")
    known = {"people": sum(count or 0 for count in counts)}
    return _("at least %(people)s people more than in the baseline; a site with fewer than ten is left out") % known
