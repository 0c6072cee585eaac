"""Equity of satisfaction: are customers of a high value tier satisfied more often than the others?"""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Period, Stratum, Total, Totals, Unit
from kpi.metrics._equity import CAVEAT, SHOWS, gap_of, tiers
from kpi.metrics._shapes import open_until
from kpi.metrics._shared import AGENTS, ANSWERS_OPEN, totals_of, whole_period
from kpi.scales import SATISFIED_FROM

HIGH, LOW = tiers("csat", pl.col("csat_unit") >= SATISFIED_FROM)


def estimate(evidence: Evidence) -> Estimate:
    """F4 for CSAT; the answers are not weighted otherwise."""
    return open_until(gap_of(totals_of(evidence, "period"), (HIGH, LOW)), evidence.frame, ANSWERS_OPEN, "provisional:answers")


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
    return Example(Evidence(frame, {"period": totals}), gives=0.07)


METRIC = Metric(
    key="csat_gap",
    label=_("Gap in satisfaction"),
    family=Family.CUSTOMER,
    unit=Unit.GAP,
    better=Direction.NEITHER,
    measures=(HIGH, LOW, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="human-ai",
    section=_("Even service: the high value tier minus the others"),
    place=90,
    shows=SHOWS,
    by=("channel",),
    words=_("How many more customers of the high value tier than of the others were satisfied, for the same intents."),
    formula=_("sum over intents of (contacts of both tiers ÷ all) × (share of the high tier − share of the others)"),
    caveat=CAVEAT,
    sample=_("answers"),
    source="F4",
    example=_example(),
)
