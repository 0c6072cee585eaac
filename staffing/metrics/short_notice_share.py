"""Short notice: shifts moved, added or cancelled with less than 14 days warning."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Example, Family, Metric, Unit
from kpi.metrics._days import AT_WORK, SHORT_NOTICE
from staffing.metrics._work import example_weeks, of_pair, ratio, windows

WEEKS = (4.0, 8.0, 6.0, 6.0)  # of the worked example

METRIC = Metric(
    key="short_notice_share",
    label=_("Short-notice shift changes"),
    family=Family.WELLBEING,
    unit=Unit.SHARE,
    better=Direction.DOWN,
    measures=(*SHORT_NOTICE, AT_WORK),
    windows=windows,
    estimate=ratio(of_pair(SHORT_NOTICE), SHORT_NOTICE[1], share=True),
    min_people=5,
    crowd=AT_WORK,
    page="people",
    section=_("Pauses, hours and what wears people down"),
    place=44,
    by=("team",),
    words=_("Of all shifts, how many were moved by an hour or more, added or cancelled less than 14 days ahead."),
    formula=_("shifts changed with less than 14 days’ notice ÷ shifts"),
    caveat=_("Swaps that people arrange among themselves may be in it: their own choice is no burden."),
    sample=_("working days"),
    source="B2",
    example=Example(example_weeks({SHORT_NOTICE[0]: (50, changed), SHORT_NOTICE[1]: (50, 50.0)} for changed in WEEKS), gives=0.12),
)
