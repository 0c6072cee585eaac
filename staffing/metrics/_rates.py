"""A ratio of two sums over working days with its doubt: days are what varies, so days are the clusters. Not a metric."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from scipy import stats

from kpi.metric import CONFIDENCE, Estimate, Evidence, Frame, Measure, Period, Status, Stratum, Total, Totals, Window
from kpi.metrics._tables import tables

FEWEST_DAYS, FEW_DAYS = 5, 14  # a single week of working days, two weeks round the clock
BY_DAY = "working_days"


def by_day(frame: Frame) -> dict[str, Window]:
    return {BY_DAY: Window("agent_day", frame.period.start, frame.period.end, by="day")}


def ratio_of_days(evidence: Evidence, top: Measure, *bottom: Measure) -> Estimate:
    """sum(top)/sum(bottom) with the t interval of its daily residuals (ratio estimator); n is the number of people's days."""
    days = [totals for _, totals in evidence.blocks.get(BY_DAY, ())]
    found = tables(days, (top, *bottom))
    n = round(float(found[0].n.sum())) if days else 0
    if not n:
        return Estimate(Status.NO_DATA)
    upper, lower = found[0].sum.sum(axis=1), np.sum([item.sum.sum(axis=1) for item in found[1:]], axis=0)
    known = lower > 0
    m, whole = int(known.sum()), float(lower.sum())
    if m < FEWEST_DAYS:
        return Estimate(Status.INSUFFICIENT, n=n, reasons=("sample:below_5",))
    value = float(upper.sum()) / whole
    spread = float(((upper - value * lower)[known] ** 2).sum())
    reach = float(stats.t.isf((1 - CONFIDENCE) / 2, m - 1)) * math.sqrt(m / (m - 1) * spread) / whole
    few = m < FEW_DAYS
    status, reasons = (Status.SMALL_SAMPLE, ("sample:small",)) if few else (Status.OK, ())
    return Estimate(status, value, max(0.0, value - reach), min(1.0, value + reach), n, "ratio over days, t", reasons)


def example_days(top: Measure, bottom: Measure, shares: Sequence[tuple[float, float]]) -> Evidence:
    """Twenty days of ten people of whom each is paid 8 hours: the two measures take these shares in turn."""
    frame = Frame(Period(date(2026, 1, 5), date(2026, 1, 25)), date(2026, 3, 1))
    hours = 10 * 8 * 3600.0
    blocks = []
    for place in range(20):
        one, other = shares[place % len(shares)]
        parts: dict[str, dict[Stratum | None, Total]] = {
            top.key: {None: Total(10, one * hours)},
            bottom.key: {None: Total(10, other * hours)},
        }
        blocks.append((frame.period.start + timedelta(days=place), Totals(parts)))
    return Evidence(frame, {}, {BY_DAY: blocks})
