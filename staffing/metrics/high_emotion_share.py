"""Emotional load: working days with three heavy contacts in a row and no pause."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Example, Family, Metric, Unit
from kpi.metrics._days import AT_WORK, HIGH_EMOTION
from staffing.metrics._work import example_weeks, of_days, ratio, windows

METRIC = Metric(
    key="high_emotion_share",
    label=_("Days with a run of heavy contacts"),
    family=Family.WELLBEING,
    unit=Unit.SHARE,
    better=Direction.DOWN,
    measures=(HIGH_EMOTION, AT_WORK),
    windows=windows,
    estimate=ratio(of_days(HIGH_EMOTION), HIGH_EMOTION, share=True),
    min_people=5,
    crowd=AT_WORK,
    page="people",
    section=_("Pauses, hours and what wears people down"),
    place=43,
    by=("team",),
    words=_("Of all working days, how many had three or more highly emotional contacts in a row without a pause of five minutes."),
    formula=_("working days with such a run ÷ working days on which it is known"),
    caveat=_("What is emotional is how customers spoke, never how an agent felt; the threshold is our own choice."),
    sample=_("working days"),
    source="B2",
    example=Example(example_weeks({HIGH_EMOTION: (50, runs)} for runs in (2.0, 4.0, 3.0, 3.0)), gives=0.06),
)
