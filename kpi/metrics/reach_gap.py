"""Equity of reach: do customers of a high value tier reach a person more often than the others?"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Period, Stratum, Total, Totals, Unit
from kpi.metrics._equity import CAVEAT, SHOWS, gap_of, tiers
from kpi.metrics._requests import OPEN_FOR, REACHED_WHEN_ASKED
from kpi.metrics._shapes import open_until
from kpi.metrics._shared import AGENTS, totals_of, whole_period

HIGH, LOW = tiers("reach", REACHED_WHEN_ASKED)


def estimate(evidence: Evidence) -> Estimate:
    """F4 for the share that reached a person within a day."""
    return open_until(gap_of(totals_of(evidence, "period"), (HIGH, LOW)), evidence.frame, OPEN_FOR, "reach:open")


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
    key="reach_gap",
    label=_("Gap in reach"),
    family=Family.RESOLUTION,
    unit=Unit.GAP,
    better=Direction.NEITHER,
    measures=(HIGH, LOW, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="human-ai",
    section=_("Even service: the high value tier minus the others"),
    place=70,
    shows=SHOWS,
    by=("channel",),
    words=_("How many more customers of the high value tier than of the others reached a person when they asked, for the same intents."),
    formula=_("sum over intents of (contacts of both tiers ÷ all) × (share of the high tier − share of the others)"),
    caveat=CAVEAT,
    sample=_("requests"),
    source="F4",
    example=_example(),
)
