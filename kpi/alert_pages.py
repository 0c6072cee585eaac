"""The page "Alerts": what fires, since when, and the panel of each unit beside it; the same as JSON. No figure without all four."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from kpi import charts, panel, rights
from kpi.api import FILTERS, QuickJSON
from kpi.errors import InvalidFilter
from kpi.forms import PanelForm
from kpi.models import Alert, AlertChange
from kpi.models.alert import NOTE, State
from kpi.models.organisation import check_no_person
from kpi.pages import PAGES
from kpi.pending import UNITS, inside, where_of_unit
from kpi.result import Panel, TeamRow, Viewer
from kpi.schema import ErrorAnswer, PanelShape
from kpi.scopes import organisation
from kpi.serializers import render_panel
from kpi.version import one_version
from kpi.views import answer
from kpi.watch import Seen, acknowledge, seen_by

OPEN = (State.FIRING, State.ACKNOWLEDGED)
ORDER = {State.FIRING: 0, State.ACKNOWLEDGED: 1, State.OK: 2}
WIDEST = {"all": 0, "site": 1, "team": 2}


@dataclass(frozen=True)
class Group:
    """One unit with the alerts that are open there and its four, as a row of a table."""

    period_text: str
    rows: tuple[TeamRow, ...]
    alerts: list[Seen]


@require_safe
@login_required
def alerts(request: HttpRequest) -> HttpResponse:
    """What fires, unit by unit."""
    return answer(request, lambda viewer, form: _render_list(request, viewer, form), always=True)


def _render_list(request: HttpRequest, viewer: Viewer, form: PanelForm) -> HttpResponse:
    found = _sorted(_inside(form, seen_by(viewer, list(Alert.objects.all()))))
    opened = [seen for seen in found if seen.alert.state in OPEN]
    groups = _groups(viewer, opened)
    context = {
        "chips": form.chips(*UNITS),
        "narrowed": urlencode({name: form.applied[name] for name in UNITS if form.applied[name]}),
        "groups": groups,
        "firing": sum(1 for seen in opened if seen.alert.state == State.FIRING),
        "columns": [(column, None) for column in groups[0].rows[0].columns] if groups else [],
        "quiet": [seen for seen in found if seen.alert.state not in OPEN],
        "unsure": [seen for seen in found if seen.alert.said == "unknown" and seen.alert.state in OPEN],
        "evaluated": max((seen.alert.evaluated_at for seen in found if seen.alert.evaluated_at), default=None),
    }
    return render(request, "kpi/alerts.html", context)


def _inside(form: PanelForm, found: Sequence[Seen]) -> list[Seen]:
    """Those of the site or team in the address; a site's teams are its own."""
    scope, site_of = form.query().scope, organisation().site_of
    return [seen for seen in found if inside(scope, where_of_unit(seen.alert.dimension, seen.alert.member), site_of)]


def _sorted(found: Sequence[Seen]) -> list[Seen]:
    """What fires first, the company before its sites and teams."""
    return sorted(
        found,
        key=lambda seen: (WIDEST[seen.alert.dimension], seen.unit, ORDER[State(seen.alert.state)], seen.alert.rule),
    )


def _groups(viewer: Viewer, opened: Sequence[Seen]) -> list[Group]:
    """Each unit once, with its panel."""
    by_unit: dict[tuple[str, int], list[Seen]] = {}
    for seen in opened:
        by_unit.setdefault((seen.alert.dimension, seen.alert.member), []).append(seen)
    groups = []
    for found in by_unit.values():
        shown = panel.build_panel(viewer, found[0].query)
        groups.append(Group(shown.period_text, (TeamRow(0, shown.title, "", shown.columns),), found))
    return groups


@require_safe
@login_required
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert: its state and history, and the panel of its unit."""
    return answer(request, lambda viewer, form: _render_one(request, viewer, _one(viewer, pk)), always=True)


def _one(viewer: Viewer, pk: int) -> Seen:
    """Of an alert about a unit the reader may not see, not even that it is there."""
    found = seen_by(viewer, list(Alert.objects.filter(pk=pk)))
    if not found:
        raise Http404
    return found[0]


def _render_one(request: HttpRequest, viewer: Viewer, seen: Seen) -> HttpResponse:
    shown = panel.build_panel(viewer, seen.query)
    form = PanelForm(_as_filters(seen), viewer=viewer)
    context = {
        "seen": seen,
        "panel": shown,
        "columns": list(zip(shown.columns, charts.sparks(shown), strict=True)),
        "page": PAGES.get(seen.rule.page),
        "address": form.address(),
        "changes": AlertChange.objects.filter(alert=seen.alert),
        "longest": NOTE,
    }
    return render(request, "kpi/alert.html", context)


def _as_filters(seen: Seen) -> dict[str, str]:
    scope = seen.query.scope
    return {"site": str(scope.site or ""), "team": str(next(iter(scope.teams), "")), "period": seen.query.period_key, "compare": "year"}


@require_POST
@login_required
def take_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who may see the unit takes the alert on, with a note."""
    try:
        viewer = rights.viewer_of(request.user)
    except rights.NotAllowed:
        return render(request, "kpi/not_allowed.html", status=403)
    seen, note = _one(viewer, pk), _plain(request.POST.get("note", ""))
    try:
        check_no_person("note", note)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("alert", pk=pk)
    if acknowledge(seen.alert.pk, request.user.get_username(), note):
        messages.success(request, _("You have taken this alert on."))
    else:
        messages.warning(request, _("This alert does not fire any more."))
    return redirect("alert", pk=pk)


def _plain(text: str) -> str:
    """One line without what cannot be seen."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


class AlertShape(serializers.Serializer[object]):
    """The state of one rule over one unit; no figure, those stand in `panel`."""

    id = serializers.IntegerField()
    rule = serializers.CharField()
    title = serializers.CharField()
    words = serializers.CharField()
    figure = serializers.CharField()
    companions = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=State.choices)
    since = serializers.DateTimeField()
    evaluated_at = serializers.DateTimeField(allow_null=True)
    said = serializers.ChoiceField(choices=["fires", "quiet", "unknown"])
    site = serializers.IntegerField(allow_null=True)
    team = serializers.IntegerField(allow_null=True)
    panel = PanelShape(allow_null=True, help_text="The panel of the unit, for alerts that fire or were taken on.")


class AlertsShape(serializers.Serializer[object]):
    alerts = AlertShape(many=True)


class AlertsView(APIView):
    """Alerts about the units the reader may see."""

    renderer_classes = (QuickJSON,)

    @extend_schema(
        operation_id="alerts",
        parameters=[item for item in FILTERS if item.name in UNITS],
        responses={200: AlertsShape, 400: ErrorAnswer, 403: ErrorAnswer},
    )
    def get(self, request: Request) -> HttpResponse:
        """Every alert of the reader's units, or of the site or team asked for, with its state; those that are open with the panel of
        their unit."""
        try:
            viewer = rights.viewer_of(request.user)
        except rights.NotAllowed:
            raise PermissionDenied from None
        with one_version():
            form = PanelForm({name: request.GET.get(name, "") for name in UNITS}, viewer=viewer)
            if not form.is_valid():
                raise InvalidFilter({name: [str(text) for text in texts] for name, texts in form.errors.items()})
            found = _sorted(_inside(form, seen_by(viewer, list(Alert.objects.all()))))
            told = {"alerts": [_as_json(seen, viewer) for seen in found]}
        response = HttpResponse(QuickJSON().render(told), content_type="application/json")
        patch_cache_control(response, private=True, no_cache=True)
        return response


def _as_json(seen: Seen, viewer: Viewer) -> dict[str, object]:
    alert, rule, scope = seen.alert, seen.rule, seen.query.scope
    shown: Panel | None = panel.build_panel(viewer, seen.query) if alert.state in OPEN else None
    return {
        "id": alert.pk,
        "rule": rule.key,
        "title": str(rule.label),
        "words": str(rule.words),
        "figure": rule.figure,
        "companions": list(rule.companions),
        "state": alert.state,
        "since": alert.since,
        "evaluated_at": alert.evaluated_at and timezone.localtime(alert.evaluated_at),
        "said": alert.said,
        "site": scope.site,
        "team": next(iter(scope.teams), None),
        "panel": render_panel(shown) if shown else None,
    }
