"""Logging in: the password, then a code where the account has a second factor. One way in, for the admin too."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kpi.accounts import factor, first, sessions
from kpi.accounts.factor import Answer
from kpi.accounts.required import PASSED

WAITING = "password_was_right"  # in a session that is nobody's yet
WAITS_S = 600
STATUS = {Answer.WRONG: 200, Answer.BLOCKED: 429}


class LogIn(LoginView):
    """Name and password. Whoever has a second factor is not logged in by them."""

    redirect_authenticated_user = True
    authentication_form = first.LogInForm

    def get_success_url(self) -> str:
        """Who typed no more than the name of the site asked for no page: they begin where they may."""
        wanted = super().get_success_url()
        return reverse("start") if wanted == reverse("overview") else wanted

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user: Any = form.get_user()
        if factor.of(user) is None:
            answer = super().form_valid(form)
            _began(self.request)
            return answer
        kept = {
            "user": user.pk,
            "backend": user.backend,
            "hash": user.get_session_auth_hash(),
            "at": time.time(),
            "next": self.get_success_url(),
        }
        self.request.session.flush()
        self.request.session[WAITING] = kept
        return HttpResponseRedirect(reverse("login-code"))


def _began(request: HttpRequest) -> None:
    """What is kept of a log-in."""
    sessions.begin(request)
    first.begin(request)


class LogOut(LogoutView):
    """The browser forgets the pages it kept: who goes back meets none of them."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().post(request, *args, **kwargs)
        answer["Clear-Site-Data"] = '"cache"'
        return answer


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code of the device, or one of the recovery codes."""
    user, waiting = _waiting(request)
    if user is None:
        return redirect("login")
    if request.method != "POST":
        return render(request, "registration/login_code.html")
    answer = factor.check(user, request.POST.get("code", "") or request.POST.get("recovery", ""))
    found = factor.of(user)
    if answer is not Answer.RIGHT or found is None:
        return render(request, "registration/login_code.html", {"answer": answer.value}, status=STATUS.get(answer, 200))
    request.session.flush()
    login(request, user, backend=waiting["backend"])
    _began(request)
    request.session[PASSED] = found.pk
    return HttpResponseRedirect(waiting["next"])


def _waiting(request: HttpRequest) -> tuple[User | None, dict[str, Any]]:
    """Whose password was right a moment ago, and is still the same; nobody where that is long ago."""
    kept = request.session.get(WAITING) or {}
    if not kept or not 0 <= time.time() - kept["at"] <= WAITS_S:
        return None, {}
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    same = user is not None and constant_time_compare(user.get_session_auth_hash(), kept["hash"])
    return (user, kept) if same else (None, {})


@require_http_methods(["GET", "HEAD", "POST"])
def admin_login(request: HttpRequest) -> HttpResponse:
    """The admin sends strangers here: to the one page where people log in. Whoever is logged in and no staff is told so."""
    wanted = request.GET.get("next", reverse("admin:index"))
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"{reverse('login')}?{urlencode({'next': wanted})}")
    if not getattr(request.user, "is_staff", False):
        raise PermissionDenied
    return redirect("admin:index")
