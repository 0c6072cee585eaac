"""Work-condition signals from additive halves (metrics.md B2). Units are those of wellbeing/index.py; None where nothing is known."""

from __future__ import annotations

from kpi.anonymity import OPERATIONAL_K
from kpi.metric import Totals
from kpi.metrics._days import (
    ABSENCE,
    AFTER_HOURS,
    AT_WORK,
    HEADCOUNT,
    HIGH_EMOTION,
    LEAVERS,
    MAY_DISABLE,
    PAUSES,
    PROMPTS,
    SHORT_NOTICE,
    YEAR,
    of_pair,
    person_weeks,
)  # fmt: skip
from kpi.metrics._shared import DAY_HANDLING, DAY_WAITING, ratio

MEASURES = (
    DAY_HANDLING, DAY_WAITING, *PAUSES, *SHORT_NOTICE, *PROMPTS, *MAY_DISABLE, *ABSENCE, AFTER_HOURS, HIGH_EMOTION, AT_WORK,
    HEADCOUNT, LEAVERS,
)  # fmt: skip


def signals(days: Totals, people: Totals, quarter: Totals, year: Totals) -> dict[str, float | None]:
    """`days` and `people`: working days and employment of the period; `quarter`: working days of 13 weeks; `year`: employment of 52.

    The override penalty gap (F5) is never measured (docs/decisions/0012) and stays missing.
    C2: the days of fewer than five people tell nothing here.
    """
    if 0 < days[AT_WORK].n < OPERATIONAL_K:
        days = Totals()
    handling, waiting = days[DAY_HANDLING].sum, days[DAY_WAITING].sum
    return {
        "occupancy": ratio(handling, handling + waiting),
        "recovery_min_per_hour": _times(60, of_pair(PAUSES, days)),
        "after_hours_min_per_week": _after_hours(days, people),
        "high_emotion_run_share": days[HIGH_EMOTION].mean,
        "short_notice_change_share": of_pair(SHORT_NOTICE, days),
        "prompts_per_hour": _times(3600, of_pair(PROMPTS, days)),
        "right_to_disable_share": of_pair(MAY_DISABLE, days),
        "absence_rate": of_pair(ABSENCE, quarter),
        "attrition_rate": _times(YEAR, ratio(year[LEAVERS].sum, year[HEADCOUNT].sum)),
    }


def _times(factor: float, value: float | None) -> float | None:
    return None if value is None else factor * value


def _after_hours(days: Totals, people: Totals) -> float | None:
    """Minutes per person and week."""
    found = days[AFTER_HOURS]
    return found.sum / 60 / person_weeks(days, people) if found.n else None
