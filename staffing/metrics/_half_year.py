"""Shares of people judged half a year later, site by site, never of fewer than ten. Not a metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from kpi.metric import Estimate, Evidence, Example, Frame, Measure, Period, Status, Total, Window
from kpi.metrics._shapes import share_of
from kpi.metrics._shared import HEADCOUNT, example_totals, totals_of

YEAR = timedelta(weeks=52)
FEWEST = 10  # C2
PRESENT = Measure("reskilling_known", "reskilling", pl.col("present"))


def windows(frame: Frame) -> dict[str, Window]:
    """Whose half year ended in the 52 weeks to the end of the period: too few in a quarter to speak of them."""
    end = frame.period.end
    return {"judged": Window("reskilling", end - YEAR, end), "people": Window("employment", end - YEAR, end)}


def share_of_people(pieces: Sequence[Evidence], measure: Measure, nobody: str) -> Estimate:
    """All sites together; a site with fewer than ten, or than k, is left out, so that it cannot be subtracted out of the others."""
    if not any(totals_of(piece, "people")[HEADCOUNT].n for piece in pieces):
        return Estimate(Status.NO_DATA)
    if not any(totals_of(piece, "judged")[PRESENT].n for piece in pieces):
        return Estimate(Status.NOT_APPLICABLE, reasons=("reskilling:whole_sites",))
    found = [total for piece in pieces if (total := totals_of(piece, "judged")[measure]).n]
    large = [total for total in found if total.n >= _fewest(pieces[0].frame)]
    if not found:
        return Estimate(Status.NOT_APPLICABLE, reasons=(nobody,))
    if not large:
        return Estimate(Status.SUPPRESSED, reasons=("people:too_few",))
    reasons = ("small_sites:left_out",) if len(large) < len(found) else ()
    return share_of(sum(large, Total()), reasons=reasons)


def _fewest(frame: Frame) -> int:
    """Ten, or the k that was raised."""
    given = frame.context.get("k", FEWEST) if isinstance(frame.context, Mapping) else FEWEST
    return max(FEWEST, int(given))


def example(measure: Measure, n: int, k: int) -> Example:
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    judged = example_totals({PRESENT: (364, 364), measure: (n, k)})
    people = example_totals({HEADCOUNT: (36_400, 36_400)})
    return Example((Evidence(frame, {"judged": judged, "people": people}),), gives=k / n)
