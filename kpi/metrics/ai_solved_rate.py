"""From eligible to confirmed: of the contacts the AI may take, how many it tried, closed alone, and really solved."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Unit
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, BY_AI, NEVER_REACHED, OUTCOMES_OPEN, example_totals, totals_of
from kpi.metrics.containment_rate import windows

ELIGIBLE = pl.col("ai_policy").is_not_null() & (pl.col("ai_policy") != "people_only")
ALONE = pl.col("machine_only").fill_null(value=False)
SAID_NO = pl.col("confirmed").eq(other=False).fill_null(value=False)
CAME_BACK = pl.col("returned").fill_null(value=True)  # of whom that cannot be known, nothing is confirmed
TRIED = Measure("eligible_tried", "interaction", pl.when(ELIGIBLE).then(BY_AI.fill_null(value=False)))
CLOSED = Measure("eligible_closed", "interaction", pl.when(ELIGIBLE).then(ALONE))
SOLVED = Measure("eligible_solved", "interaction", pl.when(ELIGIBLE).then(ALONE & ~CAME_BACK & ~NEVER_REACHED & ~SAID_NO))


def estimate(evidence: Evidence) -> Estimate:
    """Each step is a part of the one before; only contacts whose seven days have passed are in any of them."""
    totals = totals_of(evidence, "mature")
    solved = totals[SOLVED]
    parts = {"eligible": float(solved.n), "tried": totals[TRIED].sum, "closed": totals[CLOSED].sum, "solved": solved.sum}
    return open_until(share_of(solved, parts=parts), evidence.frame, OUTCOMES_OPEN, "provisional:outcomes")


def _example() -> Example:
    """Of 1000 contacts the AI may take it tried 600 and closed 400, of which 100 in name only."""
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(
        Evidence(frame, {"mature": example_totals({TRIED: (1000, 600), CLOSED: (1000, 400), SOLVED: (1000, 300)})}),
        gives=0.3,
    )


METRIC = Metric(
    key="ai_solved_rate",
    label=_("Solved by the AI"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.NEITHER,
    measures=(TRIED, CLOSED, SOLVED, AGENTS),
    windows=windows,
    estimate=estimate,
    min_people=5,
    page="human-ai",
    section=_("From eligible to confirmed"),
    place=40,
    shows={
        "eligible": Part(_("eligible:"), Unit.COUNT),
        "tried": Part(_("attempted by the AI:"), Unit.COUNT),
        "closed": Part(_("contained, closed without a person:"), Unit.COUNT),
        "solved": Part(_("confirmed, not only in name:"), Unit.COUNT),
    },
    words=_("Of the contacts whose intent the AI may take or make an offer in, how many it closed alone and really solved."),
    formula=_(
        "AI-only contacts of known customers who did not come back within seven days, did not ask for a person in vain and did not say it "
        "was not resolved ÷ contacts of intents that are not for people only"
    ),
    caveat=_(
        "More is not better by itself: it says how far the AI reaches, not whether those it did not take were served well. Intents "
        "without a policy are in none of the steps."
    ),
    sample=_("eligible contacts"),
    source="D4, F1",
    example=_example(),
)
