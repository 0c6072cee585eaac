"""Around every request: an id, one line in the log, and how long it took. Neither the address nor the reader's name is in them."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kpi.operations.context import about
from kpi.operations.durations import took

logger = logging.getLogger(__name__)
HEADER = "X-Request-ID"
GIVEN = re.compile(r"[0-9a-fA-F-]{16,64}")  # letters that could be a name are not taken
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OF_MACHINES = frozenset({"healthz", "readyz", "metrics"})


class Answering:
    """Middleware, the outermost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        with about(request_id=_id_of(request)) as known:
            response = self.get_response(request)
            if not getattr(request, "untraced", False):
                _tell(request, response, known, time.perf_counter() - started)
            response.headers[HEADER] = str(known["request_id"])
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object) -> None:
        request.untraced = getattr(view, "untraced", False)  # type: ignore[attr-defined]


def _id_of(request: HttpRequest) -> str:
    """The one a proxy gave, where it can be nothing but an id."""
    given = request.headers.get(HEADER, "")
    return given if GIVEN.fullmatch(given) else secrets.token_hex(8)


def _tell(request: HttpRequest, response: HttpResponseBase, known: dict[str, object], seconds: float) -> None:
    match = request.resolver_match
    route = match.route if match else ""
    method = request.method if request.method in METHODS else "other"
    took(seconds, route=route or ("/" if match else "none"), method=str(method), status=response.status_code)
    level = logging.INFO if settings.LOG_REQUESTS and route not in OF_MACHINES else logging.DEBUG
    user = getattr(request, "_cached_user", None)  # whoever was looked up already; nobody is looked up for a log line
    facts = {"method": method, "route": route or "/", "status": response.status_code, "ms": round(seconds * 1000)}
    logger.log(level, "request", extra={**facts, "user": user.pk if user else None})
