"""Reskilling absorption: of people whose role ended, those in a new role at the same employer six months later."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Family, Measure, Metric, Unit
from kpi.metrics._shared import HEADCOUNT
from staffing.metrics._half_year import PRESENT, example, share_of_people, windows

ABSORBED = Measure("displaced_absorbed", "reskilling", pl.when(pl.col("displaced") == 1).then(pl.col("absorbed")))


def estimate(pieces: Sequence[Evidence]) -> Estimate:
    return share_of_people(pieces, ABSORBED, "displaced:nobody")


METRIC = Metric(
    key="reskilling_absorption",
    label=_("Absorption"),
    family=Family.WELLBEING,
    unit=Unit.FIVES,
    better=Direction.UP,
    measures=(ABSORBED, PRESENT, HEADCOUNT),
    windows=windows,
    estimate=estimate,
    per_site=True,
    min_people=10,
    page="reskilling",
    section=_("What became of people whose role ended?"),
    place=10,
    words=_("Of the people whose role was taken out, how many work in a new role at the same employer half a year later."),
    formula=_("in another role 182 days after theirs ended ÷ people whose role ended and whose 182 days were over in the last 52 weeks"),
    caveat=_(
        "It says nothing about pay or fit of the new role. Roles that ended less than half a year ago are not in it yet, and a small "
        "number of people makes it uncertain: read its interval."
    ),
    sample=_("people whose role ended"),
    source="E11",
    example=example(ABSORBED, 40, 22),
)
