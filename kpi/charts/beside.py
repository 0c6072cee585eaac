"""Figures beside single numbers of a page: where freed hours went, and from eligible to confirmed. Each with its words and its table.

Drawn only from what the page shows: a figure that is not shown has no picture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kpi import words
from kpi.result import Result, Sheet

Figure = dict[str, Any]
Row = tuple[str, str]


@dataclass(frozen=True)
class Drawn:
    """A picture, what it says in words, and the same numbers as a table."""

    key: str
    title: str
    words: str
    figure: Figure
    head: Row
    rows: tuple[Row, ...]


def beside(sheet: Sheet) -> Mapping[str, Drawn]:
    """{metric: its picture} for the figures of a page that have one."""
    shown = [column.result for section in sheet.sections for column in section.columns if column.result.shown]
    found = {result.metric: DRAWN[result.metric](result) for result in shown if result.metric in DRAWN}
    return {metric: drawn for metric, drawn in found.items() if drawn is not None}


def ledger(result: Result) -> Drawn | None:
    """Hours absorbed by growth, taken out, given back: they add up to the freed ones; what is below zero stands left of it."""
    names = {"growth_absorbed": _("absorbed by growth"), "released": _("taken out as paid hours"), "relief": _("given back to people")}
    if (result.parts.get("relief") or 0.0) < 0:
        names["relief"] = _("squeezed: denser work")
    roles = {"growth_absorbed": "muted", "released": "savings", "relief": "wellbeing"}
    values = {key: result.parts.get(key) for key in names}
    if any(value is None for value in values.values()):
        return None
    hours = {key: f"{words.number(value or 0.0)}{words.NARROW}h" for key, value in values.items()}
    data = [_block(names[key], values[key] or 0.0, hours[key], roles[key]) for key in names]
    layout: Figure = {"barmode": "relative", "showlegend": False, "dragmode": False, "meta": {"room": 20}}
    layout["xaxis"] = {"fixedrange": True, "title": {"text": _("hours a week")}, "zeroline": True}
    layout["yaxis"] = {"visible": False, "fixedrange": True}
    told = _("%(parts)s; together %(all)s a week.") % {
        "parts": ", ".join(f"{names[key]} {hours[key]}" for key in names),
        "all": f"{result.text}{words.NARROW}{result.unit_text}",
    }
    rows = (*((names[key], hours[key]) for key in names), (_("freed"), f"{result.text}{words.NARROW}{result.unit_text}"))
    title = _("Where the freed hours went")
    return Drawn("gain-ledger", title, told, {"data": data, "layout": layout}, (_("Where"), _("Hours a week")), rows)


def _block(name: str, value: float, text: str, role: str) -> Figure:
    look: Figure = {"type": "bar", "orientation": "h", "hoverinfo": "skip", "textposition": "inside", "insidetextanchor": "middle"}
    label = f"{name}: {text}"
    return {
        **look,
        "name": name,
        "x": [value],
        "y": [""],
        "text": [f"{name}<br>{text}"],
        "customdata": [label],
        "meta": _meta(role, "block"),
    }


def _meta(role: str, part: str) -> Figure:
    return {"role": role, "part": part}


def funnel(result: Result) -> Drawn | None:
    """Eligible, attempted, contained, confirmed: each a part of the one before."""
    names = {"eligible": _("Eligible"), "tried": _("Attempted"), "closed": _("Contained"), "solved": _("Confirmed")}
    counts = [result.parts.get(key) for key in names]
    whole = counts[0] or 0.0
    if any(count is None for count in counts) or not whole:
        return None
    texts = [f"{words.number(count or 0.0)} · {words.percent((count or 0.0) / whole)}" for count in counts]
    trace: Figure = {
        "type": "funnel",
        "y": list(names.values()),
        "x": counts,
        "text": texts,
        "textinfo": "text",
        "textposition": "auto",
        "hoverinfo": "skip",
        "customdata": [f"{name}: {text}" for name, text in zip(names.values(), texts, strict=True)],
        "meta": _meta("resolution", "funnel"),
    }
    layout: Figure = {"showlegend": False, "dragmode": False, "meta": {"room": 20}}
    layout |= {"xaxis": {"fixedrange": True, "visible": False}, "yaxis": {"fixedrange": True, "type": "category"}}
    told = _("Of %(all)s eligible contacts the AI attempted %(tried)s, contained %(closed)s, and %(solved)s are confirmed.")
    said = told % {"all": words.number(whole), **{key: words.number(count or 0.0) for key, count in zip(names, counts, strict=True)}}
    rows = tuple(zip(names.values(), texts, strict=True))
    return Drawn("funnel", _("From eligible to confirmed"), said, {"data": [trace], "layout": layout}, (_("Step"), _("Contacts")), rows)


DRAWN: Mapping[str, Callable[[Result], Drawn | None]] = {"gain_ledger": ledger, "ai_solved_rate": funnel}
