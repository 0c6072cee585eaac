"""Measures and sentences that several metrics use. Not a metric: the registry skips names that start with "_"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from kpi.metric import Evidence, Frame, Measure, Total, Totals, Window

CONTACTS = Measure("contacts", "interaction", pl.lit(1), stratified=True)
# The busiest day's distinct agents: how many people are behind the contacts of a scope. The rollup counts, it does not sum.
AGENTS = Measure("agents", "interaction", pl.col("agent"), peak=True, distinct=True)

BY_AI = (pl.col("handled_by") == "ai") | (pl.col("handled_by") == "hybrid")  # an AI session, handed over or not
NEVER_REACHED = pl.col("human_requested_at").is_not_null() & pl.col("human_reached_at").is_null()
_SAID_NO = (pl.col("confirmed") == False).fill_null(False)  # noqa: E712
# D4: of machine-only contacts of known customers (whether the others came back cannot be known), those contained in name only.
FALSELY_CONTAINED = Measure(
    "falsely_contained",
    "interaction",
    pl.when(pl.col("machine_only") & pl.col("returned").is_not_null()).then(pl.col("returned") | NEVER_REACHED | _SAID_NO),
    stratified=True,
)

# Occupancy and shrinkage need both halves of the same working day; the halves keep the same days.
_BOTH = pl.col("handling_s").is_not_null() & pl.col("waiting_s").is_not_null()
DAY_HANDLING = Measure("day_handling_s", "agent_day", pl.when(_BOTH).then(pl.col("handling_s")), scale=1000)
DAY_WAITING = Measure("day_waiting_s", "agent_day", pl.when(_BOTH).then(pl.col("waiting_s")), scale=1000)
# Days of people employed, and those who left of their own will.
HEADCOUNT = Measure("headcount", "employment", pl.col("headcount"))
LEAVERS = Measure("voluntary_leavers", "employment", pl.col("leaver"))

BY_PEOPLE = Measure("by_people", "interaction", pl.col("handled_by") != "ai")  # n: contacts whose handler is known

MATURE_AFTER = timedelta(days=7)  # the D1 window
ANSWERS_OPEN = timedelta(days=7)  # G4: answers arrive within a week of closing
OUTCOMES_OPEN = timedelta(days=14)  # G4: W + 7 days
NOTHING = Totals()


def whole_period(frame: Frame) -> dict[str, Window]:
    return {"period": Window("interaction", frame.period.start, frame.period.end)}


def mature_end(frame: Frame) -> date:
    """Contacts closed before this day have had their seven days."""
    return min(frame.period.end, frame.as_of - MATURE_AFTER)


def totals_of(evidence: Evidence, window: str) -> Totals:
    """The totals of a window; empty where the window was not asked for or nothing is there."""
    return evidence.totals.get(window, NOTHING)


def ratio(top: float, bottom: float) -> float | None:
    """None where there is nothing to divide by: unknown is not zero."""
    return top / bottom if bottom > 0 else None


def example_totals(counts: Mapping[Measure, tuple[int, float] | tuple[int, float, float]]) -> Totals:
    """Totals of a worked example: {measure: (n, sum[, sum of squares])}."""
    return Totals({measure.key: {None: Total(*numbers)} for measure, numbers in counts.items()})
