"""Addresses of our own pages: which may be kept, and the same question with dates that move along or that stand still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from kpi import words
from kpi.forms import CUSTOM, PanelForm
from kpi.result import Viewer

LONGEST = 1000
FILTERED = frozenset({"overview", "sheet", "cases", "scenarios"})  # pages with the filter bar
NOT_PAGES = ("/account/", "/admin/", "/api/", "/export/", "/login/", "/logout/", "/views/", "/start/", "/healthz", "/readyz", "/metrics")


@dataclass(frozen=True)
class Links:
    """Two addresses of one question. Empty where there is only the other."""

    moving: str  # "the last 13 weeks" stay the last 13 weeks
    fixed: str  # the very days that are shown now
    days: str  # those, in words


def problem(address: str) -> str:
    """Why this is no page of ours to keep, in a sentence; empty where it is one."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not address.startswith("/") or address.startswith("//") or "\\" in address or len(address) > LONGEST:
        return _("This is not the address of a page here.")
    if parts.path.startswith(NOT_PAGES):
        return _("Only pages can be kept, not this address.")
    try:
        resolve(parts.path)
    except Resolver404:
        return _("This is not the address of a page here.")
    return ""


def links(viewer: Viewer, address: str) -> Links:
    """For an address without `problem`."""
    parts = urlsplit(address)
    if resolve(parts.path).url_name not in FILTERED:
        return Links(address, "", "")
    asked = QueryDict(parts.query, mutable=True)
    form = PanelForm(asked, viewer=viewer)
    query, key = form.query(), form.applied["period"]
    first, last = query.period.start, query.period.end - timedelta(days=1)
    fixed = _with(asked, period=CUSTOM, **{"from": first.isoformat(), "to": last.isoformat()})
    moving = "" if key == CUSTOM else f"{parts.path}?{_with(asked, period=key, **{'from': '', 'to': ''})}"
    return Links(moving, f"{parts.path}?{fixed}", words.span(query.period))


def _with(asked: QueryDict, **changes: str) -> str:
    """What else the address says, scenario assumptions among it, stays."""
    made = asked.copy()
    for name, value in changes.items():
        if value:
            made[name] = value
        else:
            made.pop(name, None)
    return made.urlencode()
