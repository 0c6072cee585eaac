"""What all figures share: where a point stands, in which unit, and where a line must break."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from kpi.result import Result, TrendPoint

WEEK = timedelta(days=7)


def scale(result: Result) -> float:
    """Shares are stored as fractions and drawn as percent."""
    return 100.0 if result.unit_text == "%" else 1.0


def place(point: TrendPoint) -> date:
    """Where a point stands on the time axis: its week; the last week of a longer stretch."""
    return max(point.period.start, point.period.end - WEEK)


def runs(results: Sequence[Result]) -> Iterator[list[int]]:
    """Indices of neighbouring points that are shown: a gap stays open."""
    run: list[int] = []
    for index, result in enumerate(results):
        if result.shown:
            run.append(index)
        elif run:
            yield run
            run = []
    if run:
        yield run
