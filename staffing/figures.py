"""The outlook drawn: FTE needed with its band, the two ends, and people if nobody is separated. Colours are roles, as in kpi/charts.

Nothing is computed here: every point is one of the table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from kpi import words
from staffing.outlook import Outlook
from staffing.scenario import Year

Figure = dict[str, Any]


def outlook_figure(found: Outlook, stay: Sequence[Year], *, need: float, people: float) -> Figure:
    """FTE over today and the years. `need` and `people` are those of today; `stay` are the years in which nobody is separated."""
    years = [_("now"), *(_("year %(n)s") % {"n": year.year} for year in found.base)]
    low, high = ([getattr(band, edge).required_fte for band in found.band] for edge in ("low", "high"))
    base, least, most = ([need, *(year.required_fte for year in course)] for course in (found.base, found.low, found.high))
    data = [
        _band(years, [need, *low], [need, *high]),
        _line(years, least, _("everything towards fewer"), "savings", "limits"),
        _line(years, most, _("everything towards more"), "savings", "limits"),
        _line(years, base, _("FTE needed"), "savings", "line"),
        _line(years, [people, *(year.headcount for year in stay)], _("people if nobody is separated"), "ink", "provisional"),
    ]
    layout: Figure = {"hovermode": "x unified", "showlegend": False, "dragmode": False}
    layout["xaxis"] = {"type": "category", "fixedrange": True}
    layout["yaxis"] = {"fixedrange": True, "nticks": 6, "rangemode": "tozero", "title": {"text": _("FTE")}}
    return {"data": data, "layout": layout}


def _line(years: Sequence[str], values: Sequence[float], name: str, role: str, part: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines" if part == "limits" else "lines+markers",
        "x": list(years),
        "y": list(values),
        "text": [f"{name}: {words.number(value, 1)}" for value in values],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"symbol": "circle-open" if part == "provisional" else "circle", "size": 7},
        "meta": {"role": role, "part": part},
    }


def _band(years: Sequence[str], low: Sequence[float], high: Sequence[float]) -> Figure:
    """95 of 100 courses as one closed shape that opens from today's need."""
    return {
        "type": "scatter",
        "mode": "lines",
        "fill": "toself",
        "hoverinfo": "skip",
        "line": {"width": 0},
        "x": [*years, *reversed(years)],
        "y": [*high, *reversed(low)],
        "meta": {"role": "savings", "part": "band"},
    }
