"""The saving is withheld because nobody has asked the people who work for too long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.alert import Rule, Said, Sight

STALE = "awi:stale"


def judge(sight: Sight) -> Said:
    column = sight.column("fte_reduction")
    if column is None:
        return Said.UNKNOWN
    return Said.FIRES if STALE in column.result.reasons else Said.QUIET


RULE = Rule(
    key="saving_without_fresh_wellbeing",
    label=_("The last wellbeing survey is too old, so savings are withheld"),
    words=_(
        "No saving is shown beside an old answer of the people it is made with. Open the next wave, and the saving can be shown again."
    ),
    figure="fte_reduction",
    companions=("agent_wellbeing_index", "csat", "resolution_quality"),
    judge=judge,
    page="people",
)
