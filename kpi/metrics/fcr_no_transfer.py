"""First contact resolution without a transfer: solved at the first contact, by the first who took it."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Period, Unit, Window
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, OUTCOMES_OPEN, example_totals, mature_end, totals_of
from kpi.metrics.resolution_quality import OPENER

_KNOWN = (pl.col("role") == OPENER) & pl.col("transfers").is_not_null()
RESOLVED_UNMOVED = Measure("fcr_no_transfer", "interaction", pl.when(_KNOWN).then(~pl.col("returned") & (pl.col("transfers") == 0)))


def windows(frame: Frame) -> dict[str, Window]:
    """Openers count once their seven days have passed."""
    mature, start = mature_end(frame), frame.period.start
    return {"mature": Window("interaction", start, mature)} if mature > start else {}


def estimate(evidence: Evidence) -> Estimate:
    """D1: a transfer does not fail FCR; here it does."""
    found = share_of(totals_of(evidence, "mature")[RESOLVED_UNMOVED])
    return open_until(found, evidence.frame, OUTCOMES_OPEN, "provisional:outcomes")


def _example() -> Example:
    """Of 1000 issues 720 are solved at the first contact, 80 of them after a transfer."""
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"mature": example_totals({RESOLVED_UNMOVED: (1000, 640)})}), gives=0.64)


METRIC = Metric(
    key="fcr_no_transfer",
    label=_("First contact resolution, not passed on"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(RESOLVED_UNMOVED, AGENTS),
    windows=windows,
    estimate=estimate,
    min_people=5,
    page="resolution",
    section=_("Solved, as the records and the customers say"),
    place=20,
    by=("channel", "queue"),
    words=_("Of the issues customers opened, how many were solved at the first contact without being passed on."),
    formula=_("issues without a further contact within seven days and without a transfer ÷ issues whose seven days have passed"),
    caveat=_("A warm transfer to the right person can be good service; issues whose transfers are not known are left out."),
    sample=_("issues"),
    source="D1",
    example=_example(),
)
