"""One question about stress, for pulses between the surveys; not part of the index."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Example, Family, Metric, Part, Unit
from kpi.metrics._days import HEADCOUNT
from wellbeing.metrics._survey import STRESS, example_survey, instrument, spread, windows

METRIC = Metric(
    key="single_item_stress",
    label=_("Stress, one question"),
    family=Family.WELLBEING,
    unit=Unit.INDEX,
    better=Direction.UP,
    measures=(STRESS, HEADCOUNT),
    windows=windows,
    estimate=instrument(STRESS),
    people_scope=True,
    page="people",
    section=_("What people answered, questionnaire by questionnaire"),
    place=23,
    shows={"response_rate": Part(_("answered:"), Unit.SHARE)},
    by=("team",),
    words=_("How free of stress people feel, in one question: 0 to 100, high is good."),
    formula=_("mean over people of 100 − 25 × (answer 1–5 − 1)"),
    caveat=_("A pulse between two surveys: valid for groups, not part of the index, and no diagnosis."),
    sample=_("people who answered"),
    source="B1",
    example=Example(example_survey({STRESS: spread(40, 62.5, 25.0)}, heads=60), gives=62.5),
)
