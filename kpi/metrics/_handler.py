"""CSAT of the contacts left to the AI alone, or of the others: one definition, asked of either side. Not a metric."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Period, Stratum, Total, Totals, Unit
from kpi.metrics._csat import SATISFIED, SHOWS, satisfaction
from kpi.metrics._shared import AGENTS, CONTACTS, totals_of, whole_period

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Text


def csat_metric(*, key: str, label: Text, machine_only: bool, place: int, words: Text, formula: Text, caveat: Text) -> Metric:
    """A2 and A3 over the contacts that the AI handled alone, or over those a person handled, alone or after the AI."""

    def estimate(evidence: Evidence) -> Estimate:
        return satisfaction(totals_of(evidence, "period"), evidence.frame, lambda stratum: stratum.machine_only == machine_only)

    return Metric(
        key=key,
        label=label,
        family=Family.CUSTOMER,
        unit=Unit.SHARE,
        better=Direction.UP,
        measures=(CONTACTS, SATISFIED, AGENTS),
        windows=whole_period,
        estimate=estimate,
        min_people=5,
        page="customers",
        section=_("Satisfied with the contact"),
        place=place,
        shows=SHOWS,
        by=("channel", "queue"),
        words=words,
        formula=formula,
        caveat=caveat,
        sample=_("answers"),
        source="A2-A3",
        example=_example(machine_only=machine_only),
    )


def _example(*, machine_only: bool) -> Example:
    """Three in four contacts are about billing: 60 % there and 80 % of orders make 65 %; what the other side handled counts for nothing."""
    billing, orders = (Stratum("chat", group, machine_only) for group in ("billing", "orders"))
    other = Stratum("chat", "billing", not machine_only)
    totals = Totals(
        {
            CONTACTS.key: {billing: Total(3000, 3000), orders: Total(1000, 1000), other: Total(9000, 9000)},
            SATISFIED.key: {billing: Total(100, 60), orders: Total(100, 80), other: Total(500, 50)},
        }
    )
    return Example(Evidence(Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1)), {"period": totals}), gives=0.65)
