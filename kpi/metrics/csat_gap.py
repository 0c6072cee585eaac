"""Equity of satisfaction: are customers of a high value tier satisfied more often than the others?"""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Family
from kpi.metrics._equity import gap_metric, tiers
from kpi.metrics._shared import ANSWERS_OPEN
from kpi.scales import SATISFIED_FROM

HIGH, LOW = tiers("csat", pl.col("csat_unit") >= SATISFIED_FROM)

METRIC = gap_metric(
    key="csat_gap",
    label=_("Gap in satisfaction"),
    family=Family.CUSTOMER,
    place=90,
    measures=(HIGH, LOW),
    open_for=ANSWERS_OPEN,
    still_open="provisional:answers",
    words=_("How many more customers of the high value tier than of the others were satisfied, for the same intents."),
    sample=_("answers"),
)
