"""Reskilling completion: of people who entered a course, those who finished it within half a year."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Family, Measure, Metric, Unit
from kpi.metrics._shared import HEADCOUNT
from staffing.metrics._half_year import PRESENT, example, share_of_people, windows

COMPLETED = Measure("entered_completed", "reskilling", pl.when(pl.col("entered") == 1).then(pl.col("completed")))


def estimate(pieces: Sequence[Evidence]) -> Estimate:
    return share_of_people(pieces, COMPLETED, "entered:nobody")


METRIC = Metric(
    key="reskilling_completion",
    label=_("Courses finished"),
    family=Family.WELLBEING,
    unit=Unit.FIVES,
    better=Direction.UP,
    measures=(COMPLETED, PRESENT, HEADCOUNT),
    windows=windows,
    estimate=estimate,
    per_site=True,
    min_people=10,
    page="reskilling",
    section=_("What became of people whose role ended?"),
    place=20,
    words=_("Of the people who entered a course for a new role, how many finished one within half a year."),
    formula=_("finished within 182 days ÷ people who entered and whose 182 days were over in the last 52 weeks"),
    caveat=_("A finished course is not a new role: read it beside absorption. Longer courses count as unfinished here."),
    sample=_("people who entered a course"),
    source="E11",
    example=example(COMPLETED, 30, 24),
)
