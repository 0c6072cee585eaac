"""CSAT of contacts that were not left to the AI alone."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Period, Stratum, Total, Totals, Unit
from kpi.metrics._csat import SATISFIED, SHOWS, satisfaction
from kpi.metrics._shared import AGENTS, CONTACTS, totals_of, whole_period


def estimate(evidence: Evidence) -> Estimate:
    """A2 and A3 over the contacts that a person handled, alone or after the AI."""
    return satisfaction(totals_of(evidence, "period"), evidence.frame, lambda stratum: not stratum.machine_only)


def _example() -> Example:
    """Three in four contacts are about billing: 60 % there and 80 % of orders make 65 %; what the AI handled alone counts for nothing."""
    billing, orders = (Stratum("chat", group, machine_only=False) for group in ("billing", "orders"))
    other = Stratum("chat", "billing", machine_only=True)
    totals = Totals(
        {
            CONTACTS.key: {billing: Total(3000, 3000), orders: Total(1000, 1000), other: Total(9000, 9000)},
            SATISFIED.key: {billing: Total(100, 60), orders: Total(100, 80), other: Total(500, 50)},
        }
    )
    return Example(Evidence(Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1)), {"period": totals}), gives=0.65)


METRIC = Metric(
    key="csat_human",
    label=_("Satisfaction, a person involved"),
    family=Family.CUSTOMER,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(CONTACTS, SATISFIED, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="customers",
    section=_("Satisfied with the contact"),
    place=20,
    shows=SHOWS,
    by=("channel", "queue"),
    words=_("Of the customers who were served by a person, alone or after the AI, how many were satisfied."),
    formula=_(
        "satisfied answers ÷ valid answers about contacts a person handled, alone or after the AI, "
        "weighted as customer satisfaction by channel and intent group"
    ),
    caveat=_("People get what the AI could not solve: the two groups are not the same contacts. Counts only customers who answered."),
    sample=_("answers"),
    source="A2-A3",
    example=_example(),
)
