"""Breaches of the intent policy: where the AI took part though it may not, or kept a customer whom it may only make an offer."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Unit
from kpi.metrics._requests import OPEN_FOR
from kpi.metrics._shapes import open_until, share_of
from kpi.metrics._shared import AGENTS, BY_AI, NEVER_REACHED, example_totals, totals_of, whole_period

PEOPLE_ONLY = pl.col("ai_policy") == "people_only"
# kpi/cases.py lists the same contacts; a test holds the two together.
KEPT = (pl.col("ai_policy") == "ai_may_offer") & pl.col("machine_only") & NEVER_REACHED
BREACH = Measure("policy_breach", "interaction", pl.when(BY_AI & pl.col("ai_policy").is_not_null()).then(PEOPLE_ONLY | KEPT))
FORBIDDEN = Measure("policy_people_only", "interaction", pl.when(BY_AI & pl.col("ai_policy").is_not_null()).then(PEOPLE_ONLY))
UNJUDGED = Measure("policy_absent", "interaction", pl.when(BY_AI).then(pl.col("ai_policy").is_null()))


def estimate(evidence: Evidence) -> Estimate:
    """By the policy in force on the day of the contact; AI sessions without one are no part of it, and their share is shown."""
    totals = totals_of(evidence, "period")
    judged, forbidden = totals[BREACH], totals[FORBIDDEN].sum
    parts = {"forbidden": forbidden, "kept": judged.sum - forbidden, "unjudged_share": totals[UNJUDGED].mean}
    return open_until(share_of(judged, parts=parts), evidence.frame, OPEN_FOR, "reach:open")


def _example() -> Example:
    """Of 1000 AI sessions 12 were about something only people may do, and 38 customers of an offer asked for a person in vain."""
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    totals = example_totals({BREACH: (1000, 50), FORBIDDEN: (1000, 12), UNJUDGED: (1250, 250)})
    return Example(Evidence(frame, {"period": totals}), gives=0.05)


METRIC = Metric(
    key="policy_breach_rate",
    label=_("Breaches of the AI policy"),
    family=Family.RESOLUTION,
    unit=Unit.SHARE,
    better=Direction.DOWN,
    measures=(BREACH, FORBIDDEN, UNJUDGED, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="human-ai",
    section=_("The AI towards customers and people"),
    place=58,
    shows={
        "forbidden": Part(_("where only people may serve:"), Unit.COUNT),
        "kept": Part(_("asked for a person in vain, where the AI may only offer:"), Unit.COUNT),
        "unjudged_share": Part(_("AI sessions without a policy:"), Unit.SHARE),
    },
    by=("channel", "queue", "intent"),
    words=_("Of the contacts the AI took part in, how many broke the policy of their intent that was in force on that day."),
    formula=_(
        "(AI sessions of intents for people only + contacts of intents where the AI may offer that it closed alone though the customer "
        "asked for a person) ÷ AI sessions whose intent has a policy"
    ),
    caveat=_(
        "A policy holds from its day on: a change today leaves every earlier verdict as it was. An intent is what the system recorded; "
        "a contact under the wrong intent is judged by the wrong policy."
    ),
    sample=_("AI sessions"),
    source="product 3",
    example=_example(),
)
