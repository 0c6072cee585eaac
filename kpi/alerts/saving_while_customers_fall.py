"""The saving rises while customers are less satisfied."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.alert import Rule
from kpi.alerts._movement import while_worse

RULE = Rule(
    key="saving_while_customers_fall",
    label=_("The saving rises while customer satisfaction falls"),
    words=_(
        "Less work is needed and customers are less satisfied. Look at which channels and intents fell, and at who answered the survey."
    ),
    figure="fte_reduction",
    companions=("csat", "agent_wellbeing_index", "resolution_quality"),
    judge=lambda sight: while_worse(sight, "fte_reduction", "csat"),
    page="customers",
)
