"""The four trends and the weekly contacts: five strips on one time axis, so that a saving is drawn beside its price."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from kpi.charts.points import WEEK, place, runs, scale
from kpi.metric import Family, Status
from kpi.result import Growth, Note, Panel, Result, TrendPoint

Figure = dict[str, Any]
FAMILIES = tuple(Family)
# Five strips on one time axis, the four of equal height; from the top.
DOMAINS = ((0.835, 1.0), (0.63, 0.795), (0.425, 0.59), (0.22, 0.385), (0.0, 0.165))
LABEL_ROOM = 0.2  # share of the time axis an annotation's words may take before the next goes to another row
LABEL_ROWS = 3


def trends(panel: Panel) -> Figure | None:
    """Five strips that share one time axis; None where there is nothing to draw."""
    if not panel.trend:
        return None
    start, end = axis_range(panel)
    data: list[Figure] = []
    layout: Figure = {"hovermode": "x unified", "hoversubplots": "axis", "showlegend": False, "dragmode": False}
    layout["xaxis"] = {"type": "date", "range": [start.isoformat(), end.isoformat()], "anchor": "y5", "fixedrange": True}
    shapes, words = _shades(panel, start, end), []
    for index, family in enumerate(FAMILIES):
        results = [point.results[index] for point in panel.trend]
        data += _strip(panel.trend, results, family, index + 1)
        layout[_axis("yaxis", index + 1)] = {"domain": list(DOMAINS[index]), "anchor": "x", "fixedrange": True, "nticks": 4}
        words.append(_strip_title(panel.columns[index].result, family, DOMAINS[index][1]))
    data += _contacts(panel.growth, start)
    layout["yaxis5"] = {"domain": list(DOMAINS[4]), "anchor": "x", "fixedrange": True, "nticks": 3}
    words.append(_words(_("Contacts a week"), "ink", DOMAINS[4][1], name="strip"))
    for note, row in annotation_rows(panel, start, end):
        shapes.append(_line(note.day, "annotation"))
        words.append(_note_words(note, row))
    return {"data": data, "layout": layout | {"shapes": shapes, "annotations": words, "meta": {"rows": LABEL_ROWS}}}


def axis_range(panel: Panel) -> tuple[date, date]:
    """From the first to the last week; far enough back to show the week in which growth stopped."""
    start, end = place(panel.trend[0]), place(panel.trend[-1])
    if panel.growth.turn is not None:
        start = min(start, panel.growth.turn - 8 * WEEK)
    weeks = [week.start for week in panel.growth.weeks]
    return max(start, min(weeks, default=start)) if start < place(panel.trend[0]) else start, max(end, *weeks[-1:], start + WEEK)


def _axis(name: str, number: int) -> str:
    return name if number == 1 else f"{name}{number}"


def _strip(points: Sequence[TrendPoint], results: Sequence[Result], family: Family, number: int) -> list[Figure]:
    axis = _axis("y", number)
    days = [place(point).isoformat() for point in points]
    label = next((result.label for result in results), "")
    values = [None if not result.shown or result.value is None else result.value * scale(result) for result in results]
    firm = [value if result.status is not Status.PROVISIONAL else None for value, result in zip(values, results, strict=True)]
    symbols = ["circle-open" if result.status is Status.CARRIED_FORWARD else "circle" for result in results]
    line = {"x": days, "y": firm, "text": [hover(result) for result in results], "marker": {"symbol": symbols, "size": 5}}
    traces = [_band(days, results, family, axis), _trace(line, family, axis, str(label), "line")]
    young = [index for index, result in enumerate(results) if result.shown and result.status is Status.PROVISIONAL]
    if young:
        joined = [max(0, young[0] - 1), *young]
        some = {
            "x": [days[index] for index in joined],
            "y": [values[index] for index in joined],
            "text": ["" if index not in young else hover(results[index]) for index in joined],
            "marker": {"symbol": ["circle" if index not in young else "diamond-open" for index in joined], "size": 6},
        }
        traces.append(_trace(some, family, axis, str(label), "provisional"))
    return traces


def _trace(points: Figure, family: Family, axis: str, name: str, part: str) -> Figure:
    look: Figure = {"type": "scatter", "mode": "lines+markers", "connectgaps": False, "hovertemplate": "%{text}<extra></extra>"}
    return {**look, **points, "yaxis": axis, "xaxis": "x", "name": name, "meta": {"role": family.value, "part": part}}


def _band(days: Sequence[str], results: Sequence[Result], family: Family, axis: str) -> Figure:
    """The intervals as one closed shape for each unbroken run."""
    x: list[str | None] = []
    y: list[float | None] = []
    for run in runs(results):
        around = [index for index in run if results[index].low is not None and results[index].high is not None]
        edge = [(index, results[index].high) for index in around] + [(index, results[index].low) for index in reversed(around)]
        x += [*([None] if x and edge else []), *(days[index] for index, _value in edge)]
        y += [*([None] if y and edge else []), *((value or 0.0) * scale(results[index]) for index, value in edge)]
    look: Figure = {"type": "scatter", "mode": "lines", "fill": "toself", "hoverinfo": "skip", "line": {"width": 0}}
    return {**look, "x": x, "y": y, "yaxis": axis, "xaxis": "x", "meta": {"role": family.value, "part": "band"}}


def hover(result: Result) -> str:
    """The number with its doubt and its sample, or why there is none."""
    if not result.shown:
        return ""
    told = f"{result.label}: <b>{result.text} {result.unit_text}</b> ({result.interval_text}) · {result.sample_text}"
    flags = {Status.PROVISIONAL: _("provisional"), Status.CARRIED_FORWARD: _("carried forward"), Status.SMALL_SAMPLE: _("small sample")}
    return f"{told} · {flags[result.status]}" if result.status in flags else told


def _contacts(growth: Growth, start: date) -> list[Figure]:
    weeks = [week for week in growth.weeks if week.start >= start]
    if not weeks:
        return []
    spaced = [f"{week.contacts:,}".replace(",", " ") if week.contacts is not None else "" for week in weeks]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "connectgaps": False,
            "x": [week.start.isoformat() for week in weeks],
            "y": [week.contacts for week in weeks],
            "text": [_("Contacts: <b>%(count)s</b>") % {"count": text} for text in spaced],
            "hovertemplate": "%{text}<extra></extra>",
            "xaxis": "x",
            "yaxis": "y5",
            "name": _("Contacts"),
            "meta": {"role": "ink", "part": "contacts"},
        }
    ]


def _shades(panel: Panel, start: date, end: date) -> list[Figure]:
    """Growth and what came after, behind the contacts; the turn as a line through all five."""
    turn = panel.growth.turn
    if turn is None or not start < turn < end:
        return []
    low, high = DOMAINS[4]
    return [
        _area(start, turn, low, high, "growth"),
        _area(turn, end, low, high, "after"),
        _line(turn, "turn"),
    ]


def _area(start: date, end: date, low: float, high: float, role: str) -> Figure:
    box: Figure = {"type": "rect", "xref": "x", "yref": "paper", "layer": "below", "name": role, "line": {"width": 0}}
    return {**box, "x0": start.isoformat(), "x1": end.isoformat(), "y0": low, "y1": high}


def _line(day: date, role: str) -> Figure:
    at = day.isoformat()
    return {"type": "line", "xref": "x", "yref": "paper", "layer": "below", "name": role, "x0": at, "x1": at, "y0": 0, "y1": 1}


def _words(text: str, role: str, height: float, *, name: str, x: Any = 0, xref: str = "paper") -> Figure:
    look: Figure = {"showarrow": False, "xanchor": "left", "yanchor": "bottom", "yref": "paper", "captureevents": False}
    return {**look, "text": text, "x": x, "xref": xref, "y": height, "name": f"{name}:{role}"}


def _strip_title(result: Result, family: Family, height: float) -> Figure:
    unit = f", {result.unit_text}" if result.unit_text else ""
    return _words(f"<b>{result.label}</b>{unit}", family.value, height, name="strip")


def annotation_rows(panel: Panel, start: date, end: date) -> Iterator[tuple[Note, int]]:
    """Annotations inside the axis, each with a row of its own where words would meet."""
    free = [0.0] * LABEL_ROWS
    days = max(1, (end - start).days)
    for note in sorted(panel.annotations, key=lambda note: note.day):
        if start <= note.day <= end:
            at = (note.day - start).days / days
            row = next((index for index, taken in enumerate(free) if at >= taken), LABEL_ROWS - 1)
            free[row] = at + LABEL_ROOM
            yield note, row


def _note_words(note: Note, row: int) -> Figure:
    words = _words(note.text, "annotation", 1, name=f"note{row}", x=note.day.isoformat(), xref="x")
    return words


def summaries(panel: Panel) -> tuple[str, ...]:
    """The same strips in words: how many points, between which figures, and the latest. No change is claimed here."""
    families = zip(*(point.results for point in panel.trend), strict=True)
    return tuple(_summary(results) for results in families)


def _summary(results: tuple[Result, ...]) -> str:
    shown = [result for result in results if result.value is not None]
    name = str(results[0].label)
    if not shown:
        return _("%(name)s: no figure can be shown on this axis.") % {"name": name}
    ordered = sorted(shown, key=lambda result: result.value or 0.0)
    words = {"name": name, "n": len(shown), "all": len(results), "unit": shown[-1].unit_text}
    words |= {"low": ordered[0].text, "high": ordered[-1].text, "last": shown[-1].text}
    return _("%(name)s: %(n)d of %(all)d points can be shown, between %(low)s and %(high)s %(unit)s; the latest is %(last)s %(unit)s.") % words
