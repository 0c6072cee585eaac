"""Every error of the API in one form, {"error": {"code", "message", "fields"}}; pages get our own templates, never a traceback.

Messages never repeat what was asked for, so that an error names nothing its reader may not see.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from kpi.ingest.errors import is_busy, is_no_space, is_read_only
from kpi.rights import NotAllowed

logger = logging.getLogger(__name__)
Fields = Mapping[str, Sequence[str]]
API = "/api/"
CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    415: "unsupported_media_type",
    429: "too_many",
    500: "server_error",
    503: "unavailable",
}
RETRY_AFTER_S = 10


class InvalidFilter(exceptions.APIException):
    """A filter in the address is not understood; `fields` says which and why."""

    status_code = 400
    default_code = "invalid"

    def __init__(self, fields: Fields) -> None:
        super().__init__(_("A filter in the address is not understood."))
        self.fields = fields


class Unavailable(exceptions.APIException):
    """The database is away, somebody else writes for too long, or nothing can be written: no number is shown, and trying again helps."""

    status_code = 503
    default_code = "unavailable"
    wait = RETRY_AFTER_S

    def __init__(self, error: BaseException) -> None:
        super().__init__(_why(error))

    @classmethod
    def expected(cls, error: BaseException | None) -> bool:
        return isinstance(error, OperationalError | InterfaceError) or (error is not None and (is_no_space(error) or is_read_only(error)))


def _why(error: BaseException) -> str:
    if is_busy(error):
        return _("The database is busy: somebody else is writing. Nothing was changed; try again in a moment.")
    if is_no_space(error):
        return _("There is no space left on the disk of this site. Nothing was kept or changed; whoever runs the site has to make room.")
    if is_read_only(error):
        return _(
            "This site cannot write its data at the moment. Nothing was kept or changed; whoever runs the site has to look at its disk."
        )
    return _("The database does not answer. No figures can be shown before it is back; try again in a moment.")


def one_form(error: Exception, context: Mapping[str, Any]) -> Response:
    """What REST framework answers for any exception; what nobody expected is logged and told in one sentence."""
    answer = _known(error)
    set_rollback()
    if isinstance(answer, exceptions.APIException):
        return Response(_body_of(answer), status=answer.status_code, headers=_headers(answer))
    logger.error("api error=%s view=%s", type(error).__name__, type(context.get("view")).__name__, exc_info=error)
    return Response(body("server_error", _sentence(500)), status=500)


def body(code: str, message: str, fields: Fields | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "fields": dict(fields or {})}}


def _known(error: Exception) -> Exception:
    """The error as REST framework names it, where it is one that is expected."""
    if isinstance(error, Http404):
        return exceptions.NotFound(_sentence(404))
    if isinstance(error, NotAllowed):
        return exceptions.NotFound(_sentence(404))
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(_sentence(403))
    if Unavailable.expected(error):
        logger.warning("unavailable", extra={"error": type(error).__name__, "busy": is_busy(error)})
        return Unavailable(error)
    if isinstance(error, RecursionError):
        return exceptions.ParseError(_("The JSON is nested too deeply."))
    return error


def _body_of(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, InvalidFilter):
        return body("invalid", str(error.detail), error.fields)
    if isinstance(error, exceptions.ValidationError):
        return body("invalid", _sentence(400), _fields(error.detail))
    code = CODES.get(error.status_code, error.default_code)
    if isinstance(error, (exceptions.NotAuthenticated, exceptions.AuthenticationFailed)):
        code = "not_authenticated"
    return body(code, str(error.detail))


def _fields(detail: Any) -> Fields:
    """Any nesting of REST framework's details as {field: sentences}."""
    if isinstance(detail, Mapping):
        return {str(name): [str(item) for item in (items if isinstance(items, list) else [items])] for name, items in detail.items()}
    return {"": [str(item) for item in (detail if isinstance(detail, list) else [detail])]}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    wait, name = getattr(error, "wait", None), getattr(error, "auth_header", None)
    return {**({"Retry-After": f"{wait:.0f}"} if wait else {}), **({"WWW-Authenticate": name} if name else {})}


def _sentence(status: int) -> str:
    return {
        400: _("The request is not understood."),
        403: _("Your role does not include this."),
        404: _("There is nothing here that you may see."),
        500: _("Something went wrong on our side. It was logged; nothing was changed."),
    }[status]


def _either(request: HttpRequest, status: int, page: HttpResponse) -> HttpResponse:
    """JSON below /api/, the page elsewhere."""
    if request.path.startswith(API):
        return JsonResponse(body(CODES[status], _sentence(status)), status=status)
    return page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _too_big(request, str(exception))
    return _either(request, 400, defaults.bad_request(request, exception))


def _too_big(request: HttpRequest, sentence: str) -> HttpResponse:
    """The rest of what is sent is not read, so the connection ends with the answer."""
    headers = {"Connection": "close"}
    if request.path.startswith(API):
        return JsonResponse(body("too_large", sentence), status=413, headers=headers)
    return HttpResponse(render_to_string("413.html", {"sentence": sentence}), status=413, headers=headers)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _either(request, 403, defaults.permission_denied(request, exception))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _either(request, 404, defaults.page_not_found(request, exception))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this while the exception is being handled: a database that is away is no fault of ours."""
    error = sys.exc_info()[1]
    if error is not None and Unavailable.expected(error):
        return _unavailable(request, error)
    return _either(request, 500, defaults.server_error(request))


def _unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """One sentence, made without the database; a browser or a proxy keeps nothing of it."""
    sentence = str(Unavailable(error).detail)
    logger.warning("unavailable", extra={"error": type(error).__name__, "busy": is_busy(error)})
    headers = {"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "no-store"}
    if request.path.startswith(API):
        return JsonResponse(body("unavailable", sentence), status=503, headers=headers)
    return HttpResponse(render_to_string("503.html", {"sentence": sentence}), status=503, headers=headers)
