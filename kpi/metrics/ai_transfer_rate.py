"""AI transfer rate: of the sessions that involved the AI, those that were handed to a person."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Period, Unit
from kpi.metrics._shapes import share_of
from kpi.metrics._shared import AGENTS, BY_AI, example_totals, totals_of, whole_period

HANDED_OVER = Measure("ai_handed_over", "interaction", pl.when(BY_AI).then(pl.col("handled_by") == "hybrid"))


def estimate(evidence: Evidence) -> Estimate:
    """F1: AI sessions handed to a person ÷ AI sessions."""
    return share_of(totals_of(evidence, "period")[HANDED_OVER])


def _example() -> Example:
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": example_totals({HANDED_OVER: (1000, 300)})}), gives=0.3)


METRIC = Metric(
    key="ai_transfer_rate",
    label=_("AI sessions handed to a person"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.NEITHER,
    measures=(HANDED_OVER, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="human-ai",
    section=_("Who handled it: neither good nor bad"),
    place=50,
    by=("channel", "queue"),
    words=_("Of the contacts the AI took part in, how many ended with a person."),
    formula=_("contacts of AI and person together ÷ contacts of the AI, alone or with a person"),
    caveat=_("Few hand-overs may mean that the AI solves much, or that nobody gets past it: read it beside who reached a person."),
    sample=_("AI sessions"),
    source="F1",
    example=_example(),
)
