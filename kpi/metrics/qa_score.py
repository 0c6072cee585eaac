"""QA score: the mean of the quality reviews, with critical errors apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Status, Unit
from kpi.metrics._shapes import mean_of, open_until
from kpi.metrics._shared import AGENTS, BY_PEOPLE, OUTCOMES_OPEN, example_totals, ratio, totals_of, whole_period
from kpi.metrics.resolution_quality import QA

CRITICAL = Measure("qa_critical", "interaction", pl.col("qa_critical"))
FEWEST = 20  # D3


def estimate(evidence: Evidence) -> Estimate:
    """D3: hidden below twenty reviews; a critical error is no part of the mean."""
    totals = totals_of(evidence, "period")
    reviews = totals[QA]
    if 0 < reviews.n < FEWEST:
        return Estimate(Status.INSUFFICIENT, n=reviews.n, reasons=("sample:below_20",))
    parts = {"critical_share": totals[CRITICAL].mean, "reviewed_share": ratio(reviews.n, totals[BY_PEOPLE].sum)}
    found = mean_of(reviews, parts=parts)
    if found.low is not None and found.high is not None:
        found = replace(found, low=max(0.0, found.low), high=min(100.0, found.high))
    return open_until(found, evidence.frame, OUTCOMES_OPEN, "reviews:open")


def _example() -> Example:
    """Sixty reviews with mean 86 and standard deviation 9; three of them found a critical error."""
    totals = example_totals({QA: (60, 60 * 86, 60 * 86**2 + 59 * 81), CRITICAL: (60, 3), BY_PEOPLE: (3500, 3000)})
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": totals}), gives=86.0)


METRIC = Metric(
    key="qa_score",
    label=_("Reviewed quality"),
    family=Family.RESOLUTION,
    unit=Unit.INDEX,
    better=Direction.UP,
    measures=(QA, CRITICAL, BY_PEOPLE, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="resolution",
    section=_("What it took, and how well it was done"),
    place=60,
    shows={
        "critical_share": Part(_("reviews with a critical error:"), Unit.SHARE),
        "reviewed_share": Part(_("of the contacts a person handled, reviewed:"), Unit.SHARE),
    },
    by=("team", "channel", "queue"),
    words=_("How good the contacts were that reviewers looked at, on their rubric from 0 to 100."),
    formula=_("sum of the scores ÷ reviews; one review per contact, the last"),
    caveat=_(
        "Only as good as the choice of contacts and the agreement of the reviewers, which stands beside it where contacts were reviewed "
        "twice. A critical error is told apart from the mean."
    ),
    sample=_("reviews"),
    source="D3",
    example=_example(),
)
