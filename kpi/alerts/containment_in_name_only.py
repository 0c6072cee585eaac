"""More contacts stay with the AI, and more of those stay there in name only."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.alert import Rule, Said, Sight
from kpi.alerts._movement import both, got_worse
from kpi.result import Result
from kpi.uncertainty import newcombe

FALSE = "containment_rate"
RAW, SESSIONS = "raw_containment", "ai_sessions"


def judge(sight: Sight) -> Said:
    """Raw containment up beyond noise, and false containment up beyond noise."""
    column = sight.column(FALSE)
    if column is None or not column.result.shown:
        return Said.UNKNOWN
    return both(_raw_rose(column.result, sight.earlier(FALSE)), got_worse(column.change))


def _raw_rose(now: Result, before: Result | None) -> bool | None:
    if before is None or not before.shown:
        return None
    shares, sessions = ([result.parts.get(name) for result in (before, now)] for name in (RAW, SESSIONS))
    if None in shares or not all(sessions):
        return None
    (p1, p2), (n1, n2) = ([float(item or 0.0) for item in pair] for pair in (shares, sessions))
    return newcombe(p1 * n1, n1, p2 * n2, n2).low > 0


RULE = Rule(
    key="containment_in_name_only",
    label=_("Containment rises while false containment rises"),
    words=_(
        "More contacts end with the AI, and a larger share of them is not solved: the customer came back, asked for a person in vain, or "
        "said so. Containment alone would look like success."
    ),
    figure="containment_rate",
    companions=("csat", "agent_wellbeing_index", "resolution_quality"),
    judge=judge,
    page="resolution",
)
