"""The four trends and the weekly contacts: five strips on one time axis, so that a saving is drawn beside its price."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpi import words
from kpi.charts.limits import limits
from kpi.charts.marks import DOMAINS, FAMILIES, label_rows, shapes, texts, turn_of
from kpi.charts.points import WEEK, drawn, place, runs, told, unit_of
from kpi.facts import Beside
from kpi.metric import Family, Status
from kpi.over_time import Control
from kpi.result import Growth, Panel, Result, TrendPoint

Figure = dict[str, Any]
BEFORE_THE_TURN = 8 * WEEK
NO_CONTROL = Control("", "none", "")


def trends(panel: Panel) -> Figure | None:
    """Five strips that share one time axis; None where there is nothing to draw."""
    if not panel.trend:
        return None
    start, end = axis_range(panel)
    data, axes = _strips.of(panel.trend, lambda: _draw(panel), get_language())
    layout: Figure = {
        "hovermode": "x unified",
        "hoversubplots": "axis",
        "showlegend": False,
        "dragmode": False,
        "meta": {"rows": label_rows(panel, start, end)},
    }
    layout["xaxis"] = {"type": "date", "range": [start.isoformat(), end.isoformat()], "anchor": "y5", "fixedrange": True}
    layout |= axes | {"yaxis5": _strip_axis(4, 4)}
    layout |= {"shapes": shapes(panel, start, end), "annotations": texts(panel, start, end)}
    return {"data": [*data, *_contacts(panel.growth, start)], "layout": layout}


Strips = tuple[list[Figure], Figure]  # traces and axes
_strips: Beside[Strips] = Beside(most=256)


def _draw(panel: Panel) -> Strips:
    """The four strips: they follow from the trend alone, whatever period is chosen on it."""
    data: list[Figure] = []
    layout: Figure = {}
    for index, family in enumerate(FAMILIES):
        results = [point.results[index] for point in panel.trend]
        control = panel.controls[index] if panel.controls else NO_CONTROL
        data += limits(control, [place(point).isoformat() for point in panel.trend], results, family, _axis("y", index + 1))
        data += _strip(panel.trend, results, family, index + 1, control)
        unit = words.unit_word(unit_of(panel.columns[index].result)).replace("/ ", _("of "))
        layout[_axis("yaxis", index + 1)] = _strip_axis(index, 4) | {
            "title": {"text": unit},
            "showticklabels": any(result.shown for result in results),  # no scale where there is nothing to read off
        }
    return data, layout


def axis_range(panel: Panel) -> tuple[date, date]:
    """All points of the trend, and far enough back to show the week in which growth stopped."""
    start, end = place(panel.trend[0]), place(panel.trend[-1])
    weeks = [week.start for week in panel.growth.weeks]
    turn = turn_of(panel)
    if turn is not None and weeks:
        start = min(start, max(turn - BEFORE_THE_TURN, weeks[0]))
    return start, max(end, *weeks[-1:], start) + WEEK


def _axis(name: str, number: int) -> str:
    return name if number == 1 else f"{name}{number}"


def _strip_axis(index: int, ticks: int) -> Figure:
    return {"domain": list(DOMAINS[index]), "anchor": "x", "fixedrange": True, "nticks": ticks}


def _strip(points: Sequence[TrendPoint], results: Sequence[Result], family: Family, number: int, control: Control) -> list[Figure]:
    """The interval, the line, and the youngest points drawn apart: dotted line, hollow marks, hatched interval."""
    axis = _axis("y", number)
    days = [place(point).isoformat() for point in points]
    values = [drawn(result.value, unit_of(result)) if result.shown else None for result in results]
    young = [index for index, result in enumerate(results) if result.provisional]
    firm = [None if index in young else value for index, value in enumerate(values)]
    symbols = ["circle-open" if result.status is Status.CARRIED_FORWARD else "circle" for result in results]
    line = {
        "x": days,
        "y": firm,
        "text": [hover(result, control.signal_at(index)) for index, result in enumerate(results)],
        "marker": {"symbol": symbols, "size": 6},
    }
    firm_runs = [[index for index in run if index not in young] for run in runs(results)]
    traces = [_band(days, results, firm_runs, (family, axis, "band")), _trace(line, family, axis, "line")]
    if young:
        joined = [index for index in range(len(results)) if index in young or index + 1 in young]
        some = {
            "x": [days[index] for index in joined],
            "y": [values[index] for index in joined],
            "text": [hover(results[index]) if index in young else "" for index in joined],
            "marker": {"symbol": ["diamond-open" if index in young else "circle" for index in joined], "size": 7},
        }
        young_runs = [[index for index in run if index in joined] for run in runs(results)]
        traces += [_band(days, results, young_runs, (family, axis, "young")), _trace(some, family, axis, "provisional")]
    return traces


def _trace(points: Figure, family: Family, axis: str, part: str) -> Figure:
    look: Figure = {"type": "scatter", "mode": "lines+markers", "connectgaps": False, "hovertemplate": "%{text}<extra></extra>"}
    return {**look, **points, "yaxis": axis, "xaxis": "x", "meta": {"role": family.value, "part": part}}


def _band(days: Sequence[str], results: Sequence[Result], stretches: Sequence[Sequence[int]], what: tuple[Family, str, str]) -> Figure:
    """The intervals as one closed shape for each unbroken run."""
    family, axis, part = what
    x: list[str | None] = []
    y: list[float | None] = []
    for run in stretches:
        around = [index for index in run if results[index].low is not None and results[index].high is not None]
        edge = [(index, results[index].high) for index in around] + [(index, results[index].low) for index in reversed(around)]
        x += [*([None] if x and edge else []), *(days[index] for index, _value in edge)]
        y += [*([None] if y and edge else []), *(drawn(value, unit_of(results[index])) for index, value in edge)]
    look: Figure = {"type": "scatter", "mode": "lines", "fill": "toself", "hoverinfo": "skip", "line": {"width": 0}}
    return {**look, "x": x, "y": y, "yaxis": axis, "xaxis": "x", "meta": {"role": family.value, "part": part}}


def hover(result: Result, signal: str = "") -> str:
    return f"{result.label}: {told(result, signal)}" if result.shown else ""


def _contacts(growth: Growth, start: date) -> list[Figure]:
    weeks = [week for week in growth.weeks if week.start >= start]
    if not weeks:
        return []
    counts = [words.number(week.contacts) if week.contacts is not None else "" for week in weeks]
    look: Figure = {"type": "scatter", "mode": "lines", "connectgaps": False, "hovertemplate": "%{text}<extra></extra>"}
    return [
        {
            **look,
            "x": [week.start.isoformat() for week in weeks],
            "y": [week.contacts for week in weeks],
            "text": [_("Contacts: %(count)s") % {"count": count} for count in counts],
            "xaxis": "x",
            "yaxis": "y5",
            "meta": {"role": "ink", "part": "contacts"},
        }
    ]
