"""For machines: whether the process lives, whether it can work, and what is to be watched."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from kpi.operations import durations, gauges
from kpi.operations.ready import parts

PLAIN = "text/plain; charset=utf-8"


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type=PLAIN)


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """What the process stands on, a line each; 503 where pages would be wrong or not come."""
    found = parts()
    well = all(part.well for part in found if part.needed)
    lines = "".join(f"{part.name}: {part.words}\n" for part in found)
    return HttpResponse(lines, content_type=PLAIN, status=200 if well else 503, headers={"Cache-Control": "no-store"})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, with METRICS_TOKEN; to whoever has it not, or where none is set, there is nothing here."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    known = hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if not settings.METRICS_TOKEN or scheme.lower() != "bearer" or not known:
        raise Http404
    content = gauges.written() + durations.written()
    return HttpResponse(content, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
