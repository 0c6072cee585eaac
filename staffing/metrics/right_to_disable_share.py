"""The right to switch prompts off without asking."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Example, Family, Metric, Unit
from kpi.metrics._days import AT_WORK, MAY_DISABLE
from staffing.metrics._work import example_weeks, of_pair, ratio, windows

WEEKS = (540_000.0, 612_000.0, 576_000.0, 576_000.0)  # of the worked example

METRIC = Metric(
    key="right_to_disable_share",
    label=_("Hours with the right to switch prompts off"),
    family=Family.WELLBEING,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(*MAY_DISABLE, AT_WORK),
    windows=windows,
    estimate=ratio(of_pair(MAY_DISABLE), MAY_DISABLE[1], share=True),
    min_people=5,
    crowd=AT_WORK,
    page="people",
    section=_("Load from prompts, and the right to switch them off"),
    place=51,
    by=("team",),
    words=_("Of all paid hours, in how many people may switch the prompts off without approval. Below half is a red flag."),
    formula=_("agent-hours in which prompts can be switched off without approval ÷ agent-hours"),
    caveat=_("A right on paper: whether people dare to use it shows in the override check."),
    sample=_("working days"),
    source="B2",
    example=Example(
        example_weeks({MAY_DISABLE[0]: (30, free), MAY_DISABLE[1]: (30, 720_000.0)} for free in WEEKS),
        gives=0.8,
    ),
)
