"""Pages: read the question in the address, build the panel once, render. No arithmetic here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from kpi import beginning, cases, charts, openings, panel, pending, registry, rights
from kpi import sheet as sheets
from kpi.context import count_ready
from kpi.definitions import describe
from kpi.forms import PanelForm
from kpi.lookup import LONGEST, matching
from kpi.metric import Family, Metric
from kpi.models import ListOpened
from kpi.preferences import preferences_of
from kpi.release import release
from kpi.result import Panel, Viewer
from kpi.revisions import revisions_of
from kpi.terms import TERMS, Term
from kpi.version import one_version
from kpi.worked import Worked, work_through

SIDE_BY_SIDE = 9  # units at most
LONGEST_NUMBER = 8  # digits


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """The balanced panel of one scope and period."""
    return answer(request, lambda viewer, form: _render_overview(request, form, viewer, panel.build_panel(viewer, form.query())))


@require_safe
@login_required
def sheet(request: HttpRequest, page: str) -> HttpResponse:
    """One of the pages beside the overview, with the panel of the same scope and period."""
    if page not in sheets.pages():
        raise Http404
    return answer(request, lambda viewer, form: _render_sheet(request, form, viewer, page))


@require_safe
@login_required
def case_list(request: HttpRequest, kind: str) -> HttpResponse:
    """Contacts somebody has to look at, for those who may see contacts."""
    found = cases.KINDS.get(kind)
    if found is None:
        raise Http404
    return answer(request, lambda viewer, form: _render_cases(request, form, viewer, found), always=True)


def answer(request: HttpRequest, make: Callable[[Viewer, PanelForm], HttpResponse], *, always: bool = False) -> HttpResponse:
    """What a page needs before its figures: a role, data, and a reader who does not have it already. `always`: made anew for every
    reader, because each opening is remembered."""
    try:
        viewer = rights.viewer_of(request.user)
    except rights.NotAllowed:
        first = panel.data_as_of() is None and beginning.may_begin(request.user)
        return render(request, "kpi/not_allowed.html", {"first": first}, status=403)
    with one_version():
        return _answer(request, viewer, make, always)


def _answer(request: HttpRequest, viewer: Viewer, make: Callable[[Viewer, PanelForm], HttpResponse], always: bool) -> HttpResponse:
    as_of = panel.data_as_of()
    if as_of is None:
        return _private(render(request, "kpi/empty.html", {"ask": beginning.whom_to_ask()}))
    etag = _etag(request, viewer)
    if not always and (unchanged := get_conditional_response(request, etag=etag)):
        return _private(unchanged)
    try:
        response = _private(make(viewer, PanelForm(request.GET, viewer=viewer, as_of=as_of, contacts=always)), keep=not always)
    except rights.NotAllowed:
        raise Http404 from None
    if not always:
        response["ETag"] = etag
    return response


def _render_sheet(request: HttpRequest, form: PanelForm, viewer: Viewer, page: str) -> HttpResponse:
    shown = sheets.build_sheet(viewer, form.query(), page)
    columns = list(zip(shown.panel.columns, charts.sparks(shown.panel), strict=True))
    lists = cases.kinds_of(viewer, page)
    drawn = charts.beside(shown)
    context = {"form": form, "sheet": shown, "panel": shown.panel, "columns": columns, "lists": lists, "drawn": drawn}
    return render(request, "kpi/sheet.html", context)


def _render_cases(request: HttpRequest, form: PanelForm, viewer: Viewer, kind: cases.CaseKind) -> HttpResponse:
    if not rights.sees_contacts(viewer):
        return render(request, "kpi/not_allowed.html", status=403)
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < LONGEST_NUMBER else 1
    found = openings.open_list(request.user, viewer, form.query(), kind, ListOpened.Surface.PAGE, number)
    context = {"form": form, "found": found, "metric": registry.metrics().get(kind.metric)}
    return render(request, "kpi/cases.html", context)


def _side_by_side(form: PanelForm, viewer: Viewer, shown: Panel, by: str) -> dict[str, object]:
    """The panels of the sites or teams of a scope, each through the door; only where they are asked for."""
    scopes = form.parts_of(by, shown)
    found = [panel.build_panel(viewer, replace(form.query(), scope=scope)) for scope in scopes[:SIDE_BY_SIDE]]
    return {"figures": charts.multiples(found), "left_out": len(scopes[SIDE_BY_SIDE:])} if found else {}


def _render_overview(request: HttpRequest, form: PanelForm, viewer: Viewer, shown: Panel) -> HttpResponse:
    steps = charts.waterfall(shown.steps)
    side = _side_by_side(form, viewer, shown, request.GET.get("by", ""))
    context = {
        "form": form,
        "panel": shown,
        "columns": list(zip(shown.columns, charts.sparks(shown), strict=True)),
        "silent": not any(column.result.shown for column in shown.columns),
        "pending": pending.pending(viewer, form.query().scope),
        "trends": charts.trends(shown),
        "summaries": charts.summaries(shown),
        "youngest": charts.youngest(shown),
        "broken": charts.broken(shown),
        "aimed": [column for column in shown.columns if column.aim],
        "side": side,
        "trend_table": charts.trend_table(shown),
        "waterfall": steps,
        "axis_is_cut": charts.axis_is_cut(steps),
    }
    return render(request, "kpi/overview.html", context)


def _private(response: HttpResponse, *, keep: bool = True) -> HttpResponse:
    """Kept only by the reader's own browser, and asked for again each time; what is about single contacts is kept by none."""
    patch_cache_control(response, private=True, **({"no_cache": True} if keep else {"no_store": True}))
    return response


def _etag(request: HttpRequest, viewer: Viewer) -> str:
    """Changes with the data, the rights, the question, the reader's session, the day and the release."""
    session = request.session.session_key or ""
    reader = [viewer.key, session, str(request.user.pk), preferences_of(request).key]
    parts = [panel.version_key(), request.get_full_path(), *reader, str(date.today()), release()]
    parts.append(str(count_ready(request)))  # an export that is ready is told of on the next page
    get_token(request)  # the form to log out holds it: a page with an old one must not be reused
    csrf = request.META.get("CSRF_COOKIE", "")
    return f'"{hashlib.sha256("|".join([*parts, csrf, str(settings.WELLBEING_MIN_GROUP), settings.CURRENCY]).encode()).hexdigest()[:32]}"'


@require_safe
@login_required
def definitions(request: HttpRequest) -> HttpResponse:
    """Every metric, family by family, and what stands beside them."""
    typed = request.GET.get("q", "").strip()[:LONGEST]
    found = matching(
        typed, registry.metrics().values(), lambda metric: (metric.key, metric.label, metric.words, metric.formula, metric.caveat)
    )
    terms = matching(typed, TERMS.values(), lambda term: (term.key, term.label, term.words, term.formula, term.caveat))
    families = [metrics for family in Family if (metrics := [metric for metric in found if metric.family is family])]
    return render(request, "kpi/definitions.html", {"families": families, "terms": terms, "typed": typed, "hits": len(found) + len(terms)})


def _said(entry: Metric | Term) -> Iterable[object]:
    return entry.key, entry.label, entry.words, entry.formula, entry.caveat


@require_safe
@login_required
def definition(request: HttpRequest, key: str) -> HttpResponse:
    """One metric: words, formula, columns, sample rule, caveat, worked example; or a term of the pages that is no metric."""
    if key in TERMS:
        return render(request, "kpi/term.html", {"term": TERMS[key]})
    if key not in registry.metrics():
        raise Http404
    worked = _own_example(request, registry.metrics()[key])
    shown = worked.panel if worked else None
    columns = list(zip(shown.columns, charts.sparks(shown), strict=True)) if shown else []
    revised = revisions_of(registry.metrics()[key]) if worked else ()
    context = {"described": describe(key), "worked": worked, "panel": shown, "columns": columns, "revised": revised}
    return _private(render(request, "kpi/definition.html", context))


def _own_example(request: HttpRequest, metric: Metric) -> Worked | None:
    """With the numbers of the reader's widest scope; roles without dashboards read the definition alone."""
    try:
        viewer = rights.viewer_of(request.user)
    except rights.NotAllowed:
        return None
    with one_version():
        as_of = panel.data_as_of()
        return work_through(viewer, PanelForm({}, viewer=viewer, as_of=as_of).query(), metric) if as_of else None
