"""The page of the first run: what to do in an empty database, and how far it is. Whoever may not begin learns whom to ask."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kpi import beginning, panel
from kpi.tasks import begin, ring


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def first_run(request: HttpRequest) -> HttpResponse:
    """GET: the page. POST: start, or go on after a stop; refused where anybody's data are."""
    may = beginning.may_begin(request.user)
    if request.method == "POST" and not may:
        raise PermissionDenied
    progress, free, as_of = beginning.progress(), beginning.is_free(), panel.data_as_of()
    if request.method == "POST" and free and (progress.asked or as_of is None):
        return _begin()
    context = {"may": may, "free": free, "progress": progress, "as_of": as_of, "ask": [] if may else beginning.whom_to_ask()}
    return render(request, "kpi/first_run.html", context, status=409 if request.method == "POST" else 200)


def _begin() -> HttpResponse:
    if not beginning.progress().moving:
        beginning.ask()
        ring(begin)
    return HttpResponseRedirect(reverse("first-run"))
