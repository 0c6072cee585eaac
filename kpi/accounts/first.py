"""A first password: chosen by an administrator, so known to two. It opens nothing but the page on which its owner chooses another, and
no log-in once it is old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.errors import API, body
from kpi.models import FirstPassword

DAYS = 7  # in which it has to be used
MARK = "first_password"  # in a session: it was opened by one
# Whatever it takes to choose another, to set up a second factor before, or to leave.
OPEN = frozenset({"password", "second-factor", "login", "login-code", "logout", "display", "healthz", "readyz", "metrics"})


def given(user: User) -> None:
    """Somebody else chose it."""
    FirstPassword.objects.update_or_create(user=user, defaults={"given_at": timezone.now()})


def chosen(request: HttpRequest) -> None:
    """Its owner chose another."""
    FirstPassword.objects.filter(user_id=request.user.pk or 0).delete()
    request.session.pop(MARK, None)


def begin(request: HttpRequest) -> None:
    """At the log-in: it is looked up once, and not with every page. Another one that is given ends the session."""
    if FirstPassword.objects.filter(user_id=request.user.pk or 0).exists():
        request.session[MARK] = True


class LogInForm(AuthenticationForm):
    """Name and password; a first password that lay about is none any more."""

    told = ""  # why the right password opens nothing

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        if FirstPassword.objects.filter(user_id=user.pk, given_at__lt=timezone.now() - timedelta(DAYS)).exists():
            text = _("This first password was not used within %(days)d days. Ask an administrator for another one.")
            self.told = text % {"days": DAYS}
            raise ValidationError(self.told, code="first_password_old")


class OtherPasswordForm(PasswordChangeForm):
    """The former one, then another one twice."""

    def clean_new_password1(self) -> str:
        new: str = self.cleaned_data["new_password1"]
        if new == self.cleaned_data.get("old_password"):
            raise ValidationError(_("This is the password you had. Choose another one."), code="the_same")
        return new


class FirstPasswords:
    """Middleware behind the one of second factors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object) -> HttpResponseBase | None:
        match = request.resolver_match
        is_open = getattr(view, "untraced", False) or (match is not None and not match.namespaces and match.url_name in OPEN)
        if is_open or settings.SESSION_COOKIE_NAME not in request.COOKIES or MARK not in request.session:
            return None
        if request.path.startswith(API):
            return JsonResponse(body("not_allowed", _("Choose a password of your own first, on the page of your account.")), status=403)
        return HttpResponseRedirect(reverse("password"))
