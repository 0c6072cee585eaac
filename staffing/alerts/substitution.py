"""Substitution (E8): contacts no longer grow, and most freed hours were taken out as paid hours, few given back."""

from django.utils.translation import gettext_lazy as _

from kpi.alert import Rule
from staffing.alerts._ledger import warned

RULE = Rule(
    key="substitution",
    label=_("Freed hours become posts taken out"),
    words=_(
        "Contacts no longer grow, more than half of the freed hours were taken out as paid hours, and less than a quarter came back to "
        "people. Further efficiency removes posts. Look at the gain ledger and at what became of those whose role ended."
    ),
    figure="gain_ledger",
    companions=("agent_wellbeing_index", "csat", "resolution_quality"),
    judge=lambda sight: warned(sight, "alert:substitution"),
    page="capacity",
)
