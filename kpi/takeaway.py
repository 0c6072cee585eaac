"""Pages as PDF and PNG: asked for here, made by a worker, handed out to their owner alone while the owner may still see the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kpi import printing, tasks
from kpi.context import ASKED
from kpi.models import Export
from kpi.panel import version_key
from kpi.result import Viewer
from kpi.rights import NotAllowed, viewer_of

SHOWN = 50
MOST = 2000  # letters of an address
STEPS = (
    (90, gettext_lazy("the file is stored")),
    (75, gettext_lazy("it is printed")),
    (45, gettext_lazy("its figures are drawn")),
    (30, gettext_lazy("the browser starts")),
    (5, gettext_lazy("its numbers are read")),
)
KINDS = {Export.Form.PDF: "application/pdf", Export.Form.PNG: "image/png"}
Answer = TypeVar("Answer", bound=HttpResponse)


@dataclass(frozen=True)
class Line:
    """An export and what is to be said of it."""

    export: Export
    words: str
    open: bool
    ready: bool


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def exports(request: HttpRequest) -> HttpResponse:
    """The reader's own exports; a POST asks for one."""
    try:
        viewer = viewer_of(request.user)
    except NotAllowed:
        return render(request, "kpi/not_allowed.html", status=403)
    if request.method == "POST":
        return _ask(request, viewer)
    return _private(_page(request, viewer))


def _ask(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    address, form = request.POST.get("address", ""), request.POST.get("form", "")
    if form not in KINDS or len(address) > MOST:
        raise BadRequest(_("This is no page, or no form, that can be printed."))
    try:
        page = printing.page_at(address)
    except printing.NotPrintable as refused:
        raise BadRequest(str(refused)) from None
    if refusal := printing.why_not():
        return _page(request, viewer, refusal, status=503)
    title = str(page.kwargs.get("page") or page.url_name)
    try:
        made, new = printing.ask(_user(request), viewer, address, form, language=get_language() or settings.LANGUAGE_CODE, title=title)
    except printing.TooMany as refused:
        return _page(request, viewer, str(refused), status=429)
    if new:
        tasks.ring(tasks.run_export, made.pk)
    request.session[ASKED] = True
    return redirect("exports", permanent=False)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _page(request: HttpRequest, viewer: Viewer, problem: str = "", *, status: int = 200) -> HttpResponse:
    lines = _lines(request, viewer)
    found = [line.export.pk for line in lines if not line.open and line.export.seen_at is None]
    Export.objects.filter(pk__in=found).update(seen_at=timezone.now())
    if not any(line.open for line in lines):
        request.session.pop(ASKED, None)
    context = {
        "lines": lines,
        "open": any(line.open for line in lines),
        "problem": problem,
        "days": settings.EXPORT_DAYS,
        "refused": printing.why_not(),
    }
    return render(request, "kpi/exports.html", context, status=status)


def _lines(request: HttpRequest, viewer: Viewer) -> list[Line]:
    rights, version = printing.rights_key(viewer), version_key()
    return [_line(export, rights, version) for export in Export.objects.filter(owner=_user(request))[:SHOWN]]


def _line(export: Export, rights: str, version: str) -> Line:
    """What became of it; a file is offered only while its owner may see the same."""
    done = export.state == Export.State.DONE
    ready = done and export.made_with == rights and printing.file_of(export) is not None
    return Line(export, _words(export, rights, version), export.state in printing.OPEN, ready)


def _words(export: Export, rights: str, version: str) -> str:
    if export.state == Export.State.QUEUED:
        return _("waits for a worker")
    if export.state == Export.State.RUNNING:
        return next((str(text) for least, text in STEPS if export.progress >= least), _("begins"))
    if export.state == Export.State.FAILED:
        return export.message
    return _done_words(export, rights, version)


def _done_words(export: Export, rights: str, version: str) -> str:
    if export.made_with != rights:
        return _("Your rights have changed since: this file is not handed out any more. Make it anew.")
    if printing.file_of(export) is None:
        return _("The file is gone. Make it anew.")
    if export.made_from != version:
        return _("Ready, but data or settings have changed since: the page may say something else now.")
    return _("ready")


@require_safe
@login_required
def exports_state(request: HttpRequest) -> HttpResponse:
    """How far they are, for the script of the page."""
    try:
        viewer = viewer_of(request.user)
    except NotAllowed:
        return JsonResponse({"exports": []}, status=403)
    found = [
        {"id": line.export.pk, "state": line.export.state, "progress": line.export.progress, "words": line.words, "open": line.open}
        for line in _lines(request, viewer)
    ]
    return _private(JsonResponse({"exports": found}))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def export_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file for its owner, with the rights of this moment; a POST deletes it. To everybody else it is not there."""
    export = get_object_or_404(Export, pk=pk, owner=_user(request))
    if request.method == "POST":
        printing.remove(export)
        return redirect("exports")
    try:
        viewer = viewer_of(request.user)
    except NotAllowed:
        return render(request, "kpi/not_allowed.html", status=403)
    file = printing.file_of(export)
    if export.state != Export.State.DONE or export.made_with != printing.rights_key(viewer) or file is None:
        return _page(request, viewer, _words(export, printing.rights_key(viewer), version_key()), status=403 if file else 410)
    name = slugify(export.title)[:100] or str(export.pk)
    headers = {"Content-Disposition": f'attachment; filename="counterweight_{name}.{export.form}"'}
    return _private(HttpResponse(file.read_bytes(), content_type=KINDS[Export.Form(export.form)], headers=headers))


def _private(response: Answer) -> Answer:
    patch_cache_control(response, private=True, no_store=True)
    return response


urlpatterns = [
    path("exports/", exports, name="exports"),
    path("exports/state", exports_state, name="exports-state"),
    path("exports/<int:pk>/", export_file, name="export-file"),
]
