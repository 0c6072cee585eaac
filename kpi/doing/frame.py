"""What these pages share: a reader with a role, nothing kept by a browser, who changed what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from auditlog.models import LogEntry
from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from kpi import rights
from kpi.result import Viewer

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Viewer, P], HttpResponse]


def page(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For whoever has a role with dashboards; what a reader may not see is not there."""

    @login_required
    @wraps(view)
    def shown(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            viewer = rights.viewer_of(request.user)
            answer = view(request, viewer, *args, **kwargs)
        except rights.NotAllowed as refusal:
            if str(refusal) in NO_ROLE:
                return render(request, "kpi/not_allowed.html", status=403)
            raise Http404 from None
        patch_cache_control(answer, private=True, no_store=True)
        return answer

    return shown  # type: ignore[return-value]


NO_ROLE = frozenset({"no role", rights.NO_TEAMS, "role without dashboards"})


@dataclass(frozen=True)
class Line:
    """One change of a record, as its page tells it."""

    at: datetime
    who: str
    what: str


def history_of(item: Model) -> list[Line]:
    """Newest first, from the audit log."""
    found = LogEntry.objects.get_for_object(item).select_related("actor").order_by("-timestamp", "-pk")
    return [Line(entry.timestamp, name_of(entry.actor), "; ".join(_changes(entry))) for entry in found]


def name_of(user: Any) -> str:
    """As lists name who did something."""
    return (user.get_full_name() or user.get_username()) if user is not None else _("the system")


def _changes(entry: LogEntry) -> Iterator[str]:
    if entry.action == LogEntry.Action.CREATE:
        yield _("entered")
        return
    for name, (old, new) in (entry.changes_display_dict or {}).items():
        yield _("%(name)s: %(old)s → %(new)s") % {"name": name, "old": _said(old), "new": _said(new)}


def _said(value: object) -> str:
    return "–" if value in (None, "", "None") else str(value)
