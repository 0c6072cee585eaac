"""Time to a person: how long until half of all who asked for one had reached one; those who never did count too."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from kpi.access import Bracket, quantile_from_bins
from kpi.metric import CONFIDENCE, Direction, Estimate, Evidence, Example, Family, Frame, Metric, Part, Period, Status, Unit
from kpi.metrics._requests import BINS, EDGES_S, OPEN_FOR, REACHED
from kpi.metrics._shapes import open_until, small
from kpi.metrics._shared import AGENTS, example_totals, totals_of, whole_period
from kpi.uncertainty import share, z_of

HALF, NINE_IN_TEN = 0.5, 0.9


def estimate(evidence: Evidence) -> Estimate:
    """F2 from counts in bins: the value is the upper edge of the bin, by which that share had certainly been reached."""
    totals = totals_of(evidence, "period")
    requests, counts = totals[REACHED], [totals[item].n for item in BINS]
    status = share(requests.sum, requests.n).status
    if not status.shows_value:
        return Estimate(status, n=requests.n, reasons=small(status))
    unreached = requests.n - sum(counts)
    half, nine = (quantile_from_bins(EDGES_S, counts, q, unreached) for q in (HALF, NINE_IN_TEN))
    if half is None:
        return Estimate(Status.NOT_APPLICABLE, n=requests.n, reasons=("reach:below_half",))
    low, high = _limits(counts, requests.n, half)
    parts = {"p90": nine.high if nine else None, "p90_from": nine.low if nine else None, "unreached": float(unreached)}
    found = Estimate(status, half.high, low, high, requests.n, "order statistics, in bins", small(status), parts)
    found = open_until(found, evidence.frame, OPEN_FOR, "reach:open")
    return found if nine else replace(found, reasons=(*found.reasons, "reach:below_nine_in_ten"))


def _limits(counts: Sequence[int], n: int, half: Bracket) -> tuple[float, float]:
    """The edges of the bin, or wider where chance could have moved the middle request to another; never beyond a day."""
    step = z_of(CONFIDENCE) * math.sqrt(HALF * (1 - HALF) / n)
    early, late = (quantile_from_bins(EDGES_S, counts, q, n - sum(counts)) for q in (max(1 / n, HALF - step), min(1.0, HALF + step)))
    return min(half.low, early.low if early else half.low), late.high if late else float(EDGES_S[-1])


def _example() -> Example:
    """Of 200 who asked 60 reached a person within 30 seconds, 45 more within a minute, 65 more within five, 30 never."""
    named = dict(zip(EDGES_S[1:], BINS, strict=True))
    totals = example_totals({REACHED: (200, 170), named[30]: (60, 60), named[60]: (45, 45), named[300]: (65, 65)})
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": totals}), gives=60.0)


METRIC = Metric(
    key="time_to_human",
    label=_("Half had reached a person after"),
    family=Family.RESOLUTION,
    unit=Unit.SECONDS,
    better=Direction.DOWN,
    measures=(REACHED, *BINS, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="human-ai",
    section=_("Those who asked for a person"),
    place=20,
    shows={
        "p90": Part(_("nine in ten after"), Unit.SECONDS),
        "unreached": Part(_("not within a day:"), Unit.COUNT),
    },
    by=("channel", "queue"),
    words=_("How long it took until half of all customers who asked for a person had reached one."),
    formula=_("the smallest time by which half of all requests had reached a person, those counted that never did"),
    caveat=_(
        "Known to the bin: the value is the upper edge of the bin and the interval holds its edges. Where fewer than half reached anybody "
        "within a day there is no such time."
    ),
    sample=_("requests"),
    source="F2",
    example=_example(),
)
