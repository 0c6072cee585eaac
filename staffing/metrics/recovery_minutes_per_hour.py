"""Recovery: paid minutes of pause in a paid hour."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Example, Family, Metric, Unit
from kpi.metrics._days import AT_WORK, PAUSES
from staffing.metrics._work import example_weeks, of_pair, ratio, windows

WEEKS = (36_000.0, 48_000.0, 42_000.0, 42_000.0)  # of the worked example

METRIC = Metric(
    key="recovery_minutes_per_hour",
    label=_("Recovery minutes per paid hour"),
    family=Family.WELLBEING,
    unit=Unit.MEAN,
    better=Direction.UP,
    measures=(*PAUSES, AT_WORK),
    windows=windows,
    estimate=ratio(of_pair(PAUSES, 60.0), PAUSES[1], share=False),
    min_people=5,
    crowd=AT_WORK,
    page="people",
    section=_("Pauses, hours and what wears people down"),
    place=41,
    by=("team",),
    words=_("Minutes of paid pause in each paid hour, automatic recovery pauses included, meals not."),
    formula=_("paid pause minutes without meals ÷ paid hours"),
    caveat=_("5 to 10 minutes after 50 to 60 of screen work are the usual advice; the mean hides who never gets any."),
    sample=_("working days"),
    source="B2",
    example=Example(example_weeks({PAUSES[0]: (30, pause), PAUSES[1]: (30, 720_000.0)} for pause in WEEKS), gives=3.5),
)
