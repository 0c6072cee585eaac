"""eNPS: would people recommend working here; not part of the index."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Metric, Part, Unit
from kpi.metrics._days import HEADCOUNT
from kpi.uncertainty import nps
from wellbeing.metrics._survey import DETRACTORS, PROMOTERS, asked, example_survey, latest, windows


def estimate(evidence: Evidence) -> Estimate:
    """A5, from 30 answers on; of fewer nothing is said."""
    survey = latest(evidence, PROMOTERS)
    if isinstance(survey, Estimate):
        return survey
    promoters, detractors = (round(survey.answers[item].sum) for item in (PROMOTERS, DETRACTORS))
    found = nps(promoters, survey.n - promoters - detractors, detractors)
    if found.value is None or found.low is None or found.high is None:
        return Estimate(found.status, n=survey.n, reasons=("answers:below_30",))
    return asked(survey, PROMOTERS, found.status, found.value, found.low, found.high, "normal, clipped")


METRIC = Metric(
    key="enps",
    label=_("eNPS"),
    family=Family.WELLBEING,
    unit=Unit.POINTS,
    better=Direction.UP,
    measures=(PROMOTERS, DETRACTORS, HEADCOUNT),
    windows=windows,
    estimate=estimate,
    people_scope=True,
    page="people",
    section=_("What people answered, questionnaire by questionnaire"),
    place=24,
    shows={"response_rate": Part(_("answered:"), Unit.SHARE)},
    words=_("Would people recommend working here: those who would less those who would not, −100 to 100."),
    formula=_("100 × (answers 9–10 − answers 0–6) ÷ answers"),
    caveat=_("Says nothing below 30 answers, and little about why; not part of the index."),
    sample=_("people who answered"),
    source="A5, B1",
    example=Example(example_survey({PROMOTERS: (40, 14), DETRACTORS: (40, 8)}, heads=60), gives=15.0),
)
