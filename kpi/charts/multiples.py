"""Small multiples: the four trends of several sites or teams side by side, on equal axes, each unit with all four."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kpi import words
from kpi.charts.marks import FAMILIES
from kpi.charts.points import WEEK, drawn, place, told, unit_of
from kpi.charts.trends import NO_CONTROL, _strip
from kpi.result import Panel

Figure = dict[str, Any]
TOGETHER = 3  # units in one figure
GAP = 0.03


@dataclass(frozen=True)
class Multiple:
    """Up to three units in one figure, and the chosen period of each as a row of the table."""

    key: str
    units: int
    figure: Figure
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def multiples(panels: Sequence[Panel]) -> tuple[Multiple, ...]:
    """Every figure has the axes of all: the same days, and for each family the same values from bottom to top."""
    found = [panel for panel in panels if panel.trend]
    ranges = [_range(found, index) for index in range(len(FAMILIES))]
    chunks = [found[at : at + TOGETHER] for at in range(0, len(found), TOGETHER)]
    return tuple(_multiple(f"multiples-{number}", chunk, ranges) for number, chunk in enumerate(chunks))


def _range(panels: Sequence[Panel], index: int) -> list[float] | None:
    results = [point.results[index] for panel in panels for point in panel.trend]
    ends = [
        drawn(end, unit_of(item)) or 0.0 for item in results if item.shown for end in (item.low, item.value, item.high) if end is not None
    ]
    if not ends:
        return None
    room = (max(ends) - min(ends)) * 0.08 or 1.0
    return [min(ends) - room, max(ends) + room]


def _multiple(key: str, panels: Sequence[Panel], ranges: Sequence[list[float] | None]) -> Multiple:
    count = len(panels)
    layout: Figure = {"showlegend": False, "dragmode": False, "hovermode": "closest", "meta": {"grid": [len(FAMILIES), count]}}
    days = [place(point) for panel in panels for point in panel.trend]
    for column in range(count):
        span = {"type": "date", "fixedrange": True, "range": [min(days).isoformat(), (max(days) + WEEK).isoformat()]}
        domain = [column / count + (GAP if column else 0), (column + 1) / count]
        layout[_name("xaxis", column + 1)] = span | {"domain": domain, "anchor": _name("y", 3 * count + column + 1), "nticks": 4}
    data = [trace for column, panel in enumerate(panels) for trace in _unit(panel, column, count, ranges, layout)]
    layout["annotations"] = [_title(panel, column, count, row) for column, panel in enumerate(panels) for row in range(len(FAMILIES))]
    return Multiple(key, count, {"data": data, "layout": layout}, tuple((panel.title, _cells(panel)) for panel in panels))


def _unit(panel: Panel, column: int, count: int, ranges: Sequence[list[float] | None], layout: Figure) -> Iterator[Figure]:
    for row, family in enumerate(FAMILIES):
        number = row * count + column + 1
        top = 1 - row / len(FAMILIES)
        axis: Figure = {"fixedrange": True, "nticks": 3, "anchor": _name("x", column + 1), "domain": [top - 0.19, top - 0.04]}
        layout[_name("yaxis", number)] = (
            axis | ({"range": ranges[row]} if ranges[row] else {}) | {"showticklabels": ranges[row] is not None}
        )
        for trace in _strip(panel.trend, [point.results[row] for point in panel.trend], family, 1, NO_CONTROL):
            trace["meta"] = {**trace["meta"], "unit": panel.title}
            yield {**trace, "xaxis": _name("x", column + 1), "yaxis": _name("y", number)}


def _title(panel: Panel, column: int, count: int, row: int) -> Figure:
    number = row * count + column + 1
    at: Figure = {"xref": f"{_name('x', column + 1)} domain", "yref": f"{_name('y', number)} domain", "x": 0, "y": 1}
    look: Figure = {"showarrow": False, "xanchor": "left", "yanchor": "bottom", "captureevents": False}
    return {**look, **at, "text": f"<b>{panel.title}</b> {panel.columns[row].result.label}", "name": f"strip:{FAMILIES[row].value}"}


def _cells(panel: Panel) -> tuple[str, ...]:
    """The chosen period of a unit, all four."""
    return tuple(told(item.result) if item.result.shown else words.status_word(item.result.status) for item in panel.columns)


def _name(axis: str, number: int) -> str:
    return axis if number == 1 else f"{axis}{number}"
