"""Hand-off rate: the share of contacts a person handled, alone or after the AI."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Part, Period, Unit
from kpi.metrics._shapes import share_of
from kpi.metrics._shared import AGENTS, BY_PEOPLE, CONTACTS, example_totals, ratio, totals_of, whole_period


def estimate(evidence: Evidence) -> Estimate:
    """F1: of the contacts whose handler is known; most of the others hung up before anybody took them."""
    totals = totals_of(evidence, "period")
    handled, contacts = totals[BY_PEOPLE], totals[CONTACTS].n
    return share_of(handled, parts={"nobody_share": ratio(contacts - handled.n, contacts)})


def _example() -> Example:
    totals = example_totals({BY_PEOPLE: (9500, 7600), CONTACTS: (10_000, 10_000)})
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": totals}), gives=0.8)


METRIC = Metric(
    key="handoff_rate",
    label=_("Handled by people"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.NEITHER,
    measures=(BY_PEOPLE, CONTACTS, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="human-ai",
    section=_("Who handled it: neither good nor bad"),
    place=40,
    shows={"nobody_share": Part(_("handled by nobody, or not known:"), Unit.SHARE)},
    by=("channel", "queue", "intent"),
    words=_("Of the contacts somebody handled, how many a person handled, alone or after the AI (hand-off rate)."),
    formula=_("contacts handled by a person, alone or after the AI ÷ contacts whose handler is known"),
    caveat=_(
        "A ceiling on it cannot ensure that people are involved, and a floor does not say that they help: "
        "it has no colour, and targets belong to whether those who ask reach a person."
    ),
    sample=_("contacts"),
    source="F1",
    example=_example(),
)
