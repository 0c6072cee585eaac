"""Equity of resolution: are issues of a high value tier solved at the first contact more often than the others?"""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Family, Frame, Window
from kpi.metrics._equity import gap_metric, tiers
from kpi.metrics._shared import OUTCOMES_OPEN, mature_end
from kpi.metrics.resolution_quality import OPENER

HIGH, LOW = tiers("fcr", pl.when(pl.col("role") == OPENER).then(~pl.col("returned")))


def windows(frame: Frame) -> dict[str, Window]:
    """Openers count once their seven days have passed."""
    mature, start = mature_end(frame), frame.period.start
    return {"mature": Window("interaction", start, mature)} if mature > start else {}


METRIC = gap_metric(
    key="fcr_gap",
    label=_("Gap in first contact resolution"),
    family=Family.RESOLUTION,
    place=80,
    measures=(HIGH, LOW),
    open_for=OUTCOMES_OPEN,
    still_open="provisional:outcomes",
    words=_("How many more issues of the high value tier than of the others were solved at the first contact, for the same intents."),
    sample=_("issues"),
    windows=windows,
    window="mature",
)
