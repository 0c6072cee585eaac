"""`POST /api/v1/imports`: a system sends a file by itself and asks later what became of it.

The body is the file, streamed to the inbox: CSV or whatever the format of the source is, gzipped or not. 202 means that the bytes are kept
and will be read; what was read stands at the status address.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.urls import path, reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpi import ingest
from kpi.export import rejected_rows_csv
from kpi.ingest.quotas import TooMuch
from kpi.ingest.receiving import Arrived, TooLarge, TooMany, receive
from kpi.intake.requests import LONGEST_KEY, Conflict, take
from kpi.intake.shapes import AcceptedShape, RunShape
from kpi.intake.tokens import ByToken
from kpi.models import ImportRun, ImportToken
from kpi.schema import ErrorAnswer
from kpi.source import Refused

PIECE = 1 << 18
WAIT_S = 60
COUNTS = ("lines", "new", "changed", "unchanged", "repeated", "rejected", "joined")
ONCE = "The same key with the same file is the same request; with another file it is refused (409)."
ANSWERS = {401: ErrorAnswer, 403: ErrorAnswer}


class Refusal(exceptions.APIException):
    """What was sent is not taken; nothing of it is kept."""

    def __init__(self, status: int, code: str, text: str, wait: int | None = None) -> None:
        super().__init__(text, code)
        self.status_code, self.default_code, self.wait = status, code, wait


class ImportsView(APIView):
    """Files of one source, sent with its token."""

    authentication_classes = (ByToken,)
    permission_classes = (IsAuthenticated,)
    parser_classes = ()

    @extend_schema(
        operation_id="import_file",
        parameters=[
            OpenApiParameter("file_name", str, description="How the file is called where it comes from; shown with its run."),
            OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description=ONCE),
        ],
        request={
            "text/csv": OpenApiTypes.BINARY,
            "application/x-ndjson": OpenApiTypes.BINARY,
            "application/gzip": OpenApiTypes.BINARY,
            "application/octet-stream": OpenApiTypes.BINARY,
        },
        responses={202: AcceptedShape, 400: ErrorAnswer, **ANSWERS, 409: ErrorAnswer, 413: ErrorAnswer, 429: ErrorAnswer},
    )
    def post(self, request: Request) -> Response:
        """Keep the file and answer with the address at which to ask what became of it."""
        token = _token(request)
        key = _key(request)
        arrived = _received(request)
        try:
            run = take(token, arrived, key)
        except Refused as refused:
            ingest.discard(arrived.path)
            raise _refusal(refused) from None
        address = reverse("api-import", args=[run.pk])
        return Response({"run": run.pk, "status_address": address}, status=202, headers={"Location": address})


class ImportView(APIView):
    """One file that was sent."""

    authentication_classes = (ByToken,)
    permission_classes = (IsAuthenticated,)

    @extend_schema(operation_id="import_status", responses={200: RunShape, **ANSWERS, 404: ErrorAnswer})
    def get(self, request: Request, run: int) -> Response:
        """How far it is, and of every line what became of it."""
        found = _run(request, run)
        rejected = reverse("api-import-rejected", args=[found.pk]) if found.rejected else None
        return Response(
            {
                "run": found.pk,
                "source": found.source.key,
                "file_name": found.file_name,
                "state": found.state,
                "attempt": found.attempt,
                "message": found.message,
                "fates": {name: getattr(found, name) for name in COUNTS},
                "received_at": found.created_at,
                "finished_at": found.finished_at,
                "rejected_address": rejected,
            }
        )


class Csv(BaseRenderer):
    """Named for those who ask for CSV; the file is made by the view."""

    media_type, format = "text/csv", "csv"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: object = None) -> bytes:
        return JSONRenderer().render(data)  # an error


class RejectedView(APIView):
    """The rows of a file that were not stored."""

    renderer_classes = (JSONRenderer, Csv)

    authentication_classes = (ByToken,)
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="import_rejected", responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR), **ANSWERS, 404: ErrorAnswer}
    )
    def get(self, request: Request, run: int) -> HttpResponse:
        """With line, column, what was found and what would be right; correct them and send them again. Of private answers only where."""
        found = _run(request, run)
        return HttpResponse(
            rejected_rows_csv(found),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="rejected_run_{found.pk}.csv"'},
        )


def _token(request: Request) -> ImportToken:
    if not isinstance(request.auth, ImportToken):
        raise exceptions.NotAuthenticated
    return request.auth


def _run(request: Request, run: int) -> ImportRun:
    """Of the token's own source; any other is not there."""
    found = ImportRun.objects.select_related("source").filter(pk=run, source=_token(request).source_id).first()
    if found is None:
        raise Http404
    return found


def _key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Refusal(400, "invalid", _("An Idempotency-Key has at most %(most)d printable characters.") % {"most": LONGEST_KEY})
    return key


def _received(request: Request) -> Arrived:
    """The body as it comes; one that ends before its announced length is not a file."""
    plain = request._request
    if (plain.content_type or "").startswith(("multipart/", "application/x-www-form-urlencoded")):
        raise Refusal(415, "invalid", _("Send the file itself as the body, not as a form: curl --data-binary @FILE."))
    try:
        arrived = receive(_pieces(plain), request.query_params.get("file_name") or "api", f"token:{_token(request).pk}")
    except TooMuch as refused:
        raise Refusal(429, "too_many", str(refused), refused.wait) from None
    except TooLarge as refused:
        raise Refusal(413, "too_large", str(refused)) from None
    except (UnreadablePostError, OSError) as error:
        if not isinstance(error, UnreadablePostError) and getattr(error, "errno", None) is not None:
            raise
        raise Refusal(400, "incomplete", _("The file ended before its announced length; nothing was kept. Send it again.")) from None
    announced = plain.META.get("CONTENT_LENGTH") or ""
    if not arrived.size or (announced.isdecimal() and int(announced) != arrived.size):
        ingest.discard(arrived.path)
        raise Refusal(400, "incomplete", _("The body is empty or shorter than announced; nothing was kept. Send it again."))
    return arrived


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    while piece := request.read(PIECE):
        yield piece


def _refusal(refused: Refused) -> Refusal:
    if isinstance(refused, Conflict):
        return Refusal(409, "conflict", str(refused))
    if isinstance(refused, TooMany):
        return Refusal(429, "too_many", str(refused), WAIT_S)
    return Refusal(400, "invalid", str(refused))


urlpatterns: list[Any] = [
    path("api/v1/imports", ImportsView.as_view(), name="api-imports"),
    path("api/v1/imports/<int:run>", ImportView.as_view(), name="api-import"),
    path("api/v1/imports/<int:run>/rejected", RejectedView.as_view(), name="api-import-rejected"),
]
