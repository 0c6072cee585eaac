"""Occupancy: of the time on queue, the share spent handling contacts."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Metric, Unit
from kpi.metrics._shared import DAY_HANDLING, DAY_WAITING
from staffing.metrics._rates import by_day, example_days, ratio_of_days

BURNOUT = 0.90  # B2


def estimate(evidence: Evidence) -> Estimate:
    found = ratio_of_days(evidence, DAY_HANDLING, DAY_HANDLING, DAY_WAITING)
    if found.value is None or found.value < BURNOUT:
        return found
    return replace(found, reasons=(*found.reasons, "strain:occupancy"))


METRIC = Metric(
    key="occupancy",
    label=_("Occupancy"),
    family=Family.WELLBEING,
    unit=Unit.SHARE,
    better=Direction.NEITHER,
    measures=(DAY_HANDLING, DAY_WAITING),
    windows=by_day,
    estimate=estimate,
    min_people=5,
    page="capacity",
    section=_("How is the work done?"),
    place=60,
    by=("team",),
    words=_("Of the time people were on queue, how much they spent with contacts rather than waiting for one."),
    formula=_("handling ÷ (handling + waiting) time of working days on which both are known"),
    caveat=_("It “saves” posts as it rises and is paid for in wellbeing: 85 % is the usual ceiling of a plan, above 90 % people burn out."),
    sample=_("working days of people"),
    source="B2, E1",
    example=Example(example_days(DAY_HANDLING, DAY_WAITING, ((0.50, 0.12), (0.54, 0.08))), gives=1.04 / 1.24),
)
