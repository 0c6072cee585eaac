"""Equity of resolution: are issues of a high value tier solved at the first contact more often than the others?"""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Period, Stratum, Total, Totals, Unit, Window
from kpi.metrics._equity import CAVEAT, SHOWS, gap_of, tiers
from kpi.metrics._shapes import open_until
from kpi.metrics._shared import AGENTS, OUTCOMES_OPEN, mature_end, totals_of
from kpi.metrics.resolution_quality import OPENER

HIGH, LOW = tiers("fcr", pl.when(pl.col("role") == OPENER).then(~pl.col("returned")))


def windows(frame: Frame) -> dict[str, Window]:
    """Openers count once their seven days have passed."""
    mature, start = mature_end(frame), frame.period.start
    return {"mature": Window("interaction", start, mature)} if mature > start else {}


def estimate(evidence: Evidence) -> Estimate:
    """F4 for first contact resolution."""
    return open_until(gap_of(totals_of(evidence, "mature"), (HIGH, LOW)), evidence.frame, OUTCOMES_OPEN, "provisional:outcomes")


def _example() -> Example:
    """Half of the contacts are about billing, half about orders: 0.5 × (0.90 − 0.80) + 0.5 × (0.80 − 0.76)."""
    billing, orders = (Stratum("voice", group, machine_only=False) for group in ("billing", "orders"))
    totals = Totals(
        {
            HIGH.key: {billing: Total(200, 180), orders: Total(100, 80)},
            LOW.key: {billing: Total(200, 160), orders: Total(300, 228)},
        }
    )
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"mature": totals}), gives=0.07)


METRIC = Metric(
    key="fcr_gap",
    label=_("Gap in first contact resolution"),
    family=Family.RESOLUTION,
    unit=Unit.GAP,
    better=Direction.NEITHER,
    measures=(HIGH, LOW, AGENTS),
    windows=windows,
    estimate=estimate,
    min_people=5,
    page="human-ai",
    section=_("Even service: the high value tier minus the others"),
    place=80,
    shows=SHOWS,
    by=("channel",),
    words=_("How many more issues of the high value tier than of the others were solved at the first contact, for the same intents."),
    formula=_("sum over intents of (contacts of both tiers ÷ all) × (share of the high tier − share of the others)"),
    caveat=CAVEAT,
    sample=_("issues"),
    source="F4",
    example=_example(),
)
