"""Initiatives: a change, what is expected of it, what it may cost, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from kpi import charts, may, words
from kpi.doing.frame import name_of, page
from kpi.doing.initiative_forms import FurtherLimitsForm, InitiativeForm, ReasonForm
from kpi.metric import Unit
from kpi.models import Initiative, Limits, LimitsClosed
from kpi.plans.limits import first_after
from kpi.plans.targets import distance
from kpi.result import Viewer
from kpi.rights import NotAllowed
from kpi.weighing import weigh


@dataclass(frozen=True)
class Told:
    """Limits in words: how far each may fall, over which weeks, since when frozen, and why closed."""

    item: Limits
    margins: tuple[tuple[str, str], ...]
    baseline: str
    after: str
    frozen_by: str
    closed: LimitsClosed | None


@dataclass(frozen=True)
class Listed:
    """One line of the list."""

    item: Initiative
    where: str
    limits: Told | None  # those that are judged


def readable(viewer: Viewer) -> Iterator[Initiative]:
    found = Initiative.objects.select_related("site", "team__site").prefetch_related("limits__closed", "limits__frozen_by")
    return (item for item in found if may.reads(viewer, may.where_of(item)))


def found_or_404(viewer: Viewer, pk: int, *, to_write: bool = False) -> Initiative:
    """One this reader may read, or write about."""
    item = Initiative.objects.select_related("site", "team__site", "entered_by").filter(pk=pk).first()
    allowed = may.writes if to_write else may.reads
    if item is None or not allowed(viewer, may.where_of(item)):
        raise Http404
    found: Initiative = item
    return found


def told(limits: Limits) -> Told:
    baseline, after = limits.windows
    margins = (
        (_("CSAT"), limits.csat, Unit.SHARE),
        (pgettext("by itself", "wellbeing"), limits.awi, Unit.INDEX),
        (pgettext("by itself", "resolution quality"), limits.rq, Unit.INDEX),
    )
    return Told(
        limits,
        tuple((name, distance(value, unit)) for name, value, unit in margins),
        words.span(baseline),
        words.span(after),
        name_of(limits.frozen_by),
        getattr(limits, "closed", None),
    )


def _open(item: Initiative) -> Limits | None:
    found = [limits for limits in item.limits.all() if not hasattr(limits, "closed")]
    return found[-1] if found else None


def where(item: object) -> str:
    team, site = getattr(item, "team", None), getattr(item, "site", None)
    return f"{team.name} · {team.site.name}" if team else str(site) if site else ""


@require_http_methods(["GET", "HEAD", "POST"])
@page
def every_initiative(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list, and the form that adds and freezes."""
    today = timezone.localdate()
    first = {"starts_on": today, "after_start": first_after(today), **may.in_view(viewer, request.GET)}
    form = InitiativeForm(request.POST or None, viewer=viewer, initial=first)
    if request.method == "POST":
        if not may.writes_anywhere(viewer):
            raise NotAllowed("reads only")
        if form.is_valid():
            return redirect("initiative", form.stored(_user(request)).pk)
    rows = [Listed(item, where(item), told(limits) if (limits := _open(item)) else None) for item in readable(viewer)]
    context = {"rows": rows, "entry": form, "writes": may.writes_anywhere(viewer)}
    return render(request, "kpi/plans/initiatives.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def one_initiative(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """What became of it; where no limits are judged, the form for further ones."""
    item = found_or_404(viewer, pk, to_write=request.method == "POST")
    limits = _open(item)
    further = None if limits else FurtherLimitsForm(request.POST or None, initiative=item)
    if request.method == "POST":
        if further is None:
            raise Http404
        if further.is_valid():
            further.frozen(item, _user(request), timezone.now())
            return redirect("initiative", item.pk)
    return _show(request, viewer, item, limits, further, ReasonForm(auto_id="id-%s"))


def _show(
    request: HttpRequest, viewer: Viewer, item: Initiative, limits: Limits | None, further: FurtherLimitsForm | None, closing: ReasonForm
) -> HttpResponse:
    found = weigh(viewer, may.where_of(item).scope, limits) if limits else None
    shown = found.panel if found else None
    context = {
        "item": item,
        "where": where(item),
        "entered_by": name_of(item.entered_by),
        "limits": told(limits) if limits else None,
        "former": [told(each) for each in item.limits.all() if hasattr(each, "closed")],
        "found": found,
        "panel": shown,
        "columns": list(zip(shown.columns, charts.sparks(shown), strict=True)) if shown else [],
        "entry": further,
        "closing": closing,
        "writes": may.writes(viewer, may.where_of(item)),
        "expected": words.number(item.expected_fte, 1, sign=True) if item.expected_fte is not None else "",
    }
    wrong = bool((further and further.errors) or closing.errors)
    return render(request, "kpi/plans/initiative.html", context, status=400 if wrong else 200)


@require_POST
@page
def close_limits(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """Limits are never changed: they are closed with a reason, and others may follow."""
    item = found_or_404(viewer, pk, to_write=True)
    limits, form = _open(item), ReasonForm(request.POST, auto_id="id-%s")
    if limits is None:
        raise Http404
    if not form.is_valid():
        return _show(request, viewer, item, limits, None, form)
    try:
        with transaction.atomic():
            LimitsClosed.objects.create(limits=limits, reason=form.cleaned_data["reason"], closed_by=_user(request))
    except IntegrityError:
        pass  # somebody else was faster: closed is closed
    return redirect("initiative", item.pk)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
