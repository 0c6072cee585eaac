"""First contact resolution with its youngest days: Kaplan-Meier, so that who has not had seven days yet counts for the days seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Status, Totals, Unit, Window
from kpi.metrics._issues import OPENS
from kpi.metrics._shapes import open_until, small
from kpi.metrics._shared import AGENTS, MATURE_AFTER, OUTCOMES_OPEN, example_totals, mature_end, totals_of, whole_period
from kpi.metrics.resolution_quality import RESOLVED_FIRST
from kpi.survival import Cohort, Survival, survival
from kpi.uncertainty import proportion_status, wilson

DAYS = MATURE_AFTER.days
# First repeats of openers by day, two days in each measure: n counts both, the sum counts the earlier one. Those of the seventh day are
# what is left of all who came back (RESOLVED_FIRST), so that seven counts take six places in a row.
REPEATS = tuple(
    Measure(
        f"first_repeat_{day}_{day + 1}",
        "interaction",
        pl.when(OPENS & pl.col("repeat_day").is_in([day, day + 1])).then(pl.col("repeat_day") == day),
    )
    for day in (1, 3, 5)
)


def windows(frame: Frame) -> dict[str, Window]:
    """Openers whose seven days have passed as one total; the younger ones day by day."""
    start, mature, end = frame.period.start, mature_end(frame), min(frame.period.end, frame.as_of)
    found = whole_period(frame) | ({"mature": Window("interaction", start, mature)} if mature > start else {})
    young = max(start, mature)
    return found | ({"young": Window("interaction", young, end, by="day")} if end > young else {})


def estimate(evidence: Evidence) -> Estimate:
    """D1 by Kaplan-Meier: event is the first repeat, censored at the end of the data."""
    n = totals_of(evidence, "period")[RESOLVED_FIRST].n
    if not n:
        return Estimate(Status.NO_DATA)
    found = survival([*_cohorts(evidence)], DAYS)
    if found is None:
        return Estimate(Status.INSUFFICIENT, n=n, reasons=("follow_up:short",))
    shown = _shown(found, n)
    parts = {"day_1": found.curve[0], "day_3": found.curve[2], "young_share": 1 - totals_of(evidence, "mature")[RESOLVED_FIRST].n / n}
    return open_until(replace(shown, parts=parts), evidence.frame, OUTCOMES_OPEN, "provisional:outcomes")


def _shown(found: Survival, n: int) -> Estimate:
    """Wilson over what the censored sample is worth: without censoring the interval of FCR itself."""
    interval = wilson(found.value * found.effective_n, found.effective_n)
    status = proportion_status(n, interval.low, interval.high)
    if not status.shows_value:
        return Estimate(status, n=n, reasons=small(status))
    return Estimate(status, found.value, interval.low, interval.high, n, "Kaplan-Meier, Greenwood as Wilson", small(status))


def _cohorts(evidence: Evidence) -> Iterator[Cohort]:
    """What is seen of a day's openers are the whole days between their own and the end of the data."""
    yield _cohort(totals_of(evidence, "mature"), DAYS)
    for day, totals in evidence.blocks.get("young", ()):
        yield _cohort(totals, min(DAYS, (evidence.frame.as_of - day - timedelta(1)).days))


def _cohort(totals: Totals, observed: int) -> Cohort:
    openers = totals[RESOLVED_FIRST]
    events = [count for measure in REPEATS for count in (totals[measure].sum, totals[measure].n - totals[measure].sum)]
    return Cohort(openers.n, (*events, openers.n - openers.sum - sum(events)), observed)


def _example() -> Example:
    """A thousand who were followed for seven days, 280 of whom came back, and a hundred of yesterday."""
    mature = {RESOLVED_FIRST: (1000, 720), REPEATS[0]: (150, 90), REPEATS[1]: (70, 40), REPEATS[2]: (40, 22)}
    young = {RESOLVED_FIRST: (100, 92), REPEATS[0]: (8, 8)}
    period, as_of = Period(date(2026, 1, 1), date(2026, 2, 2)), date(2026, 2, 2)
    everyone = example_totals({RESOLVED_FIRST: (1100, 812), REPEATS[0]: (158, 98), REPEATS[1]: (70, 40), REPEATS[2]: (40, 22)})
    blocks = {"young": [(date(2026, 1, 31), example_totals(young))]}
    totals = {"period": everyone, "mature": example_totals(mature)}
    return Example(Evidence(Frame(period, as_of), totals, blocks), gives=(1 - 98 / 1100) * 720 / 910)


METRIC = Metric(
    key="fcr_trend",
    label=_("First contact resolution with the youngest days"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(RESOLVED_FIRST, *REPEATS, AGENTS),
    windows=windows,
    estimate=estimate,
    min_people=5,
    page="resolution",
    section=_("Solved, as the records and the customers say"),
    place=11,
    shows={
        "day_1": Part(_("not back within one day:"), Unit.SHARE),
        "day_3": Part(_("within three days:"), Unit.SHARE),
        "young_share": Part(_("followed for less than seven days:"), Unit.SHARE),
    },
    by=("time",),
    words=_(
        "The same question as first contact resolution, answered with the issues of the last days too: for its trend, which would "
        "otherwise end a week early."
    ),
    formula=_(
        "product over the seven days after closing of (1 − first repeats on that day ÷ issues that had no repeat before it and were "
        "followed through it)"
    ),
    caveat=_(
        "For trends: the figure to report is first contact resolution, which waits until seven days have passed. A day counts as seen when "
        "it is complete in the data."
    ),
    sample=_("issues"),
    source="D1",
    example=_example(),
)
