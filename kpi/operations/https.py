"""The API answers over HTTPS alone: a client that forgot the s is told so, and not led on with its token in the open."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _

from kpi.errors import body

API = "/api/v1/"


class OnlyHttps:
    """Middleware; pages are led to HTTPS by Django's own (`SSL_REDIRECT`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SECURE_SSL_REDIRECT and request.path.startswith(API) and not request.is_secure():
            with override(get_language_from_request(request)):  # LocaleMiddleware comes later, and what it chose for others may still hold
                text = _("This API answers over HTTPS alone. Take the token that was just sent out of use.")
            return JsonResponse(body("https_only", text), status=403)
        return self.get_response(request)
