"""Working days and employment as additive halves, for metrics of several apps (metrics.md B2). Not a metric."""

from __future__ import annotations

import polars as pl

from kpi.metric import Measure, Totals
from kpi.metrics._shared import HEADCOUNT, LEAVERS, ratio

__all__ = [
    "ABSENCE", "AFTER_HOURS", "AT_WORK", "HEADCOUNT", "HIGH_EMOTION", "LEAVERS", "MAY_DISABLE", "PAUSES", "PROMPTS", "RECOVERY",
    "SHORT_NOTICE",
]  # fmt: skip
Pair = tuple[Measure, Measure]
MILLI = 1000
WORKING_DAYS, WEEK, YEAR = 5, 7, 365


def _pair(name: str, top: pl.Expr, bottom: pl.Expr) -> Pair:
    """Both halves over the working days on which both are known."""
    known = top.is_not_null() & bottom.is_not_null()
    return (
        Measure(f"{name}_top", "agent_day", pl.when(known).then(top), scale=MILLI),
        Measure(f"{name}_bottom", "agent_day", pl.when(known).then(bottom), scale=MILLI),
    )


PAID = pl.col("paid_s")
# pause_s are all paid pauses, the automatic recovery pauses among them, meals not.
PAUSES = _pair("pause_s", pl.coalesce("pause_s", "recovery_pause_s"), PAID)
# A pause more than was due on one day does not make up for one that was missed on another.
DUE, TAKEN = pl.col("recovery_due"), pl.col("recovery_taken")
RECOVERY = _pair("recovery", pl.when(TAKEN > DUE).then(DUE).otherwise(TAKEN), DUE)
SHORT_NOTICE = _pair("short_notice", pl.col("short_notice_changes"), pl.col("shifts"))
PROMPTS = _pair("prompts", pl.col("prompts_shown"), pl.col("handling_s"))
MAY_DISABLE = _pair(
    "may_disable", pl.when(pl.col("can_disable_prompts")).then(PAID).when(pl.col("can_disable_prompts").is_not_null()).then(0.0), PAID
)
ABSENCE = _pair("absence", pl.col("sick_s"), pl.col("scheduled_s"))
AFTER_HOURS = Measure("after_hours_s", "agent_day", pl.col("after_hours_s"), scale=MILLI)
HIGH_EMOTION = Measure("high_emotion_days", "agent_day", pl.col("high_emotion_runs") > 0)
AT_WORK = Measure("at_work", "agent_day", pl.col("agent"), peak=True, distinct=True)  # people of the busiest day


def of_pair(pair: Pair, totals: Totals) -> float | None:
    return ratio(totals[pair[0]].sum, totals[pair[1]].sum)


def person_weeks(days: Totals, people: Totals) -> float:
    """Weeks of people employed; where no spells are known, of those who worked, five days a week."""
    return people[HEADCOUNT].sum / WEEK or days[AFTER_HOURS].n / WORKING_DAYS
