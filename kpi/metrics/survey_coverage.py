"""Survey coverage: of all contacts, those whose customer was invited to say how satisfied they were."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Period, Total, Unit
from kpi.metrics._invited import INVITED, NONE
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, ANSWERS_OPEN, CONTACTS, example_totals, totals_of, whole_period


def estimate(evidence: Evidence) -> Estimate:
    """A3; where no invitation is on record nobody knows who was asked: that is no coverage of zero."""
    totals = totals_of(evidence, "period")
    invited = totals[INVITED].n
    if not invited:
        return NONE
    return open_until(share_of(Total(totals[CONTACTS].n, invited)), evidence.frame, ANSWERS_OPEN, "provisional:answers")


def _example() -> Example:
    totals = example_totals({CONTACTS: (2500, 2500), INVITED: (1000, 960)})
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": totals}), gives=0.4)


METRIC = Metric(
    key="survey_coverage",
    label=_("Survey coverage"),
    family=Family.CUSTOMER,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(CONTACTS, INVITED, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="customers",
    section=_("Satisfied with the contact"),
    place=14,
    by=("channel", "queue"),
    words=_("Of all contacts, how many had a customer who was invited to say how satisfied they were."),
    formula=_("contacts with at least one invitation ÷ contacts closed in the period"),
    caveat=_(
        "Eligible is every contact, those given up while waiting too: satisfaction is weighted to the same contacts, and the worst case "
        "is about them. Contacts of a system whose invitations are not imported count as not invited."
    ),
    sample=_("contacts"),
    source="A3",
    example=_example(),
)
