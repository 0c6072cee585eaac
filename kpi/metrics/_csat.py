"""CSAT of any choice of strata: the weighted share, the raw one, and what those who did not answer could change. Not a metric."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import NOTHING, Estimate, Frame, Measure, Part, Status, Stratum, Total, Totals, Unit
from kpi.metrics._shared import ANSWERS_OPEN, CONTACTS, ratio
from kpi.scales import SATISFIED_FROM
from kpi.uncertainty import FEW, Interval, nonresponse_bounds, proportion_status, wilson, worst
from kpi.weighting import Cell, Weighted, merge, weighted

# n of SATISFIED are the valid answers: one per contact, the last within seven days of closing.
SATISFIED = Measure("csat_satisfied", "interaction", pl.col("csat_unit") >= SATISFIED_FROM, stratified=True)
CELLS_NEEDED = 2
FEW_ANSWERED = 0.10  # A3: below, the worst case stands beside the figure
Kept = Callable[[Stratum], bool]
SHOWS = {
    "weighted": Part(_("weighted to all contacts"), Unit.SHARE),
    "raw": Part(_("raw"), Unit.SHARE),
    "mean_100u": Part(_("mean of the answers, 0 to 100:"), Unit.INDEX),
    "answered_share": Part(_("of the contacts, answered:"), Unit.SHARE),
    "worst_low": Part(_("if nobody else were satisfied"), Unit.SHARE),
    "worst_high": Part(_("if everybody else were"), Unit.SHARE),
    "n_eff": Part(_("after weighting the answers count for:"), Unit.COUNT),
}


def everyone(_stratum: Stratum) -> bool:
    """Also what belongs to no stratum."""
    return True


def satisfaction(totals: Totals, frame: Frame, kept: Kept = everyone, *, mean: float | None = None) -> Estimate:
    """A2 and A3: the weighted share where at least two cells remain, else the raw one; the other is a part. `mean` is that of u."""
    cells = _cells(totals, kept)
    every = _cell(totals[CONTACTS], totals[SATISFIED]) if kept is everyone else sum(cells.values(), Cell(0, 0, 0))
    n = round(every.answers)
    if not n:
        return Estimate(Status.NO_DATA)
    raw, found = wilson(every.satisfied, every.answers), _weighted(cells)
    shown = Interval(found.value, found.low, found.high) if found else raw
    status = proportion_status(n, shown.low, shown.high)
    reasons = _doubts(status, frame)
    if not status.shows_value:
        return Estimate(status, n=n, reasons=reasons)
    n_eff = found.n_eff if found else float(n)
    return Estimate(
        status=worst(status, *_cautions(n_eff, frame)),
        value=shown.value,
        low=shown.low,
        high=shown.high,
        n=n,
        ci_method="wilson, post-stratified" if found else "wilson",
        reasons=reasons,
        parts={
            "raw": raw.value,
            "weighted": found.value if found else None,
            "mean_100u": None if mean is None else 100 * mean,
            "answered_share": ratio(every.answers, every.contacts),
            **_worst_case(every),
            "n_eff": n_eff,
        },
    )


def _cells(totals: Totals, kept: Kept) -> dict[Stratum, Cell]:
    """Contacts, answers and satisfied answers by stratum."""
    answers, contacts = totals.strata(SATISFIED), totals.strata(CONTACTS)
    chosen = [stratum for stratum in {**contacts, **answers} if kept(stratum)]
    return {stratum: _cell(contacts.get(stratum, NOTHING), answers.get(stratum, NOTHING)) for stratum in chosen}


def _cell(contacts: Total, answers: Total) -> Cell:
    return Cell(max(contacts.n, answers.n), answers.n, answers.sum)


def _weighted(cells: Mapping[Stratum, Cell]) -> Weighted | None:
    """None where fewer than two cells remain after merging."""
    merged = merge(cells)
    return weighted(merged) if len(merged) >= CELLS_NEEDED else None


def _worst_case(every: Cell) -> dict[str, float | None]:
    """A3: how far those who did not answer could move the share; shown where fewer than a tenth answered."""
    if every.answers >= FEW_ANSWERED * every.contacts:
        return {"worst_low": None, "worst_high": None}
    low, high = nonresponse_bounds(every.satisfied, every.answers, every.contacts)
    return {"worst_low": low, "worst_high": high}


def _cautions(n_eff: float, frame: Frame) -> list[Status]:
    return [*([Status.SMALL_SAMPLE] if n_eff < FEW else []), *([Status.PROVISIONAL] if still_open(frame) else [])]


def still_open(frame: Frame) -> bool:
    """G4: answers about the last contacts can still arrive."""
    return frame.period.end + ANSWERS_OPEN > frame.as_of


def _doubts(status: Status, frame: Frame) -> tuple[str, ...]:
    sample = {Status.INSUFFICIENT: ("sample:below_5",), Status.SMALL_SAMPLE: ("sample:small",)}.get(status, ())
    return (*sample, "provisional:answers") if still_open(frame) else sample
