"""Contacts per issue: how often customers had to get in touch for one and the same thing."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Part, Period, Status, Unit
from kpi.metrics._issues import ISSUES
from kpi.metrics._shapes import share_of
from kpi.metrics._shared import AGENTS, example_totals, totals_of, whole_period


def estimate(evidence: Evidence) -> Estimate:
    """D5: contacts ÷ issues, which is one over the share of contacts that open one; so are its limits."""
    contacts = totals_of(evidence, "period")[ISSUES]
    opening = share_of(contacts)
    if not opening.value or not opening.low or not opening.high:
        return Estimate(opening.status if not opening.status.shows_value else Status.INSUFFICIENT, n=contacts.n, reasons=opening.reasons)
    return Estimate(
        status=opening.status,
        value=1 / opening.value,
        low=1 / opening.high,
        high=1 / opening.low,
        n=contacts.n,
        ci_method="wilson, of the inverse",
        reasons=opening.reasons,
        parts={"issues": contacts.sum},
    )


def _example() -> Example:
    """1000 issues, 250 contacts of customers who came back."""
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": example_totals({ISSUES: (1250, 1000)})}), gives=1.25)


METRIC = Metric(
    key="contacts_per_issue",
    label=_("Contacts per issue"),
    family=Family.RESOLUTION,
    unit=Unit.MEAN,
    better=Direction.DOWN,
    measures=(ISSUES, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="resolution",
    section=_("What it took, and how well it was done"),
    place=70,
    shows={"issues": Part(_("issues opened:"), Unit.COUNT)},
    by=("channel", "queue"),
    words=_("How many contacts one issue of a customer took, on whatever channels."),
    formula=_("contacts that open an issue or come back to it within seven days ÷ issues opened"),
    caveat=_(
        "A customer who gives up needs few contacts too. By channel, an issue belongs to where it was opened and a contact to where "
        "it took place: a channel people turn to afterwards shows more. The comparison is its baseline."
    ),
    sample=_("contacts"),
    source="D5",
    example=_example(),
)
