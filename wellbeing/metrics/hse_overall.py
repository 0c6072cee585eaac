"""HSE indicator tool: demands, control, support, relationships, role and change in one mean."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Example, Family, Metric, Part, Unit
from kpi.metrics._days import HEADCOUNT
from wellbeing.instruments import on_0_100
from wellbeing.metrics._survey import HSE, example_survey, instrument, spread, windows

METRIC = Metric(
    key="hse_overall",
    label=_("HSE working conditions"),
    family=Family.WELLBEING,
    unit=Unit.INDEX,
    better=Direction.UP,
    measures=(HSE, HEADCOUNT),
    windows=windows,
    estimate=instrument(HSE, scale=lambda mean: on_0_100(mean, low=1, high=5), points=25.0),
    people_scope=True,
    page="people",
    section=_("What people answered, questionnaire by questionnaire"),
    place=22,
    shows={"response_rate": Part(_("answered:"), Unit.SHARE)},
    by=("team",),
    words=_("Demands, control, support, relationships, role and change as people see them: 0 to 100, high is good."),
    formula=_(
        "(mean over people of the mean of the seven scales 1–5 − 1) ÷ 4 × 100; a scale needs half of its items, a person all seven scales"
    ),
    caveat=_("Over 50 % answered is adequate, 70 % is good. One mean hides which of the seven scales is low."),
    sample=_("people who answered"),
    source="B1",
    example=Example(example_survey({HSE: spread(40, 3.4, 0.6)}, heads=60), gives=60.0),
)
