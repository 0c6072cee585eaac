"""Customer-confirmed resolution: of those who were asked, how many said that it was resolved."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Part, Period, Unit
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, ANSWERS_OPEN, CONTACTS, example_totals, ratio, totals_of, whole_period
from kpi.metrics.resolution_quality import CONFIRMED


def estimate(evidence: Evidence) -> Estimate:
    """D2: yes of yes and no, with the share of contacts that have an answer."""
    totals = totals_of(evidence, "period")
    parts = {"answered_share": ratio(totals[CONFIRMED].n, totals[CONTACTS].n)}
    return open_until(share_of(totals[CONFIRMED], parts=parts), evidence.frame, ANSWERS_OPEN, "provisional:answers")


def _example() -> Example:
    """The second part of the worked example of D6."""
    totals = example_totals({CONFIRMED: (300, 240), CONTACTS: (3000, 3000)})
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": totals}), gives=0.8)


METRIC = Metric(
    key="confirmed_resolution",
    label=_("Confirmed by the customer"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(CONFIRMED, CONTACTS, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="resolution",
    section=_("Solved, as the records and the customers say"),
    place=30,
    shows={"answered_share": Part(_("of the contacts, answered:"), Unit.SHARE)},
    by=("team", "channel", "queue", "intent"),
    words=_("Of the customers asked whether their issue was resolved, how many said yes."),
    formula=_("answers “yes” ÷ answers “yes” or “no” to the question whether it was resolved, the last within seven days of closing"),
    caveat=_(
        "Hears only those who answer, about whichever contact they were asked about: what they say of the first one stands beside it."
    ),
    sample=_("answers"),
    source="D2",
    example=_example(),
)
