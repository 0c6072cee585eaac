"""Who must have a second factor (SECOND_FACTOR_FOR), and that nobody who must gets further without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from kpi.accounts import factor
from kpi.errors import API, body
from kpi.models import Membership, SecondFactor

PASSED = "second_factor"  # in a session: the factor whose code opened it
# Whatever it takes to set one up, in one's own language and light, or to leave.
OPEN = frozenset({"second-factor", "login", "login-code", "logout", "display", "healthz", "readyz", "metrics"})


class SecondFactors:
    """Middleware behind the one that knows the user. A session opened by a code lives as long as the factor it was a code of."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object) -> HttpResponseBase | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or _is_open(request, view):
            return None
        if PASSED in request.session:
            return None if _still_there(request) else _begin_anew(request)
        if not settings.SECOND_FACTOR_FOR or not isinstance(request.user, User) or not needs_one(request.user):
            return None
        return _begin_anew(request) if factor.of(request.user) else _set_one_up(request)


def needs_one(user: User) -> bool:
    """By role; who may open the admin is an administrator here, whatever the role."""
    member = getattr(user, "membership", None)
    roles = {member.role} if member else set()
    if user.is_staff or user.is_superuser:
        roles.add(Membership.Role.ADMINISTRATOR)
    return bool(roles & set(settings.SECOND_FACTOR_FOR))


def _is_open(request: HttpRequest, view: Callable[..., Any]) -> bool:
    match = request.resolver_match
    return getattr(view, "untraced", False) or (match is not None and not match.namespaces and match.url_name in OPEN)


def _still_there(request: HttpRequest) -> bool:
    owner = request.session.get(SESSION_KEY)
    return SecondFactor.objects.filter(pk=request.session[PASSED], user=owner).exclude(sealed="").exists()


def _begin_anew(request: HttpRequest) -> HttpResponseBase:
    logout(request)
    return _to(request, reverse("login"), 401, "not_authenticated", _("Log in again: your second factor has changed."))


def _set_one_up(request: HttpRequest) -> HttpResponseBase:
    return _to(
        request, reverse("second-factor"), 403, "not_allowed", _("Your role asks for a second factor: set it up on your account page.")
    )


def _to(request: HttpRequest, page: str, status: int, code: str, sentence: str) -> HttpResponseBase:
    """A page leads there; an answer of the API says why there is none."""
    return JsonResponse(body(code, sentence), status=status) if request.path.startswith(API) else HttpResponseRedirect(page)
