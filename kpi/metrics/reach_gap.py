"""Equity of reach: do customers of a high value tier reach a person more often than the others?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metric import Family
from kpi.metrics._equity import gap_metric, tiers
from kpi.metrics._requests import OPEN_FOR, REACHED_WHEN_ASKED

HIGH, LOW = tiers("reach", REACHED_WHEN_ASKED)

METRIC = gap_metric(
    key="reach_gap",
    label=_("Gap in reach"),
    family=Family.RESOLUTION,
    place=70,
    measures=(HIGH, LOW),
    open_for=OPEN_FOR,
    still_open="reach:open",
    words=_("How many more customers of the high value tier than of the others reached a person when they asked, for the same intents."),
    sample=_("requests"),
)
