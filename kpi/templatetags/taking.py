"""The menu by which a page is taken along, and what a page on paper says of itself on top."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from kpi import printing, words
from kpi.export import filters_text, versions_text
from kpi.result import Panel, Result, Sheet

register = template.Library()


@register.inclusion_tag("kpi/_take_away.html", takes_context=True)
def take_away(context: Context, *, csv: str = "", xlsx: str = "", json: str = "", page: str = "", whole: bool = False) -> dict[str, Any]:
    """Links for what is answered at once, buttons for what is printed; none of them on paper."""
    request = context["request"]
    question = f"?{request.GET.urlencode()}" if whole and request.GET else context["form"].address()  # `whole`: with all that was typed
    names = {"CSV": csv, "XLSX": xlsx, "JSON": json}
    args = [page] if page else []
    return {
        "links": {label: reverse(name, args=args) + question for label, name in names.items() if name},
        "address": request.get_full_path(),
        "refused": printing.why_not(),
        "csrf_token": get_token(request),
        "on_paper": on_paper(context),
    }


@register.inclusion_tag("kpi/_figure_tools.html", takes_context=True)
def figure_tools(
    context: Context, panel: Panel, figure: str, title: str, *, csv: str = "", key: str = "", cut: bool = False
) -> dict[str, Any]:
    """Ways to take one figure along. What a picture needs to be read alone is printed into it, all four measures among it."""
    period = panel.query.period
    return {
        "figure": figure,
        "csv": reverse("figure-csv", args=[csv]) + context["form"].address() if csv else "",
        "name": f"counterweight_{csv or figure}_{period.start}_{period.end}",
        "title": title,
        "scope": " · ".join([str(panel.title), str(panel.period_text), _said(panel, [])[_("Filters")]]),
        "four": [four_words(column.result) for column in panel.columns],
        "source": f"Counterweight · {panel.freshness.text} · {versions_text(column.result for column in panel.columns)}",
        "key": f"{key} {_('The axis does not begin at zero.')}" if cut else key,
        "on_paper": on_paper(context),
    }


def four_words(result: Result) -> str:
    """A measure in one line: value, doubt and sample, or why there is none."""
    if not result.shown:
        return f"{result.label}: {words.status_word(result.status)}"
    doubt = ", ".join(text for text in (str(result.margin_text), str(result.sample_text)) if text)
    return f"{result.label}: {result.text}{words.NARROW}{result.unit_text}".strip() + (f" ({doubt})" if doubt else "")


def on_paper(context: Context | Mapping[str, Any]) -> bool:
    return bool(getattr(context.get("request"), "paper", False))


@register.inclusion_tag("kpi/_paper.html", takes_context=True)
def paper(context: Context, panel: Panel, sheet: Sheet | None = None, page: str = "") -> dict[str, Any]:
    """What every sheet of paper says: scope, period, filters and teams by name, definitions, how fresh the data are. On screens nothing."""
    if not on_paper(context):
        return {}
    title = str(sheet.title if sheet else page)
    said = _said(panel, list(_results(panel, sheet)))
    head = " · ".join([title, str(panel.title), str(panel.period_text), said[_("Filters")]])
    foot = f"{said[_('Data')]} · {_('Definitions')}: {said[_('Definitions')]}"
    return {"said": said, "head": head, "foot": foot}


def _said(panel: Panel, results: list[Result]) -> dict[str, str]:
    teams = ", ".join(dict.fromkeys(str(row.label) for row in panel.teams))
    lines = {
        _("Scope"): str(panel.title),
        _("Period"): str(panel.period_text),
        _("Compared with"): str(panel.comparison_text) or _("nothing"),
        _("Filters"): _("no filter") if (filters := filters_text(panel.query.scope)) == _("none") else filters,
        _("Teams in the tables"): teams,
        _("Data"): f"{panel.freshness.text}; {_('as of')} {words.day(panel.columns[0].result.data_as_of)}",
        _("Definitions"): versions_text(results),
    }
    return {name: text for name, text in lines.items() if text}


def _results(panel: Panel, sheet: Sheet | None) -> list[Result]:
    four = [column.result for column in panel.columns]
    return four + [column.result for section in (sheet.sections if sheet else ()) for column in section.columns]
