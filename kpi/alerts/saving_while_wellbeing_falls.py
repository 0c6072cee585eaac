"""The saving rises while the wellbeing of those who work falls, beyond both of its bands."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.alert import Rule
from kpi.alerts._movement import while_worse

RULE = Rule(
    key="saving_while_wellbeing_falls",
    label=_("The saving rises while wellbeing falls"),
    words=_(
        "Less work is needed and the people who do it are worse off. Look at the dimensions of the index that fell, and at what became of "
        "the freed hours: given back as relief, or squeezed into more contacts per head."
    ),
    figure="fte_reduction",
    companions=("agent_wellbeing_index", "csat", "resolution_quality"),
    judge=lambda sight: while_worse(sight, "fte_reduction", "agent_wellbeing_index"),
    page="people",
)
