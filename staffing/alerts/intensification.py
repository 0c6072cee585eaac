"""Intensification (E8): those who are left handle more in each paid hour than at base practice."""

from django.utils.translation import gettext_lazy as _

from kpi.alert import Rule
from staffing.alerts._ledger import warned

RULE = Rule(
    key="intensification",
    label=_("Work gets denser instead of easier"),
    words=_(
        "More was taken out than was freed: the people who are left handle more in each paid hour than before the AI. Look at occupancy, "
        "pauses and the wellbeing of the same teams."
    ),
    figure="gain_ledger",
    companions=("agent_wellbeing_index", "csat", "resolution_quality"),
    judge=lambda sight: warned(sight, "alert:intensification"),
    page="capacity",
)
