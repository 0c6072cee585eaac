"""CES: the share of customers for whom it was easy to get the issue handled."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Unit
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, ANSWERS_OPEN, example_totals, totals_of, whole_period

EASY = Measure("ces_easy", "interaction", pl.col("ces") >= 5)
EASE = Measure("ces_score", "interaction", pl.col("ces"), scale=100)


def estimate(evidence: Evidence) -> Estimate:
    """A6: the share of 5 to 7 of 7, plus the mean."""
    totals = totals_of(evidence, "period")
    found = share_of(totals[EASY], parts={"mean": totals[EASE].mean})
    return open_until(found, evidence.frame, ANSWERS_OPEN, "provisional:answers")


def _example() -> Example:
    """Sixty agree (6), twenty are in between (4), twenty disagree (2): the mean is 4.8."""
    totals = example_totals({EASY: (100, 60), EASE: (100, 480)})
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": totals}), gives=0.6)


METRIC = Metric(
    key="ces",
    label=_("It was easy"),
    family=Family.CUSTOMER,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(EASY, EASE, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="customers",
    section=_("Other questions, never pooled with satisfaction"),
    place=50,
    shows={"mean": Part(_("mean of 1 to 7:"), Unit.MEAN)},
    by=("channel", "queue"),
    words=_("Of the customers asked whether it was made easy for them, how many agreed (customer effort score)."),
    formula=_("answers of 5, 6 and 7 ÷ answers on a scale from 1 to 7"),
    caveat=_("Counts only customers who answered, and asks about ease, not about the outcome."),
    sample=_("answers"),
    source="A6",
    example=_example(),
)
