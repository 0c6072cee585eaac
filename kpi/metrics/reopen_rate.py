"""Reopen rate: of the cases closed, how many were opened again within fourteen days."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Status, Unit, Window
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, example_totals, ratio, totals_of, whole_period

WITHIN = timedelta(days=14)
_CLOSED = pl.col("ended_at").is_not_null() & ~pl.col("abandoned").fill_null(value=False)
_SOON = ((pl.col("reopened_at") - pl.col("ended_at")) <= WITHIN).fill_null(value=False)
REOPENED = Measure("reopened", "interaction", pl.when(_CLOSED).then(_SOON))


def windows(frame: Frame) -> dict[str, Window]:
    """Cases count once their fourteen days have passed."""
    mature, start = min(frame.period.end, frame.as_of - WITHIN), frame.period.start
    return whole_period(frame) | ({"mature": Window("interaction", start, mature)} if mature > start else {})


def estimate(evidence: Evidence) -> Estimate:
    """D3. Where not one reopening is on record nobody can tell none from nobody noting them: that is no data, not zero."""
    closed, mature = totals_of(evidence, "period")[REOPENED], totals_of(evidence, "mature")[REOPENED]
    if mature.n and not mature.sum:
        return Estimate(Status.NO_DATA, n=mature.n, reasons=("reopening:none_recorded",))
    young = ratio(closed.n - mature.n, closed.n)
    return open_until(share_of(mature, parts={"immature_share": young}), evidence.frame, WITHIN, "reopening:open")


def _example() -> Example:
    """A hundred of the thousand cases are younger than fourteen days; 27 of the others were opened again."""
    totals, mature = example_totals({REOPENED: (1000, 28)}), example_totals({REOPENED: (900, 27)})
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 2, 12))
    return Example(Evidence(frame, {"period": totals, "mature": mature}), gives=0.03)


METRIC = Metric(
    key="reopen_rate",
    label=_("Opened again"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.DOWN,
    measures=(REOPENED, AGENTS),
    windows=windows,
    estimate=estimate,
    min_people=5,
    page="resolution",
    section=_("What it took, and how well it was done"),
    place=50,
    shows={"immature_share": Part(_("too young to count:"), Unit.SHARE)},
    by=("channel", "queue"),
    words=_("Of the cases that were closed, how many had to be opened again within fourteen days."),
    formula=_("cases opened again within fourteen days of closing ÷ cases closed, not abandoned, whose fourteen days have passed"),
    caveat=_(
        "Every closed contact counts as a case, also on channels where nothing can be opened again: read it by channel. "
        "Customers who open a new case instead are in first contact resolution."
    ),
    sample=_("cases"),
    source="D3",
    example=_example(),
)
