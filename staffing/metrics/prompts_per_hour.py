"""Load from prompts: how often the AI speaks into an hour of handling."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Example, Family, Metric, Unit
from kpi.metrics._days import AT_WORK, PROMPTS
from staffing.metrics._work import example_weeks, of_pair, ratio, windows

WEEKS = (1700.0, 1900.0, 1800.0, 1800.0)  # of the worked example

METRIC = Metric(
    key="prompts_per_hour",
    label=_("Prompts per handling hour"),
    family=Family.WELLBEING,
    unit=Unit.MEAN,
    better=Direction.DOWN,
    measures=(*PROMPTS, AT_WORK),
    windows=windows,
    estimate=ratio(of_pair(PROMPTS, 3600.0), PROMPTS[1], share=False),
    min_people=5,
    crowd=AT_WORK,
    page="people",
    section=_("Load from prompts, and the right to switch them off"),
    place=50,
    by=("team",),
    words=_("How many prompts of the AI people see in an hour of handling contacts; in the index 6 are light and 30 too many."),
    formula=_("prompts displayed ÷ handling hours"),
    caveat=_("Counts what was displayed, not whether it helped; the range is our own choice."),
    sample=_("working days"),
    source="B2",
    example=Example(example_weeks({PROMPTS[0]: (30, shown), PROMPTS[1]: (30, 360_000.0)} for shown in WEEKS), gives=18.0),
)
