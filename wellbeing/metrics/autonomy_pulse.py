"""Two questions of the built-in survey about having a say; not part of the index."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Example, Family, Metric, Part, Unit
from kpi.metrics._days import HEADCOUNT
from wellbeing.metrics._survey import AUTONOMY, example_survey, instrument, spread, windows

METRIC = Metric(
    key="autonomy_pulse",
    label=_("Having a say, two questions"),
    family=Family.WELLBEING,
    unit=Unit.INDEX,
    better=Direction.UP,
    measures=(AUTONOMY, HEADCOUNT),
    windows=windows,
    estimate=instrument(AUTONOMY),
    people_scope=True,
    page="people",
    section=_("What people answered, questionnaire by questionnaire"),
    place=25,
    shows={"response_rate": Part(_("answered:"), Unit.SHARE)},
    by=("team",),
    words=_("How far people decide themselves how they work, and whether they follow a suggestion: 0 to 100, high is good."),
    formula=_("mean over people of 25 × (mean of the two answers 1–5 − 1); somebody who skipped one has no score"),
    caveat=_("Two questions chosen here, of which the second is our own and not validated. For groups, and not part of the index."),
    sample=_("people who answered"),
    source="B1, generic",
    example=Example(example_survey({AUTONOMY: spread(40, 62.5, 25.0)}, heads=60), gives=62.5),
)
