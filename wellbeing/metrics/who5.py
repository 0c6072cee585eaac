"""WHO-5: how the people of a group felt over the last two weeks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Example, Family, Metric, Part, Unit
from kpi.metrics._days import HEADCOUNT
from wellbeing.metrics._survey import WHO5, example_survey, instrument, spread, windows

METRIC = Metric(
    key="who5",
    label=_("WHO-5 wellbeing"),
    family=Family.WELLBEING,
    unit=Unit.INDEX,
    better=Direction.UP,
    measures=(WHO5, HEADCOUNT),
    windows=windows,
    estimate=instrument(WHO5),
    people_scope=True,
    page="people",
    section=_("What people answered, questionnaire by questionnaire"),
    place=20,
    shows={"response_rate": Part(_("answered:"), Unit.SHARE)},
    by=("team",),
    words=_("How people felt over the last two weeks, on the five questions of the WHO: 0 to 100, high is good."),
    formula=_("mean over people of 4 × the sum of five items 0–5; somebody who skipped an item has no score"),
    caveat=_("50 or less is read as poor wellbeing, a change of 10 points is relevant. Groups only, and no diagnosis."),
    sample=_("people who answered"),
    source="B1",
    example=Example(example_survey({WHO5: spread(40, 58.0, 20.0)}, heads=60), gives=58.0),
)
