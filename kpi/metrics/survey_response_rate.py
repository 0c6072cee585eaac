"""Survey response rate: of the customers whose invitation arrived, how many answered."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Part, Period, Total, Unit
from kpi.metrics._csat import SATISFIED
from kpi.metrics._invited import ANSWERED, INVITED, NONE, UNSURE, uninvited
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, ANSWERS_OPEN, example_totals, totals_of, whole_period


def estimate(evidence: Evidence) -> Estimate:
    """A3; answers nobody asked for are told apart, or the rate could pass 100 %."""
    totals = totals_of(evidence, "period")
    invited, strays = totals[INVITED], uninvited(totals)
    if not invited.n:
        return NONE
    unsure = totals[UNSURE].sum
    reasons = (*(("invitations:uninvited",) if strays else ()), *(("invitations:unsure",) if unsure else ()))
    parts = {"invited": invited.n, "not_delivered": invited.n - invited.sum, "unsure": unsure or None, "uninvited": strays}
    found = share_of(Total(round(invited.sum), totals[ANSWERED].n), reasons=reasons, parts=parts)
    return open_until(found, evidence.frame, ANSWERS_OPEN, "provisional:answers")


def _example() -> Example:
    """1000 invited, 960 of them reached, 240 answered; ten more answers came without an invitation."""
    totals = example_totals({INVITED: (1000, 960), UNSURE: (0, 0), ANSWERED: (240, 240), SATISFIED: (250, 200)})
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": totals}), gives=0.25)


METRIC = Metric(
    key="survey_response_rate",
    label=_("Survey response rate"),
    family=Family.CUSTOMER,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(INVITED, UNSURE, ANSWERED, SATISFIED, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="customers",
    section=_("Satisfied with the contact"),
    place=12,
    shows={
        "invited": Part(_("contacts whose customer was invited:"), Unit.COUNT),
        "not_delivered": Part(_("not delivered:"), Unit.COUNT),
        "unsure": Part(_("delivery not known, counted as delivered:"), Unit.COUNT),
        "uninvited": Part(_("answers without an invitation, not in the rate:"), Unit.COUNT),
    },
    by=("channel", "queue"),
    words=_("Of the customers whose invitation to say how satisfied they were arrived, how many answered."),
    formula=_("invited contacts with a valid answer within seven days of closing ÷ contacts whose invitation was delivered"),
    caveat=_(
        "A contact counts once, however many reminders were sent. An answer without an invitation on record counts for satisfaction and "
        "not here. A high rate is not a fair sample: read it beside the coverage and the worst case of those who did not answer."
    ),
    sample=_("delivered invitations"),
    source="A3",
    example=_example(),
)
