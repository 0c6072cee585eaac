"""Reskilling pipeline: of people who were offered a way to a new role, those who have one; by role beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from kpi.anonymity import DEFAULT_K, whole_share
from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Metric, Part, Period, Status, Total, Unit, Window
from kpi.metrics._shapes import share_of
from kpi.metrics._shared import example_totals, totals_of
from staffing.metrics._half_year import PRESENT, YEAR
from staffing.pipeline import STAGES, Offered, Walk, by_role, reached, walks_of

ENROLLED, COMPLETED, PLACED, RETAINED = range(1, 5)


def windows(frame: Frame) -> dict[str, Window]:
    """Whether whole sites are asked for at all: the walks themselves come with the frame."""
    return {"judged": Window("reskilling", frame.period.end - YEAR, frame.period.end)}


def estimate(pieces: Sequence[Evidence]) -> Estimate:
    """All sites together; a site with fewer than k is left out, so that it cannot be subtracted out of the others."""
    if not any(totals_of(piece, "judged")[PRESENT].n for piece in pieces):
        return Estimate(Status.NOT_APPLICABLE, reasons=("reskilling:whole_sites",))
    sites, k = [walks for piece in pieces if (walks := _begun(piece))], _fewest(pieces)
    large = [walks for walks in sites if len(walks) >= k]
    if not sites:
        return Estimate(Status.NOT_APPLICABLE, reasons=("offered:nobody",))
    if not large:
        return Estimate(Status.SUPPRESSED, reasons=("people:too_few",))
    reasons = ("small_sites:left_out",) if len(large) < len(sites) else ()
    return _counted([walk for walks in large for walk in walks], pieces[0].frame.period.end, reasons, k)


def _fewest(pieces: Sequence[Evidence]) -> int:
    return max((piece.frame.context.k for piece in pieces if piece.frame.context is not None), default=DEFAULT_K)


def _begun(evidence: Evidence) -> tuple[Walk, ...]:
    """Whose first step lies in the 52 weeks to the end of the period."""
    end = evidence.frame.period.end
    known = evidence.frame.context
    return tuple(walk for walk in known.walks if end - YEAR <= walk.first < end) if known else ()


def _counted(walks: Sequence[Walk], end: date, reasons: tuple[str, ...], k: int) -> Estimate:
    counts = reached(walks, end)
    found = share_of(Total(len(walks), counts[PLACED]), reasons=reasons)
    parts = {STAGES[place]: whole_share(counts[place] / len(walks)) for place in (ENROLLED, COMPLETED, RETAINED)}
    return replace(found, parts=parts, extra={"register": by_role(walks, end, k)}) if found.value is not None else found


def _example() -> Example:
    period = Period(date(2026, 1, 1), date(2026, 2, 1))
    days = [period.start - timedelta(days=30 * place) for place in (9, 8, 5, 4, 0)]
    far = [(40, 2), (26, 3), (20, 4), (14, 5)]  # of 40 offered, 26 enrolled, 20 finished, 14 placed
    ends = [max(stage - 1 for count, stage in far if person < count) for person in range(40)]
    walks = tuple(Walk("knowledge editor", tuple(day if place < end else None for place, day in enumerate(days))) for end in ends)
    judged = example_totals({PRESENT: (364, 364)})
    return Example((Evidence(Frame(period, date(2026, 3, 1), Offered(walks)), {"judged": judged}),), gives=14 / 40)


METRIC = Metric(
    key="reskilling_pipeline",
    label=_("Placed in a new role so far"),
    family=Family.WELLBEING,
    unit=Unit.FIVES,
    better=Direction.UP,
    measures=(PRESENT,),
    windows=windows,
    estimate=estimate,
    per_site=True,
    context=walks_of,
    min_people=10,
    page="reskilling",
    section=_("How far have people come on the way to a new role?"),
    place=30,
    shows={
        "enrolled": Part(_("enrolled in a course:"), Unit.FIVES),
        "completed": Part(_("finished it:"), Unit.FIVES),
        "retained": Part(_("still there half a year later:"), Unit.FIVES),
    },
    words=_("Of those who were offered a way to a new role in the last 52 weeks, how many work in it by now; by role in the table."),
    formula=_(
        "people placed by the end of the period ÷ people whose first step lies in the 52 weeks to it; "
        "a later step counts as the earlier ones"
    ),
    caveat=_(
        "Not a rate of success: who was offered it last month cannot be there yet. Roles of fewer than ten people are joined "
        "in one line, with as many more as keep any from being subtracted out."
    ),
    sample=_("people who were offered a new role"),
    source="E11",
    example=_example(),
)
