"""Keys and display: what the keyboard does, light or dark, keys on or off. For everybody who is logged in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from kpi.preferences import A_YEAR, COOKIES, cookie_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def display(request: HttpRequest) -> HttpResponse:
    """GET: the page. POST: keep what was chosen, and go back to where the reader was."""
    if request.method == "POST":
        return _keep(request, HttpResponseRedirect(_back(request)))
    return render(request, "kpi/display.html")


def _keep(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    for name, known in COOKIES.items():
        if (value := request.POST.get(name, "")) in known:
            response.set_cookie(
                cookie_of(name), value, max_age=A_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
            )
    return response


def _back(request: HttpRequest) -> str:
    """The page the form stood on, and no other site."""
    wanted = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if here else reverse("display")
