"""After hours: minutes of work outside the rostered shift, for each person and week."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Totals, Unit, Window
from kpi.metrics._days import AFTER_HOURS, AT_WORK, HEADCOUNT, person_weeks
from kpi.metrics._shared import example_totals, totals_of
from staffing.metrics import _work
from staffing.metrics._work import example_weeks, judged


def windows(frame: Frame) -> dict[str, Window]:
    """Working days and people employed, together and week by week."""
    start, end = frame.period.start, frame.period.end
    people = {"people": Window("employment", start, end), "people_by_week": Window("employment", start, end, by="week")}
    return _work.windows(frame) | people


def estimate(evidence: Evidence) -> Estimate:
    """Minutes by person-week; people who do not work late count with nothing."""
    days, people = totals_of(evidence, "days"), totals_of(evidence, "people")
    employed = dict(evidence.blocks.get("people_by_week", ()))
    weeks = [_halves(totals, employed.get(first, Totals())) for first, totals in evidence.blocks.get("weeks", ())]
    return judged(_halves(days, people), weeks, days[AFTER_HOURS].n, share=False)


def _halves(days: Totals, people: Totals) -> tuple[float, float]:
    return days[AFTER_HOURS].sum / 60, person_weeks(days, people)


def _example() -> Example:
    """Six people, four weeks, 720 minutes: 30 for each person and week."""
    evidence = example_weeks({AFTER_HOURS: (30, 60.0 * minutes)} for minutes in (160, 200, 180, 180))
    week = example_totals({HEADCOUNT: (42, 42)})
    employed = {"people_by_week": [(first, week) for first, _totals in evidence.blocks["weeks"]]}
    people = {"people": example_totals({HEADCOUNT: (168, 168)})}
    return Example(replace(evidence, totals={**evidence.totals, **people}, blocks={**evidence.blocks, **employed}), gives=30.0)


METRIC = Metric(
    key="after_hours_minutes",
    label=_("After-hours minutes, a week"),
    family=Family.WELLBEING,
    unit=Unit.MEAN,
    better=Direction.DOWN,
    measures=(AFTER_HOURS, HEADCOUNT, AT_WORK),
    windows=windows,
    estimate=estimate,
    min_people=5,
    crowd=AT_WORK,
    page="people",
    section=_("Pauses, hours and what wears people down"),
    place=42,
    by=("team",),
    words=_("Minutes of work outside the rostered shift, for each person employed and week."),
    formula=_("minutes outside the rostered shift ÷ weeks of people employed (where no spells are known: working days ÷ 5)"),
    caveat=_("Only what a system saw; the mean hides who works late every day."),
    sample=_("working days"),
    source="B2",
    example=_example(),
)
