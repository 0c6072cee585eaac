"""Your account: another password, the second factor, and logging out elsewhere. Each asks for the password of today first."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kpi.accounts import device, factor, first, sessions
from kpi.accounts.factor import Answer
from kpi.accounts.required import PASSED, needs_one
from kpi.pulls.sealing import can_seal

PAGE = "kpi/account/second_factor.html"
SETTING_UP, SETS_UP_S = "setting_up_a_device", 900  # in the session of whoever gave the password for it


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """GET: what there is. POST: log out everywhere else, or where it was ticked."""
    user = _reader(request)
    if request.method == "POST":
        if not _knows_password(request):
            return _refused(request, "kpi/account/account.html", _about(request), "password")
        marks = request.POST.getlist("session") if request.POST.get("where") == "ticked" else None
        ended = sessions.end(user.pk, keep=request.session.session_key, marks=marks)
        messages.success(request, ngettext("%(n)d other session has ended.", "%(n)d other sessions have ended.", ended) % {"n": ended})
        return redirect("account")
    return render(request, "kpi/account/account.html", _about(request))


def _about(request: HttpRequest) -> dict[str, Any]:
    user = _reader(request)
    found = sessions.listed(user.pk, request.session.session_key)
    others = [item for item in found if not item.here]
    told = {"sessions": found, "others": len(others), "idle": settings.SESSION_IDLE_MINUTES}
    return {"factor": factor.of(user), "left": factor.left(user), "needed": needs_one(user), **told}


@method_decorator(never_cache, "dispatch")
class NewPassword(PasswordChangeView):
    """The former one, then the new one twice. Every other session of the account ends with it."""

    template_name = "kpi/account/password.html"
    form_class = first.OtherPasswordForm
    success_url = reverse_lazy("account")

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        first.chosen(self.request)
        messages.success(self.request, _("Your password has changed. Everywhere else you are logged out."))
        return answer


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """GET: how it stands. POST: one step of setting up, replacing or switching off."""
    if request.method != "POST":
        return render(request, PAGE, _state(request))
    step = STEPS.get(request.POST.get("do", ""))
    return step(request) if step else redirect("second-factor")


def _begin(request: HttpRequest) -> HttpResponse:
    if wrong := _what_is_wrong(request):
        return _refused(request, PAGE, _state(request), wrong)
    if can_seal():
        factor.propose(_reader(request))
        request.session[SETTING_UP] = time.time()
    return render(request, PAGE, _state(request) | _picture(request))


def _confirm(request: HttpRequest) -> HttpResponse:
    """A code of the device that is being set up, from whoever began it here a moment ago."""
    user = _reader(request)
    codes = factor.confirm(user, request.POST.get("code", "")) if _began(request) else []
    if not codes:
        return _refused(request, PAGE, _state(request) | _picture(request), "new_code")
    request.session.pop(SETTING_UP, None)
    sessions.end(user.pk, keep=request.session.session_key)
    request.session.cycle_key()
    request.session[PASSED] = cast(Any, factor.of(user)).pk
    return render(request, PAGE, _state(request) | {"codes": codes})


def _codes(request: HttpRequest) -> HttpResponse:
    if wrong := _what_is_wrong(request):
        return _refused(request, PAGE, _state(request), wrong)
    return render(request, PAGE, _state(request) | {"codes": factor.new_codes(_reader(request))})


def _off(request: HttpRequest) -> HttpResponse:
    if wrong := _what_is_wrong(request):
        return _refused(request, PAGE, _state(request), wrong)
    user = _reader(request)
    factor.take_away(user)
    sessions.end(user.pk, keep=request.session.session_key)
    request.session.pop(PASSED, None)
    request.session.cycle_key()
    messages.success(request, _("The second factor is switched off. Your password alone opens your account."))
    return redirect("account")


STEPS: dict[str, Callable[[HttpRequest], HttpResponse]] = {"begin": _begin, "confirm": _confirm, "codes": _codes, "off": _off}


def _state(request: HttpRequest) -> dict[str, Any]:
    user = _reader(request)
    return {"factor": factor.of(user), "left": factor.left(user), "needed": needs_one(user), "can_seal": can_seal()}


def _began(request: HttpRequest) -> bool:
    return 0 <= time.time() - float(request.session.get(SETTING_UP, 0)) <= SETS_UP_S


def _picture(request: HttpRequest) -> dict[str, str]:
    """The secret of a device that is being set up, as a picture and as letters to type: only where it was begun."""
    user = _reader(request)
    secret = factor.proposed(user) if can_seal() and _began(request) else ""
    if not secret:
        return {}
    drawn = mark_safe(device.picture_of(secret, user.get_username()))  # noqa: S308 - drawn by us: black and white squares
    return {"picture": drawn, "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}


def _what_is_wrong(request: HttpRequest) -> str:
    """Password, and a code where there is a factor already: who sits at a desk that was left open has neither."""
    if not _knows_password(request):
        return "password"
    user = _reader(request)
    answer = factor.check(user, request.POST.get("code", "")) if factor.of(user) else Answer.RIGHT
    return "" if answer is Answer.RIGHT else answer.value


def _knows_password(request: HttpRequest) -> bool:
    """Wrong ones count as at the log-in."""
    return authenticate(request, username=request.user.get_username(), password=request.POST.get("password", "")) == request.user


def _refused(request: HttpRequest, page: str, state: dict[str, Any], wrong: str) -> HttpResponse:
    return render(request, page, state | {"wrong": wrong}, status=429 if wrong == Answer.BLOCKED.value else 200)


def _reader(request: HttpRequest) -> User:
    return cast(User, request.user)
