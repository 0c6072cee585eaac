"""First contact resolution by survey: of customers asked about the first contact of an issue, how many said it was resolved."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Unit
from kpi.metrics._issues import OPENS
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, ANSWERS_OPEN, example_totals, ratio, totals_of, whole_period
from kpi.metrics.resolution_quality import CONFIRMED

FIRST_CONFIRMED = Measure("first_confirmed", "interaction", pl.when(OPENS).then(pl.col("confirmed")))
OPENERS = Measure("openers", "interaction", OPENS)


def estimate(evidence: Evidence) -> Estimate:
    """D2 beside D1: yes of yes and no about contacts that open an issue."""
    totals = totals_of(evidence, "period")
    answers = totals[FIRST_CONFIRMED]
    parts = {
        "answered_share": ratio(answers.n, totals[OPENERS].sum),
        "later": ratio(totals[CONFIRMED].sum - answers.sum, totals[CONFIRMED].n - answers.n),
    }
    return open_until(share_of(answers, parts=parts), evidence.frame, ANSWERS_OPEN, "provisional:answers")


def _example() -> Example:
    """Of 250 answers about first contacts 190 say yes, of 50 about later ones 30."""
    totals = example_totals({FIRST_CONFIRMED: (250, 190), CONFIRMED: (300, 220), OPENERS: (3000, 2500)})
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": totals}), gives=0.76)


METRIC = Metric(
    key="survey_fcr",
    label=_("First contact resolution, by survey"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(FIRST_CONFIRMED, OPENERS, CONFIRMED, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="resolution",
    section=_("Solved, as the records and the customers say"),
    place=32,
    shows={
        "answered_share": Part(_("of the first contacts, answered:"), Unit.SHARE),
        "later": Part(_("of those asked about a later contact, yes:"), Unit.SHARE),
    },
    by=("channel", "queue"),
    words=_("Of the customers asked after the first contact of an issue whether it was resolved, how many said yes."),
    formula=_("answers “yes” ÷ answers “yes” or “no” about contacts that open an issue, the last within seven days of closing"),
    caveat=_(
        "Hears only those who answer, and who answers after a second contact may mean that one. The survey asks whether it was resolved; a "
        "question that says “on the first contact” is not among the records."
    ),
    sample=_("answers"),
    source="D1, D2",
    example=_example(),
)
