"""The page of scenarios: what may come, from what is now. A saving that is foreseen stands beside the panel like one that was made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kpi import charts, downloads, export, panel, sheet
from kpi.api import attachment
from kpi.forms import PanelForm
from kpi.models import Site
from kpi.result import Panel, Result, Viewer
from kpi.views import answer
from staffing import answers, examples
from staffing.agents import agents_answer
from staffing.files import tables_of
from staffing.forms import STAY, ScenarioForm, Start, is_filled
from staffing.practice import practice_of
from staffing.starting import WEEKS_A_YEAR

MEASURED = {"contained_share": "contained", "aht": "aht", "occupancy": "occupancy", "shrinkage": "shrinkage"}
WEEKS = 13


@require_safe
@login_required
def scenarios(request: HttpRequest) -> HttpResponse:
    """Outlook, calculator, claim and targets; every assumption is in the address."""
    return answer(request, lambda viewer, form: _render(request, viewer, form))


@require_safe
@login_required
def scenarios_csv(request: HttpRequest) -> HttpResponse:
    """The same scenario as rows."""
    return answer(request, lambda viewer, form: _as_csv(request, viewer, form))


@require_safe
@login_required
def scenarios_xlsx(request: HttpRequest) -> HttpResponse:
    """The same scenario as a book."""
    return answer(request, lambda viewer, form: _as_book(request, viewer, form))


def _refuse(form: PanelForm) -> None:
    """A file is refused where a page leaves a filter out: nobody sees in it what was asked for."""
    if not form.is_valid():
        raise BadRequest(_("A filter in the address is not understood."))


def _as_csv(request: HttpRequest, viewer: Viewer, form: PanelForm) -> HttpResponse:
    _refuse(form)
    context = _context(request, viewer, form)
    rows = export.further_rows(context["panel"], _("Scenarios"), list(tables_of(context)))
    return attachment(request, _name(context["panel"], "csv"), export.render_csv(rows), downloads.CSV)


def _as_book(request: HttpRequest, viewer: Viewer, form: PanelForm) -> HttpResponse:
    _refuse(form)
    context = _context(request, viewer, form)
    book = export.further_book(context["panel"], _("Scenarios"), list(tables_of(context)))
    return attachment(request, _name(context["panel"], "xlsx"), book, downloads.XLSX)


def _name(shown: Panel, kind: str) -> str:
    return f"counterweight_scenarios_{shown.query.period.start}_{shown.query.period.end}.{kind}"


def _render(request: HttpRequest, viewer: Viewer, form: PanelForm) -> HttpResponse:
    return render(request, "staffing/scenarios.html", _context(request, viewer, form))


def _context(request: HttpRequest, viewer: Viewer, form: PanelForm) -> dict[str, Any]:
    """What the page, and every file of it, is made of."""
    query = form.query()
    shown = panel.build_panel(viewer, query)
    today = starts(shown, sheet.build_figures(viewer, query, tuple(MEASURED)))
    example = examples.chosen(request.GET.get(examples.NAME), own=is_filled(request.GET), starts=today)
    scenario = ScenarioForm(request.GET, example.example.starts(today) if example.example else today)
    numbers, missing = scenario.numbers(), answers.companions_missing(shown)
    outlook = partial(answers.outlook_answer, no_separations=scenario.no_separations)
    return {
        "form": form,
        "panel": shown,
        "columns": list(zip(shown.columns, charts.sparks(shown), strict=True)),
        "scenario": scenario,
        "example": example,
        "examples": [(item, form.address(**{examples.NAME: item.key})) for item in examples.EXAMPLES.values()],
        "groups": scenario.groups(),
        "stay": scenario[STAY],
        "outlook": answers.Answer(withheld=missing) if missing else answers.answered(outlook, numbers),
        "calculator": answers.answered(answers.calculator_answer, numbers),
        "agents": answers.answered(agents_answer, numbers),
        "claim": answers.answered(answers.claim_answer, numbers),
        "targets": answers.answered(answers.targets_answer, numbers),
    }


def starts(shown: Panel, figures: Mapping[str, Result]) -> dict[str, Start]:
    """What is known about today's work here; a figure that is protected is not among it."""
    found = {name: start for key, name in MEASURED.items() if (start := _measured(figures.get(key))) is not None}
    if "contained" in found:
        found["containment"] = Start(found["contained"].value, _("as it is now"))
    weeks = [week.contacts for week in shown.growth.weeks if week.contacts is not None][-WEEKS:]
    if weeks:
        year = round(sum(weeks) / len(weeks) * WEEKS_A_YEAR)
        found["contacts"] = Start(year, _("the last %(n)s complete weeks as a year") % {"n": len(weeks)})
    return found | _signed(shown)


def _measured(result: Result | None) -> Start | None:
    """A figure of today, with its doubt and its sample."""
    if result is None or not result.shown or result.value is None:
        return None
    beside = ", ".join(text for text in (result.margin_text, result.sample_text) if text)
    return Start(result.value, ": ".join(text for text in (_("now, measured"), beside) if text))


def _signed(shown: Panel) -> dict[str, Start]:
    """Paid hours of the site of the question, or of the first one that signed."""
    site = shown.query.scope.site
    sites = [site] if site is not None else list(Site.objects.order_by("pk").values_list("pk", flat=True))
    known = practice_of(sites, shown.query.period)
    hours = [item.paid_hours_per_week for item in known.values() if item.paid_hours_per_week]
    return {"paid_hours": Start(round(hours[0] * WEEKS_A_YEAR, 1), _("signed"))} if hours else {}
