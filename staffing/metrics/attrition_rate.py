"""Attrition: people who left of their own will in the last 52 weeks, a year. For groups of ten and more only."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _
from scipy import stats

from kpi.metric import CONFIDENCE, Direction, Estimate, Evidence, Example, Family, Frame, Metric, Period, Status, Unit, Window
from kpi.metrics._days import HEADCOUNT, LEAVERS, YEAR
from kpi.metrics._shared import example_totals, totals_of
from kpi.uncertainty import Interval, proportion_status

WEEKS_52 = timedelta(days=364)
FEWEST = 10  # metrics.md C2


def windows(frame: Frame) -> dict[str, Window]:
    """Rolling 52 weeks; the period itself says whether enough people are still there."""
    end = frame.period.end
    return {"year": Window("employment", end - WEEKS_52, end), "period": Window("employment", frame.period.start, end)}


def estimate(evidence: Evidence) -> Estimate:
    """Leavers by year of people employed, with the exact Poisson interval of their number."""
    year = totals_of(evidence, "year")
    days, leavers = year[HEADCOUNT].sum, round(year[LEAVERS].sum)
    if days <= 0:
        return Estimate(Status.NO_DATA)
    heads = int(days / WEEKS_52.days + 1e-9)
    if heads < FEWEST:
        return Estimate(Status.SUPPRESSED, n=heads, reasons=("people:too_few",))
    found = yearly(leavers, days)
    status = proportion_status(heads, found.low, found.high)
    small = ("sample:small",) if status is Status.SMALL_SAMPLE else ()
    return Estimate(status, found.value, found.low, found.high, heads, "Poisson, exact", small)


def yearly(leavers: int, days: float, conf: float = CONFIDENCE) -> Interval:
    """Events per year of `days` person-days with Garwood's limits; no leaver gives low = 0."""
    tail = (1 - conf) / 2
    low = float(stats.chi2.ppf(tail, 2 * leavers)) / 2 if leavers else 0.0
    high = float(stats.chi2.isf(tail, 2 * leavers + 2)) / 2
    return Interval(*(YEAR * count / days for count in (leavers, low, high)))


def _example() -> Example:
    """60 people for 364 days, 21 of whom left: 21 ÷ 60 × 365 ÷ 364."""
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    year = example_totals({HEADCOUNT: (21_840, 21_840), LEAVERS: (21_840, 21)})
    return Example(Evidence(frame, {"year": year, "period": example_totals({HEADCOUNT: (1860, 1860)})}), gives=0.350961538461538)


METRIC = Metric(
    key="attrition_rate",
    label=_("Attrition, a year"),
    family=Family.WELLBEING,
    unit=Unit.PERCENT,
    better=Direction.DOWN,
    measures=(HEADCOUNT, LEAVERS),
    windows=windows,
    estimate=estimate,
    min_people=10,
    crowd=HEADCOUNT,
    page="people",
    section=_("Who is ill, who leaves"),
    place=61,
    by=("team",),
    words=_("How many of a hundred people leave of their own will in a year; groups of ten and more, in whole percents."),
    formula=_("people who left of their own will ÷ mean headcount, rolling 52 weeks, as a yearly rate"),
    caveat=_("Dismissals, redundancies and moves to another team are not in it; a few leavers make a wide interval."),
    sample=_("people employed"),
    source="B2, C2",
    example=_example(),
)
