"""Ratios of working days with an interval from whole weeks. Not a metric.

The days of one person are alike, so that an interval over single days would be far too narrow. What is compared is week with
week: the ratio of the period with the cluster-robust deviation of the weekly sums around it and t with weeks - 1 degrees of freedom.
It says how much the figure moves from week to week, not what a sample of people hides: everybody's days are there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from scipy import stats

from kpi.metric import CONFIDENCE, Estimate, Evidence, Frame, Measure, Period, Status, Totals, Window
from kpi.metrics._days import AT_WORK, Pair
from kpi.metrics._shared import example_totals, totals_of
from kpi.uncertainty import mean_status, proportion_status, worst

FEW_WEEKS = 4
METHOD = "weekly sums, cluster-robust t"
Halves = Callable[[Totals], tuple[float, float]]


def windows(frame: Frame) -> dict[str, Window]:
    """The working days of the period, together and week by week."""
    return spans(frame.period.start, frame.period.end)


def spans(start: date, end: date) -> dict[str, Window]:
    return {"days": Window("agent_day", start, end), "weeks": Window("agent_day", start, end, by="week")}


def half_width(weeks: Sequence[tuple[float, float]], conf: float = CONFIDENCE) -> float | None:
    """Of the ratio of the sums of (top, bottom) by week; None below two weeks in which anything happened."""
    known = [(top, bottom) for top, bottom in weeks if bottom > 0]
    m, whole = len(known), sum(bottom for _, bottom in known)
    if m < 2:
        return None
    ratio = sum(top for top, _ in known) / whole
    spread = math.sqrt(m / (m - 1) * sum((top - ratio * bottom) ** 2 for top, bottom in known)) / whole
    return float(stats.t.isf((1 - conf) / 2, m - 1)) * spread


def of_pair(pair: Pair, factor: float = 1.0) -> Halves:
    return lambda totals: (factor * totals[pair[0]].sum, totals[pair[1]].sum)


def of_days(measure: Measure) -> Halves:
    """Days on which something was so, of the days on which it is known."""
    return lambda totals: (totals[measure].sum, totals[measure].n)


def ratio(halves: Halves, counted: Measure, *, share: bool) -> Callable[[Evidence], Estimate]:
    """The estimate of a ratio of working days; `counted` is the measure whose days are its sample."""

    def estimate(evidence: Evidence) -> Estimate:
        days = totals_of(evidence, "days")
        weeks = [halves(totals) for _, totals in evidence.blocks.get("weeks", ())]
        return judged(halves(days), weeks, days[counted].n, share=share)

    return estimate


def judged(
    whole: tuple[float, float],
    weeks: Sequence[tuple[float, float]],
    n: int,
    *,
    share: bool,
    parts: Mapping[str, float | None] | None = None,
) -> Estimate:
    """0.3 for shares or for means over `n` days; fewer than four weeks are a small sample of weeks, one week has no interval."""
    top, bottom = whole
    if not n or bottom <= 0:
        return Estimate(Status.NO_DATA)
    value, half = top / bottom, half_width(weeks)
    low, high = (None, None) if half is None else (max(0.0, value - half), min(1.0, value + half) if share else value + half)
    status = proportion_status(n, low or 0.0, high or 0.0) if share else mean_status(n)
    if not status.shows_value:
        return Estimate(status, n=n, reasons=("sample:below_5" if share else "sample:below_10",))
    few = sum(1 for _, below in weeks if below > 0) < FEW_WEEKS
    small = ("sample:small",) if status is Status.SMALL_SAMPLE else ()
    if few:
        status = worst(status, Status.SMALL_SAMPLE)
    reasons = (*small, *(("weeks:few",) if few else ()))
    return Estimate(status, value, low, high, n, METHOD if half is not None else "", reasons, parts or {})


def example_weeks(weeks: Iterable[Mapping[Measure, tuple[int, float]]]) -> Evidence:
    """Evidence of a worked example: weeks from Monday 5 January on, and their sum; six people at work."""
    blocks = [dict(week) | {AT_WORK: (6, 6.0)} for week in weeks]
    whole = {item: (sum(week[item][0] for week in blocks), sum(week[item][1] for week in blocks)) for item in blocks[0]}
    starts = [date.fromordinal(date(2026, 1, 5).toordinal() + 7 * place) for place in range(len(blocks) + 1)]
    frame = Frame(Period(starts[0], starts[-1]), date(2026, 3, 1))
    dated = [(start, example_totals(week)) for start, week in zip(starts, blocks, strict=False)]
    return Evidence(frame, {"days": example_totals(whole)}, {"weeks": dated})
