"""Actions: what is done about a metric, by whom and until when; and the same weeks before and after, with their doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kpi import charts, may, registry
from kpi.doing.action_forms import ActionForm, values_of
from kpi.doing.frame import history_of, name_of, page
from kpi.doing.initiatives import where
from kpi.forms import PanelForm
from kpi.models import Action
from kpi.pending import OPEN, UNITS, inside
from kpi.result import Scope, Viewer
from kpi.rights import NotAllowed
from kpi.scopes import organisation
from kpi.weighing import before_and_after


@dataclass(frozen=True)
class Listed:
    """One line of the list."""

    item: Action
    metric: str
    where: str
    owner: str
    part_of: str
    overdue: bool


def _read(viewer: Viewer, scope: Scope) -> Iterator[Listed]:
    """Of the places inside the scope: what is open first, by the day it is due."""
    today, site_of = timezone.localdate(), organisation().site_of
    found = [(item, may.where_of(item)) for item in Action.objects.select_related("site", "team__site", "owner", "initiative")]
    mine = [item for item, where in found if may.reads(viewer, where) and inside(scope, where, site_of)]
    for item in sorted(mine, key=lambda item: (item.state not in OPEN, item.due, item.pk)):
        yield Listed(item, _label(item), where(item), name_of(item.owner), _part_of(viewer, item), item.state in OPEN and item.due < today)


def _part_of(viewer: Viewer, item: Action) -> str:
    """The initiative, where this reader may read of it."""
    return str(item.initiative) if item.initiative and may.reads(viewer, may.where_of(item.initiative)) else ""


def _label(item: Action) -> str:
    metric = registry.metrics().get(item.metric)
    return str(metric.label) if metric else item.metric


@require_http_methods(["GET", "HEAD", "POST"])
@page
def every_action(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list, and the form that adds to it."""
    first = {name: request.GET[name] for name in ("metric", "scope", "initiative") if name in request.GET}
    usual = {"starts_on": timezone.localdate(), "owner": request.user.pk, **may.in_view(viewer, request.GET)}
    form = ActionForm(request.POST or None, viewer=viewer, initial=usual | first)
    if request.method == "POST":
        if not may.writes_anywhere(viewer):
            raise NotAllowed("reads only")
        if form.is_valid():
            user = request.user if isinstance(request.user, User) else None
            return redirect("action", form.stored_in(Action(entered_by=user)).pk)
    narrowed = PanelForm(request.GET, viewer=viewer)
    rows = list(_read(viewer, narrowed.query().scope))
    context = {"rows": rows, "chips": narrowed.chips(*UNITS), "entry": form, "writes": may.writes_anywhere(viewer), "asked": bool(first)}
    return render(request, "kpi/plans/actions.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def one_action(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """What it did, how it stands, and what was changed."""
    item = Action.objects.select_related("site", "team__site", "owner", "initiative").filter(pk=pk).first()
    if item is None or not may.reads(viewer, may.where_of(item)):
        raise Http404
    writes = may.writes(viewer, may.where_of(item))
    form = ActionForm(request.POST or None, viewer=viewer, initial=values_of(item)) if writes else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            form.stored_in(item)
            return redirect("action", item.pk)
    found = before_and_after(viewer, may.where_of(item).scope, item.metric, item.starts_on, item.done_on)
    shown = found.panel
    context = {
        "item": item,
        "where": where(item),
        "owner": name_of(item.owner),
        "part_of": _part_of(viewer, item),
        "metric": _label(item),
        "found": found,
        "panel": shown,
        "columns": list(zip(shown.columns, charts.sparks(shown), strict=True)) if shown else [],
        "entry": form,
        "history": history_of(item),
    }
    return render(request, "kpi/plans/action.html", context, status=400 if form and form.errors else 200)
