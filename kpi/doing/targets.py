"""Targets: what is aimed at, who answers for it, since when and why. Signed by an executive; versions are added, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kpi import may, registry
from kpi.aims import FLOORS
from kpi.doing.frame import name_of, page
from kpi.doing.target_forms import TargetForm
from kpi.models import Membership, Target
from kpi.plans.targets import Range, range_text
from kpi.result import Viewer
from kpi.rights import NotAllowed


@dataclass(frozen=True)
class Version:
    """One version in words."""

    text: str
    floors: str  # of the companions, where the target is on a saving
    since: date
    owner: str
    reason: str
    signed: str
    entered: date
    state: str  # in force, from that day on, replaced, lifted


@dataclass(frozen=True)
class Aimed:
    """A metric and a scope with every version, the newest first."""

    metric: str
    label: str
    where: str
    address: str
    key: str
    page: str  # of the metric, where it has one beside the overview
    versions: tuple[Version, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@page
def every_target(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list for whoever reads, the form for an executive."""
    signs = viewer.role == Membership.Role.EXECUTIVE
    first = {name: request.GET[name] for name in ("metric", "scope") if name in request.GET}
    usual = {"valid_from": timezone.localdate(), **may.in_view(viewer, request.GET)}
    form = TargetForm(request.POST or None, viewer=viewer, initial=usual | first)
    if request.method == "POST":
        if not signs or not isinstance(request.user, User):
            raise NotAllowed("signed by an executive")
        if form.is_valid():
            form.signed(request.user)
            return redirect("targets")
    context = {"rows": list(aimed(viewer)), "entry": form, "signs": signs, "asked": bool(first)}
    return render(request, "kpi/plans/targets.html", context, status=400 if form.errors else 200)


def aimed(viewer: Viewer) -> Iterator[Aimed]:
    """Of every scope this reader may read, the company first."""
    found = Target.objects.select_related("site", "team__site", "owner", "signed_by").order_by("site", "team", "metric", "valid_from", "pk")
    rows = [item for item in found if may.reads(viewer, may.where_of(item)) and item.metric in registry.metrics()]
    for (where, metric), items in groupby(sorted(rows, key=_place), key=lambda item: (may.where_of(item), item.metric)):
        versions = list(items)
        named = registry.metrics()[metric]
        yield Aimed(
            metric,
            str(named.label),
            _name(versions[0]),
            where.address,
            where.key,
            named.page if not named.headline else "",
            _told(versions),
        )


def _place(item: Target) -> tuple[str, str, str, date, int]:
    site = item.team.site.name if item.team else item.site.name if item.site else ""
    return site, item.team.name if item.team else "", item.metric, item.valid_from, item.pk


def _name(item: Target) -> str:
    return f"{item.team.name} · {item.team.site.name}" if item.team else str(item.site or _("All sites"))


def _told(versions: list[Target]) -> tuple[Version, ...]:
    today = timezone.localdate()
    begun = [item for item in versions if item.valid_from <= today]
    now = begun[-1] if begun else None
    return tuple(_version(item, _state(item, now, today)) for item in reversed(versions))


def _state(item: Target, now: Target | None, today: date) -> str:
    if item.valid_from > today:
        return _("to come")
    if item == now:
        return _("lifted") if item.ended else _("in force")
    return _("replaced")


def _version(item: Target, state: str) -> Version:
    unit = registry.metrics()[item.metric].unit
    text = _("no target") if item.ended else range_text(Range(item.floor, item.ceiling), unit)
    floors = "; ".join(_floor(key, getattr(item, name)) for key, name in FLOORS.items() if getattr(item, name) is not None)
    return Version(text, floors, item.valid_from, name_of(item.owner), item.reason, name_of(item.signed_by), item.entered_at.date(), state)


def _floor(key: str, value: float) -> str:
    metric = registry.metrics()[key]
    return f"{metric.label} {range_text(Range(floor=value), metric.unit)}"
