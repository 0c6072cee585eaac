"""Fewer of those who ask for a person reach one than the house has promised."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kpi.alert import Rule, Said, Sight

REACH = "reach_rate"
ALL = 100


def judge(sight: Sight) -> Said:
    """Below the floor with the whole interval; quiet once the value is at the floor again. In between the state stays as it is."""
    column = sight.column(REACH)
    floor = settings.HUMAN_REACH_FLOOR / ALL
    if column is None or not column.result.shown or column.result.value is None or column.result.high is None:
        return Said.UNKNOWN
    if column.result.high < floor:
        return Said.FIRES
    return Said.QUIET if column.result.value >= floor else Said.UNKNOWN


RULE = Rule(
    key="human_reach_below_floor",
    label=_("Too few of those who ask for a person reach one"),
    words=_(
        "Handing less over to people saves work only where whoever asks for a person still reaches one. Look at the channels and hours in "
        "which requests stay in vain, and at the loops to call back."
    ),
    figure="handoff_rate",
    companions=("reach_rate", "csat", "agent_wellbeing_index", "resolution_quality"),
    judge=judge,
    page="human-ai",
)
