"""AI disclosure: of the sessions with the AI, those in which the customer was told so at the start."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Unit
from kpi.metrics._shapes import share_of
from kpi.metrics._shared import AGENTS, BY_AI, example_totals, totals_of, whole_period

# The first turn of the AI is not in the records: it is taken to come within a minute of the start (policy).
FIRST_TURN = timedelta(minutes=1)
_TOLD_FIRST = (pl.col("ai_disclosed_at") <= pl.col("started_at") + FIRST_TURN).fill_null(value=False)
TOLD_FIRST = Measure("ai_told_first", "interaction", pl.when(BY_AI).then(_TOLD_FIRST))
TOLD = Measure("ai_told", "interaction", pl.when(BY_AI).then(pl.col("ai_disclosed_at").is_not_null()))


def estimate(evidence: Evidence) -> Estimate:
    """F3: the target is every session."""
    totals = totals_of(evidence, "period")
    sessions, told = totals[TOLD_FIRST], totals[TOLD]
    return share_of(sessions, parts={"told": told.mean, "target": 1.0, "not_told": told.n - told.sum})


def _example() -> Example:
    """Of 1000 sessions 960 said it at the start, 10 later, 30 never."""
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": example_totals({TOLD_FIRST: (1000, 960), TOLD: (1000, 970)})}), gives=0.96)


METRIC = Metric(
    key="ai_disclosure_rate",
    label=_("Told that it is an AI"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(TOLD_FIRST, TOLD, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="human-ai",
    section=_("The AI towards customers and people"),
    place=60,
    shows={
        "target": Part(_("target:"), Unit.SHARE),
        "told": Part(_("told at any time:"), Unit.SHARE),
        "not_told": Part(_("sessions without a word of it:"), Unit.COUNT),
    },
    by=("channel", "queue", "intent"),
    words=_("Of the contacts the AI took part in, how many said at the start that it is an AI."),
    formula=_("AI sessions with a disclosure within a minute of the start ÷ AI sessions"),
    caveat=_(
        "The first turn of the AI is not in the records; it is taken to come within a minute of the start, so that on slow channels "
        "such as e-mail the share told at any time is the better guide. A disclosure that nobody recorded counts as none."
    ),
    sample=_("AI sessions"),
    source="F3; EU AI Act, Art. 50(1)",
    example=_example(),
)
