"""Work-condition signals from additive halves (metrics.md B2). Units are those of wellbeing/index.py; None where nothing is known."""

from __future__ import annotations

import polars as pl

from kpi.groups import FLOOR
from kpi.metric import Measure, Totals
from kpi.metrics._shared import DAY_HANDLING, DAY_WAITING, HEADCOUNT, LEAVERS, ratio

Pair = tuple[Measure, Measure]
MILLI = 1000


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
SHORT_NOTICE = _pair("short_notice", pl.col("short_notice_changes"), pl.col("shifts"))
PROMPTS = _pair("prompts", pl.col("prompts_shown"), pl.col("handling_s"))
MAY_DISABLE = _pair(
    "may_disable", pl.when(pl.col("can_disable_prompts")).then(PAID).when(pl.col("can_disable_prompts").is_not_null()).then(0.0), PAID
)
ABSENCE = _pair("absence", pl.col("sick_s"), pl.col("scheduled_s"))
AFTER_HOURS = Measure("after_hours_s", "agent_day", pl.col("after_hours_s"), scale=MILLI)
HIGH_EMOTION = Measure("high_emotion_days", "agent_day", pl.col("high_emotion_runs") > 0)
AT_WORK = Measure("at_work", "agent_day", pl.col("agent"), peak=True, distinct=True)  # people of the busiest day
MEASURES = (
    DAY_HANDLING, DAY_WAITING, *PAUSES, *SHORT_NOTICE, *PROMPTS, *MAY_DISABLE, *ABSENCE, AFTER_HOURS, HIGH_EMOTION, AT_WORK,
    HEADCOUNT, LEAVERS,
)  # fmt: skip

WORKING_DAYS, WEEK, YEAR = 5, 7, 365


def signals(days: Totals, people: Totals, quarter: Totals, year: Totals) -> dict[str, float | None]:
    """`days` and `people`: working days and employment of the period; `quarter`: working days of 13 weeks; `year`: employment of 52.

    The override penalty gap (F5) is not measured yet and stays missing. C2: the days of fewer than five people tell nothing here.
    """
    if 0 < days[AT_WORK].n < FLOOR:
        days = Totals()
    handling, waiting = days[DAY_HANDLING].sum, days[DAY_WAITING].sum
    return {
        "occupancy": ratio(handling, handling + waiting),
        "recovery_min_per_hour": _times(60, _of(PAUSES, days)),
        "after_hours_min_per_week": _after_hours(days, people),
        "high_emotion_run_share": days[HIGH_EMOTION].mean,
        "short_notice_change_share": _of(SHORT_NOTICE, days),
        "prompts_per_hour": _times(3600, _of(PROMPTS, days)),
        "right_to_disable_share": _of(MAY_DISABLE, days),
        "absence_rate": _of(ABSENCE, quarter),
        "attrition_rate": _times(YEAR, ratio(year[LEAVERS].sum, year[HEADCOUNT].sum)),
    }


def _of(pair: Pair, totals: Totals) -> float | None:
    return ratio(totals[pair[0]].sum, totals[pair[1]].sum)


def _times(factor: float, value: float | None) -> float | None:
    return None if value is None else factor * value


def _after_hours(days: Totals, people: Totals) -> float | None:
    """Minutes per person and week: of those employed; where no spells are known, of those who worked, five days a week."""
    found = days[AFTER_HOURS]
    if not found.n:
        return None
    weeks = people[HEADCOUNT].sum / WEEK or found.n / WORKING_DAYS
    return found.sum / 60 / weeks
