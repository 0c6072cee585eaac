"""Recovery pauses: of those that were due, how many were taken."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Metric, Part, Unit
from kpi.metrics._days import AT_WORK, RECOVERY
from kpi.metrics._shared import totals_of
from staffing.metrics._work import example_weeks, judged, of_pair, windows

TAKEN, DUE = RECOVERY


def estimate(evidence: Evidence) -> Estimate:
    """Taken of due, with both counts."""
    halves, days = of_pair(RECOVERY), totals_of(evidence, "days")
    parts = {"taken": days[TAKEN].sum, "due": days[DUE].sum}
    weeks = [halves(totals) for _first, totals in evidence.blocks.get("weeks", ())]
    return judged(halves(days), weeks, days[DUE].n, share=True, parts=parts)


METRIC = Metric(
    key="recovery_pauses",
    label=_("Recovery pauses taken"),
    family=Family.WELLBEING,
    unit=Unit.SHARE,
    better=Direction.UP,
    measures=(*RECOVERY, AT_WORK),
    windows=windows,
    estimate=estimate,
    min_people=5,
    crowd=AT_WORK,
    page="people",
    section=_("Pauses, hours and what wears people down"),
    place=40,
    shows={"due": Part(_("due:"), Unit.COUNT), "taken": Part(_("taken:"), Unit.COUNT)},
    by=("team",),
    words=_("Of the recovery pauses that were due, how many people got."),
    formula=_("recovery pauses taken, at most those due on the day ÷ recovery pauses due"),
    caveat=_("A pause too many on one day does not make up for one that was missed on another."),
    sample=_("working days"),
    source="B2",
    example=Example(example_weeks({TAKEN: (30, taken), DUE: (30, 50.0)} for taken in (38.0, 42.0, 40.0, 40.0)), gives=0.8),
)
