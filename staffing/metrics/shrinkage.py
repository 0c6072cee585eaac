"""Shrinkage: of paid time, the share not on queue: training, pauses, sickness, meetings."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Measure, Metric, Part, Unit
from kpi.metrics._tables import tables
from staffing.metrics._rates import BY_DAY, by_day, example_days, ratio_of_days
from staffing.weeks import ON_QUEUE, PAID

_KNOWN = pl.col("on_queue_s").is_not_null()
# Of the same working days, so that they are parts of the same paid time.
TRAINING = Measure("training_of_paid_s", "agent_day", pl.when(_KNOWN).then(pl.col("training_s")), scale=1000)
PAUSES = Measure("pauses_of_paid_s", "agent_day", pl.when(_KNOWN).then(pl.coalesce("pause_s", "recovery_pause_s")), scale=1000)
PARTS = {"training": TRAINING, "pauses": PAUSES}


def estimate(evidence: Evidence) -> Estimate:
    on_queue = ratio_of_days(evidence, ON_QUEUE, PAID)
    if on_queue.value is None or on_queue.low is None or on_queue.high is None:
        return on_queue
    paid, *others = tables([totals for _, totals in evidence.blocks[BY_DAY]], (PAID, *PARTS.values()))
    parts = {key: float(item.sum.sum() / paid.sum.sum()) if item.n.sum() else None for key, item in zip(PARTS, others, strict=True)}
    return replace(on_queue, value=1 - on_queue.value, low=1 - on_queue.high, high=1 - on_queue.low, parts=parts)


METRIC = Metric(
    key="shrinkage",
    label=_("Shrinkage"),
    family=Family.WELLBEING,
    unit=Unit.SHARE,
    better=Direction.NEITHER,
    measures=(ON_QUEUE, PAID, *PARTS.values()),
    windows=by_day,
    estimate=estimate,
    min_people=5,
    page="capacity",
    section=_("How is the work done?"),
    place=70,
    shows={"training": Part(_("training:"), Unit.SHARE), "pauses": Part(_("paid pauses:"), Unit.SHARE)},
    by=("team",),
    words=_("Of the hours that are paid, how many are not spent on queue: pauses, training, meetings, sickness."),
    formula=_("1 − on-queue ÷ paid time of working days on which both are known"),
    caveat=_("Less of it “saves” posts: by cutting pauses and training as well as by cutting sickness. Look at its parts."),
    sample=_("working days of people"),
    source="E1",
    example=Example(example_days(ON_QUEUE, PAID, ((0.66, 1.0), (0.74, 1.0))), gives=0.30),
)
