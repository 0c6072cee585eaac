"""Lines, shades and words on the common time axis: annotations, the chosen period, and the week in which growth stopped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from kpi import words
from kpi.charts.points import place
from kpi.charts.targets import aim_of, bands
from kpi.metric import Family
from kpi.result import Column, Panel
from kpi.scales import scale_break

Figure = dict[str, Any]
FAMILIES = tuple(Family)
# Five strips on one time axis, the four of equal height; from the top.
DOMAINS = ((0.835, 1.0), (0.63, 0.795), (0.425, 0.59), (0.22, 0.385), (0.0, 0.165))
CHARACTER, MARGIN = 0.0062, 0.012  # share of the time axis one character of a label takes, and the space after it
MOST_ROWS = 6
LAST_FROM = {"annotation": 0.85, "turn": 0.7}  # share of the time axis from which a label stands left of its line
STOPPED = frozenset({"plateau", "decline"})
Label = tuple[date, str, str]


def turn_of(panel: Panel) -> date | None:
    """The week in which growth stopped, where it is known that it did."""
    return panel.growth.turn if panel.growth.phase in STOPPED else None


def shapes(panel: Panel, start: date, end: date) -> list[Figure]:
    """The chosen period behind everything, growth and what came after behind the contacts, lines through all five."""
    found = [_area(max(start, panel.query.period.start), min(end, panel.query.period.end), 0, 1, "period")]
    found += bands(panel, start, end)
    spans = [(max(start, note.day), min(end, note.last)) for note in panel.annotations if note.last is not None]
    found += [_area(first, last, 0, 1, "span") for first, last in spans if first < last]
    found += [_line(day, "annotation") for day, _text, role in _labels(panel, start, end) if role == "annotation"]
    found += [_break(day, index) for day, index in breaks(panel)]
    turn = turn_of(panel)
    if turn is not None and start < turn < end:
        low, high = DOMAINS[4]
        found += [_area(start, turn, low, high, "growth"), _area(turn, end, low, high, "after"), _line(turn, "turn")]
    return [shape for shape in found if shape["x0"] < shape["x1"] or shape["type"] == "line"]


def breaks(panel: Panel) -> list[tuple[date, int]]:
    """(from when on, strip): where a figure was made by another definition, or answers were given on other scales (A1, G5)."""
    found = []
    for before, after in pairwise(panel.trend):
        for index, (earlier, later) in enumerate(zip(before.results, after.results, strict=True)):
            scales = scale_break(earlier.extra.get("scales", {}), later.extra.get("scales", {}))
            if earlier.shown and later.shown and (scales or earlier.definition_version != later.definition_version):
                found.append((place(after), index))
    return found


def _break(day: date, index: int) -> Figure:
    """Across its own strip alone."""
    low, high = DOMAINS[index]
    return {**_line(day, "break"), "y0": low, "y1": high}


def texts(panel: Panel, start: date, end: date) -> list[Figure]:
    """Strip titles, labels of the lines in rows of their own where words would meet, and the two phases."""
    found = [_title(_headed(panel, i, column), family.value, DOMAINS[i][1]) for i, (family, column) in enumerate(_columns(panel))]
    found.append(_title(f"<b>{_('Contacts a week')}</b>", "ink", DOMAINS[4][1]))
    found += [_label(label, row, at) for label, row, at in _in_rows(panel, start, end)]
    found += [_words(_("no figure can be shown"), "muted", DOMAINS[i][0], "inside", start.isoformat(), "x") for i in _blank(panel)]
    turn = turn_of(panel)
    if turn is not None and start < turn < end:
        now = {"plateau": _("flat"), "decline": _("falling")}.get(panel.growth.phase, _("no longer growing"))
        found += [
            {**_words(_("growth"), "ink", DOMAINS[4][1], "inside", start.isoformat(), "x"), "yanchor": "top"},
            _words(now, "ink", DOMAINS[4][0], "inside", turn.isoformat(), "x"),
        ]
    return found


def _headed(panel: Panel, index: int, column: Column) -> str:
    """The name of a strip, and its target in words."""
    aim = aim_of(panel, index)
    return f"<b>{column.result.label}</b>{f' · {aim.text}' if aim else ''}"


def _blank(panel: Panel) -> list[int]:
    """Strips without a single figure."""
    return [i for i in range(len(FAMILIES)) if not any(point.results[i].shown for point in panel.trend)]


def _columns(panel: Panel) -> Iterator[tuple[Family, Column]]:
    return zip(FAMILIES, panel.columns, strict=True)


def _labels(panel: Panel, start: date, end: date) -> list[Label]:
    """What stands above the lines, in the order of time."""
    labels = [(note.day, str(note.text), "annotation") for note in panel.annotations]
    if (turn := turn_of(panel)) is not None:
        labels.append((turn, _("<b>growth stopped, week of %(day)s</b>") % {"day": words.day(turn)}, "turn"))
    return sorted(label for label in labels if start <= label[0] <= end)


def _label(label: Label, row: int, at: float) -> Figure:
    """Words above a line; those near the right edge stand on its other side."""
    day, text, role = label
    side = "right" if at > LAST_FROM[role] else "left"
    return {**_words(text, role, 1, f"note{row}", day.isoformat(), "x"), "xanchor": side}


def _in_rows(panel: Panel, start: date, end: date) -> Iterator[tuple[Label, int, float]]:
    """Each label in the lowest row where it meets no other."""
    free = [-1.0] * MOST_ROWS
    days = max(1, (end - start).days)
    for label in _labels(panel, start, end):
        at = (label[0] - start).days / days
        room = len(label[1].replace("<b>", "").replace("</b>", "")) * CHARACTER + MARGIN
        first = at - room if at > LAST_FROM[label[2]] else at
        row = next((index for index, taken in enumerate(free) if first >= taken), MOST_ROWS - 1)
        free[row] = first + room
        yield label, row, at


def label_rows(panel: Panel, start: date, end: date) -> int:
    """How many rows of labels stand above the strips."""
    return max((row + 1 for _label_of, row, _at in _in_rows(panel, start, end)), default=0)


def _area(start: date, end: date, low: float, high: float, role: str) -> Figure:
    box: Figure = {"type": "rect", "xref": "x", "yref": "paper", "layer": "below", "name": role, "line": {"width": 0}}
    return {**box, "x0": start.isoformat(), "x1": end.isoformat(), "y0": low, "y1": high}


def _line(day: date, role: str) -> Figure:
    at = day.isoformat()
    return {"type": "line", "xref": "x", "yref": "paper", "layer": "below", "name": role, "x0": at, "x1": at, "y0": 0, "y1": 1}


def _title(text: str, role: str, height: float) -> Figure:
    return _words(text, role, height, "strip", 0, "paper")


def _words(text: str, role: str, height: float, name: str, x: Any, xref: str) -> Figure:
    look: Figure = {"showarrow": False, "xanchor": "left", "yanchor": "bottom", "yref": "paper", "captureevents": False}
    return {**look, "text": text, "x": x, "xref": xref, "y": height, "name": f"{name}:{role}"}
