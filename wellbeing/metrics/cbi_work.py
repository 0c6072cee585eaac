"""CBI: exhaustion that people trace to their work."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Example, Family, Metric, Part, Unit
from kpi.metrics._days import HEADCOUNT
from wellbeing.metrics._survey import CBI, example_survey, instrument, spread, windows

METRIC = Metric(
    key="cbi_work",
    label=_("CBI work-related burnout"),
    family=Family.WELLBEING,
    unit=Unit.INDEX,
    better=Direction.DOWN,
    measures=(CBI, HEADCOUNT),
    windows=windows,
    estimate=instrument(CBI),
    people_scope=True,
    page="people",
    section=_("What people answered, questionnaire by questionnaire"),
    place=21,
    shows={"response_rate": Part(_("answered:"), Unit.SHARE)},
    by=("team",),
    words=_("How exhausted people are by their work: 0 to 100, low is good. In the index it is turned round."),
    formula=_("mean over people of the mean of seven items 0/25/50/75/100, the last one reversed; at least four must be answered"),
    caveat=_("50 or more is commonly read as high. Groups only, and no diagnosis."),
    sample=_("people who answered"),
    source="B1",
    example=Example(example_survey({CBI: spread(40, 46.0, 18.0)}, heads=60), gives=46.0),
)
