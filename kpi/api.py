"""The panel and the pages beside it as data: JSON under `/api/v1/`, files under `/export/`, from the very filters of the page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import orjson
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from kpi.cases import KINDS, CaseList
from kpi.errors import InvalidFilter, one_form
from kpi.export import Row, case_rows, panel_rows, render_csv, sheet_rows
from kpi.forms import PanelForm
from kpi.metric import Period
from kpi.models import ListOpened
from kpi.openings import open_list
from kpi.panel import build_panel
from kpi.result import Panel, Query, Sheet, Viewer
from kpi.rights import NotAllowed, sees_contacts, viewer_of
from kpi.schema import CaseListShape, ErrorAnswer, PanelShape, SheetShape
from kpi.serializers import render_cases, render_panel, render_sheet
from kpi.sheet import build_sheet, pages
from kpi.version import one_version

__all__ = ["PanelView", "attachment", "one_form", "panel_csv", "read_or_refuse", "read_panel", "read_sheet", "urlpatterns"]

T = TypeVar("T")
FILTERS = [
    OpenApiParameter(name, str, description=text)
    for name, text in {
        "period": "Which days: a key the page offers.",
        "from": "First day, YYYY-MM-DD; with `to` instead of a period.",
        "to": "Last day, YYYY-MM-DD, itself included.",
        "compare": "Against which days: a key the page offers.",
        "site": "Id of a site you may see.",
        "team": "Id of a team you may see.",
        "queue": "Id of a queue.",
        "channel": "Id of a channel.",
        "intent": "Id of an intent; for the company or a site, without other filters.",
        "tier": "Customer tier, `high` or `other`; for the company or a site, without other filters.",
    }.items()
]


class QuickJSON(BaseRenderer):
    """Dates as ISO 8601; a number that is none becomes null, never NaN."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: object = None) -> bytes:
        return orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z)


def _question(request: HttpRequest | Request, *, contacts: bool = False) -> tuple[Viewer, Query]:
    """Who asks what; rights of this very moment."""
    viewer = _viewer(request)
    form = PanelForm(request.GET, viewer=viewer, contacts=contacts)
    if not form.is_valid():
        raise InvalidFilter({name: [str(text) for text in texts] for name, texts in form.errors.items()})
    return viewer, form.query()


def read_sheet(request: HttpRequest | Request, page: str) -> Sheet:
    """A page beside the overview, for whoever asks."""
    if page not in pages():
        raise Http404
    with one_version():
        viewer, query = _question(request)
        return build_sheet(viewer, query, page)


def read_panel(request: HttpRequest | Request) -> Panel:
    """The panel of the address, for whoever asks."""
    with one_version():
        return build_panel(*_question(request))


def read_cases(request: HttpRequest | Request, kind: str, surface: ListOpened.Surface) -> CaseList:
    """A list of contacts, for whoever may see contacts; the opening is remembered."""
    if kind not in KINDS:
        raise Http404
    if not sees_contacts(_viewer(request)):
        raise PermissionDenied
    viewer, query = _question(request, contacts=True)
    return open_list(request.user, viewer, query, KINDS[kind], surface)


def _viewer(request: HttpRequest | Request) -> Viewer:
    try:
        return viewer_of(request.user)
    except NotAllowed:
        raise PermissionDenied from None


class PanelView(APIView):
    """The balanced panel for one period and scope."""

    renderer_classes = (QuickJSON,)

    @extend_schema(
        operation_id="panel",
        parameters=FILTERS,
        responses={200: PanelShape, 304: None, 400: ErrorAnswer, 403: ErrorAnswer, 404: ErrorAnswer},
    )
    def get(self, request: Request) -> HttpResponse:
        """All four families side by side; a saving is null with its reason where a companion is missing."""
        content = QuickJSON().render(render_panel(read_panel(request)))
        return _conditional(request, HttpResponse(content, content_type="application/json"))


class SheetView(APIView):
    """A page beside the overview: its figures and the panel they stand beside."""

    renderer_classes = (QuickJSON,)

    @extend_schema(
        operation_id="page",
        parameters=FILTERS,
        responses={200: SheetShape, 304: None, 400: ErrorAnswer, 403: ErrorAnswer, 404: ErrorAnswer},
    )
    def get(self, request: Request, page: str) -> HttpResponse:
        """The figures of the page, each with sample and doubt; a saving is null with its reason where a companion is missing."""
        content = QuickJSON().render(render_sheet(read_sheet(request, page)))
        return _conditional(request, HttpResponse(content, content_type="application/json"))


class CasesView(APIView):
    """Contacts somebody has to look at, as on the page and in the file."""

    renderer_classes = (QuickJSON,)

    @extend_schema(
        operation_id="list",
        parameters=FILTERS,
        responses={200: CaseListShape, 304: None, 400: ErrorAnswer, 403: ErrorAnswer, 404: ErrorAnswer},
    )
    def get(self, request: Request, kind: str) -> HttpResponse:
        """Every case of the list by pseudonym, for analysts and, of their own teams, managers. Each reading is remembered."""
        content = QuickJSON().render(render_cases(read_cases(request, kind, ListOpened.Surface.JSON)))
        return _conditional(request, HttpResponse(content, content_type="application/json"))


@require_safe
@login_required
def panel_csv(request: HttpRequest) -> HttpResponse:
    """The same panel as a file for spreadsheets."""
    panel = read_or_refuse(lambda: read_panel(request))
    return _file(request, "counterweight", panel.query.period, panel_rows(panel))


@require_safe
@login_required
def sheet_csv(request: HttpRequest, page: str) -> HttpResponse:
    """The same page as a file for spreadsheets."""
    sheet = read_or_refuse(lambda: read_sheet(request, page))
    return _file(request, f"counterweight_{sheet.key}", sheet.panel.query.period, sheet_rows(sheet))


@require_safe
@login_required
def cases_csv(request: HttpRequest, kind: str) -> HttpResponse:
    """The same list as a file; only for those who may see contacts."""
    found = read_or_refuse(lambda: read_cases(request, kind, ListOpened.Surface.CSV))
    return _file(request, f"counterweight_{kind}", found.period, case_rows(found))


def read_or_refuse(read: Callable[[], T]) -> T:
    """What is not the reader's is not found; a filter that is not understood is named."""
    try:
        return read()
    except NotAllowed:
        raise Http404 from None
    except InvalidFilter as error:
        raise BadRequest(str(error.detail)) from None


def _file(request: HttpRequest, name: str, period: Period, rows: Iterable[Row]) -> HttpResponse:
    return attachment(request, f"{name}_{period.start}_{period.end}.csv", render_csv(rows), "text/csv; charset=utf-8")


def attachment(request: HttpRequest, name: str, content: str | bytes, kind: str) -> HttpResponse:
    """A file to keep, for this reader alone."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return _conditional(request, HttpResponse(content, content_type=kind, headers=headers))


def _conditional(request: HttpRequest | Request, answer: HttpResponse) -> HttpResponse:
    """304 where the reader has these very bytes; kept by nobody but the reader, and asked again each time."""
    match = request.resolver_match
    if match is not None and "lists/" in match.route:  # single contacts: no browser keeps them
        patch_cache_control(answer, private=True, no_store=True)
        return answer
    tag = quote_etag(hashlib.blake2b(answer.content, digest_size=16).hexdigest())
    answer["ETag"] = tag
    patch_cache_control(answer, private=True, no_cache=True)
    patch_vary_headers(answer, ["Cookie", "Accept-Language"])
    plain = request._request if isinstance(request, Request) else request
    return get_conditional_response(plain, etag=tag, response=answer) or answer


urlpatterns = [
    path("api/v1/panel", PanelView.as_view(), name="api-panel"),
    path("api/v1/pages/<slug:page>", SheetView.as_view(), name="api-sheet"),
    path("api/v1/lists/<slug:kind>", CasesView.as_view(), name="api-cases"),
    path("export/lists/<slug:kind>.csv", cases_csv, name="cases-csv"),
    path("export/panel.csv", panel_csv, name="panel-csv"),
    path("export/pages/<slug:page>.csv", sheet_csv, name="sheet-csv"),
]
