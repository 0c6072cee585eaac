"""The saving rises while fewer issues are solved."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.alert import Rule
from kpi.alerts._movement import while_worse

RULE = Rule(
    key="saving_while_resolution_falls",
    label=_("The saving rises while resolution quality falls"),
    words=_(
        "Less work is needed and fewer issues are solved: customers come back, or give up. Look at first contact resolution and at false "
        "containment."
    ),
    figure="fte_reduction",
    companions=("resolution_quality", "csat", "agent_wellbeing_index"),
    judge=lambda sight: while_worse(sight, "fte_reduction", "resolution_quality"),
    page="resolution",
)
