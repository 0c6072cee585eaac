"""CSAT: the share of answers that are satisfied, weighted to the contacts they stand for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Period, Stratum, Total, Totals, Unit
from kpi.metrics._csat import SATISFIED, SHOWS, satisfaction
from kpi.metrics._scales import ON_SCALE, counts_by_scale
from kpi.metrics._shared import AGENTS, CONTACTS, totals_of, whole_period

__all__ = ["METRIC", "SATISFIED", "UNIT_SCORE", "estimate"]
UNIT_SCORE = Measure("csat_unit", "interaction", pl.col("csat_unit"), scale=1_000_000)


def estimate(evidence: Evidence) -> Estimate:
    """All answers; the scales they were given on go along, so that a comparison can tell a change of scale (A1)."""
    totals = totals_of(evidence, "period")
    found = satisfaction(totals, evidence.frame, mean=totals[UNIT_SCORE].mean)
    return replace(found, extra={"scales": counts_by_scale(totals)})


def _example() -> Example:
    """Seven of ten contacts are handled by AI, which few rate: the raw share flatters."""
    machine, human = (Stratum("chat", "billing", machine_only=alone) for alone in (True, False))
    totals = Totals(
        {
            CONTACTS.key: {machine: Total(7000, 7000), human: Total(3000, 3000)},
            SATISFIED.key: {machine: Total(70, 42), human: Total(430, 387)},
        }
    )
    return Example(Evidence(Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1)), {"period": totals}), gives=0.69)


METRIC = Metric(
    key="csat",
    label=_("Customer satisfaction"),
    family=Family.CUSTOMER,
    headline=True,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(CONTACTS, SATISFIED, UNIT_SCORE, *ON_SCALE.values(), AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="customers",
    section=_("Satisfied with the contact"),
    place=10,
    shows=SHOWS,
    by=("team", "channel", "queue", "intent", "tier"),
    words=_(
        "Of the customers who answered, how many were satisfied with the contact, counted as if all kinds of contact had answered alike."
    ),
    formula=_(
        "satisfied answers ÷ valid answers; an answer weighs min(5, share of contacts ÷ share of answers) "
        "of its cell: channel, AI or human, intent group"
    ),
    caveat=_(
        "Counts only customers who answered: read it beside the response rate, the coverage and the share of contacts that have an "
        "answer, and the worst case where that is under a tenth."
    ),
    sample=_("answers"),
    source="A1-A4",
    example=_example(),
)
