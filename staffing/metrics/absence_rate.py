"""Absence: sickness of the last 13 weeks, of scheduled hours. For groups of ten and more only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Example, Family, Frame, Metric, Unit, Window
from kpi.metrics._days import ABSENCE, AT_WORK
from staffing.metrics._work import example_weeks, of_pair, ratio, spans

QUARTER = timedelta(days=91)


def windows(frame: Frame) -> dict[str, Window]:
    """Rolling 13 weeks; the period itself says whether enough people are still there."""
    end = frame.period.end
    return spans(end - QUARTER, end) | {"period": Window("agent_day", frame.period.start, end)}


def _example() -> Example:
    evidence = example_weeks({ABSENCE[0]: (30, sick), ABSENCE[1]: (30, 100_000.0)} for sick in (5_000.0, 7_000.0, 6_000.0, 6_000.0))
    return Example(replace(evidence, totals={**evidence.totals, "period": evidence.totals["days"]}), gives=0.06)


METRIC = Metric(
    key="absence_rate",
    label=_("Absence, 13 weeks"),
    family=Family.WELLBEING,
    unit=Unit.PERCENT,
    better=Direction.DOWN,
    measures=(*ABSENCE, AT_WORK),
    windows=windows,
    estimate=ratio(of_pair(ABSENCE), ABSENCE[1], share=True),
    min_people=10,
    crowd=AT_WORK,
    page="people",
    section=_("Who is ill, who leaves"),
    place=60,
    by=("team",),
    words=_("Of the scheduled hours of the last 13 weeks, how many were lost to sickness; groups of ten and more, in whole percents."),
    formula=_("sickness hours ÷ scheduled hours, rolling 13 weeks to the end of the period"),
    caveat=_("Illness has many causes, and coming to work ill is not in it. It is never a figure about a person."),
    sample=_("working days"),
    source="B2, C2",
    example=_example(),
)
