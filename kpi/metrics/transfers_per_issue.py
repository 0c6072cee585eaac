"""Transfers per issue: how often customers were passed on before one and the same thing was over."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi.metric import Direction, Estimate, Evidence, Example, Family, Frame, Measure, Metric, Part, Period, Unit
from kpi.metrics._issues import OPENS, UNIDENTIFIED
from kpi.metrics._shapes import ratio_of, small
from kpi.metrics._shared import AGENTS, example_totals, totals_of, whole_period
from kpi.uncertainty import mean_status

# The contacts of known customers whose transfers are known; what ran beside another contact belongs to its issue.
_MOVES = pl.when((pl.col("role") != UNIDENTIFIED) & pl.col("transfers").is_not_null())
TRANSFERS = Measure("issue_transfers", "interaction", _MOVES.then(pl.col("transfers")), squares=True)
OPENED = Measure("issue_opened", "interaction", _MOVES.then(OPENS), squares=True)
TRANSFERS_OF_OPENERS = Measure("issue_opener_transfers", "interaction", _MOVES.then(pl.col("transfers") * OPENS))


def estimate(evidence: Evidence) -> Estimate:
    """D5: transfers ÷ issues; a contact varies as a whole, so its interval is that of a ratio of sums."""
    totals = totals_of(evidence, "period")
    moves, opened = totals[TRANSFERS], totals[OPENED]
    status = mean_status(round(opened.sum))
    found = ratio_of(moves, opened, totals[TRANSFERS_OF_OPENERS].sum, moves.n)
    if found is None or not status.shows_value:
        return Estimate(status, n=round(opened.sum), reasons=small(status))
    parts = {"per_contact": moves.mean}
    return Estimate(status, found.value, found.low, found.high, round(opened.sum), "linearised ratio", small(status), parts)


def _example() -> Example:
    """1000 issues of 1250 contacts; 200 of these were passed on once, 150 of them openers."""
    counts: dict[Measure, tuple[int, float] | tuple[int, float, float]] = {
        TRANSFERS: (1250, 200, 200),
        OPENED: (1250, 1000, 1000),
        TRANSFERS_OF_OPENERS: (1250, 150),
    }
    frame = Frame(Period(date(2026, 1, 1), date(2026, 2, 1)), date(2026, 3, 1))
    return Example(Evidence(frame, {"period": example_totals(counts)}), gives=0.2)


METRIC = Metric(
    key="transfers_per_issue",
    label=_("Transfers per issue"),
    family=Family.RESOLUTION,
    unit=Unit.MEAN,
    better=Direction.DOWN,
    measures=(TRANSFERS, OPENED, TRANSFERS_OF_OPENERS, AGENTS),
    windows=whole_period,
    estimate=estimate,
    min_people=5,
    page="resolution",
    section=_("What it took, and how well it was done"),
    place=80,
    shows={"per_contact": Part(_("per contact:"), Unit.MEAN)},
    by=("channel", "queue"),
    words=_("How often the customers of one issue were passed on, over all its contacts."),
    formula=_("transfers in contacts of known customers ÷ issues these opened"),
    caveat=_(
        "Transfers are counted where the records know them; a hand-over from the AI to a person is none, so that more contacts the AI ends "
        "alone mean fewer transfers. The comparison is its baseline."
    ),
    sample=_("issues"),
    source="D5",
    example=_example(),
)
