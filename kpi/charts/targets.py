"""The target in force at the end of the period, in the strip of its measure: a band behind the line, its bounds as lines, its words.

No colour says whether a figure is within: the band is the same for all four, and a saving's stands in the picture of all four alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from kpi.charts.points import drawn, unit_of
from kpi.result import Aim, Panel, Result

Figure = dict[str, Any]
ROOM = 0.12  # of what is drawn, by which an open side of the band goes beyond it


def aim_of(panel: Panel, index: int) -> Aim | None:
    """That of one strip; None where it has no target, or no figure to set beside it."""
    aim = panel.columns[index].aim
    return aim if aim and any(point.results[index].shown for point in panel.trend) else None


def bands(panel: Panel, start: date, end: date) -> list[Figure]:
    """From the day on which the target holds to the end of the axis."""
    found = []
    for index in range(len(panel.columns)):
        aim = aim_of(panel, index)
        first = max(start, aim.since or start) if aim else end
        if aim and first < end:
            found += list(_band(aim, [point.results[index] for point in panel.trend], index, (first, end)))
    return found


def _band(aim: Aim, results: list[Result], index: int, days: tuple[date, date]) -> Iterator[Figure]:
    unit = unit_of(results[0])
    floor, ceiling = drawn(aim.floor, unit), drawn(aim.ceiling, unit)
    known = [drawn(value, unit) for result in results if result.shown for value in (result.low, result.high, result.value)]
    ends = [value for value in (*known, floor, ceiling) if value is not None]
    room = ROOM * (max(ends) - min(ends) or 1.0)
    low, high = floor if floor is not None else min(ends) - room, ceiling if ceiling is not None else max(ends) + room
    axis = f"y{index + 1}" if index else "y"
    look: Figure = {"xref": "x", "yref": axis, "layer": "below", "x0": days[0].isoformat(), "x1": days[1].isoformat()}
    yield {**look, "type": "rect", "name": "target", "line": {"width": 0}, "y0": low, "y1": high}
    for bound in (floor, ceiling):
        if bound is not None:
            yield {**look, "type": "line", "name": "bound", "y0": bound, "y1": bound}
