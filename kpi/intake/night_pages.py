"""The page of the nights, a failed step done again, and the mail about a night that failed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kpi import doubts, nights, tasks
from kpi.intake.nights import tell
from kpi.intake.roles import Keeper, keeper_of
from kpi.mail import stopping
from kpi.mail.letter import usable
from kpi.models import Subscription
from kpi.version import one_version

KIND = Subscription.Kind.NIGHTS


@require_safe
@login_required
def nights_page(request: HttpRequest) -> HttpResponse:
    """Whether the nights ran, and what each step said."""
    keeper = _keeper(request)
    with one_version():
        trouble = doubts.sentences(None)
    context = {
        "keeper": keeper,
        "told": tell(),
        "trouble": trouble,
        "mailed": Subscription.objects.filter(user_id=request.user.pk or 0, kind=KIND, active=True).exists(),
        "address": request.user.email if usable(getattr(request.user, "email", "")) else "",  # type: ignore[union-attr]
    }
    answer = render(request, "kpi/data/nights.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@login_required
def again(request: HttpRequest, step: int) -> HttpResponse:
    """For administrators: what the step said has to be mended first."""
    if not _keeper(request).administers:
        raise Http404
    if nights.again(step):
        tasks.ring(tasks.the_night)
        messages.success(request, _("The step will be done again within a minute."))
    else:
        messages.warning(request, _("There is nothing to do again: only a failed step of the last night is."))
    return redirect("nights")


@require_POST
@login_required
def mail_me(request: HttpRequest) -> HttpResponse:
    """Ask for the mail about nights that failed, or end it."""
    _keeper(request)
    mine = Subscription.objects.filter(user_id=request.user.pk or 0, kind=KIND, active=True)
    if request.POST.get("wanted") == "no":
        for item in mine:
            stopping.end(item.pk)
        messages.success(request, _("This mail is stopped."))
    elif not mine.exists():
        Subscription.objects.create(
            user_id=request.user.pk or 0, kind=KIND, rhythm=Subscription.Rhythm.DAILY, language=get_language() or "en"
        )
        messages.success(request, _("This mail will be sent."))
    return redirect("nights")


def _keeper(request: HttpRequest) -> Keeper:
    keeper = keeper_of(request.user)
    if not keeper.takes_back:  # stewards and administrators
        raise Http404
    return keeper
