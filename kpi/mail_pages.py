"""The page "Mails": what a reader is sent, and the way to end it, with or without logging in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpi import night, panel, registry, rights
from kpi.forms import FILTERS, PanelForm
from kpi.mail import digest, stopping
from kpi.mail.forms import MailForm, subscribe
from kpi.mail.letter import NoLetter, usable
from kpi.models import Sending, Subscription
from kpi.result import Viewer
from kpi.views import answer

SHOWN = 5  # of the last mails of each
TRIED_BEFORE = timedelta(days=60)


@dataclass(frozen=True)
class Asked:
    """One mail a reader asked for, with the filters in words and what became of the last ones."""

    subscription: Subscription
    about: str
    lost: bool
    sendings: list[tuple[date, str]]


@require_safe
@login_required
def mails(request: HttpRequest) -> HttpResponse:
    """What is sent, and a form for one more with the filters of the address."""
    return answer(request, lambda viewer, form: _page(request, viewer, form, MailForm()), always=True)


@require_POST
@login_required
def subscribe_here(request: HttpRequest) -> HttpResponse:
    """One more mail, with the filters the page stood on."""
    try:
        viewer = rights.viewer_of(request.user)
    except rights.NotAllowed:
        return render(request, "kpi/not_allowed.html", status=403)
    form, chosen = PanelForm(request.POST, viewer=viewer), MailForm(request.POST)
    problems = form.problems or [str(text) for texts in chosen.errors.values() for text in texts]
    if problems:
        return _page(request, viewer, form, chosen, status=400)
    if problem := subscribe(request.user, chosen, form):
        messages.warning(request, problem)
    else:
        messages.success(request, _("This mail will be sent."))
    return redirect("mails")


@require_POST
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader's own, and nobody else's."""
    mine = get_object_or_404(Subscription, pk=pk, user_id=request.user.pk)
    if stopping.end(mine.pk):
        messages.success(request, _("This mail is stopped."))
    return redirect("mails")


@require_safe
@login_required
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The digest as it would be written now, in its plain form."""
    mine = get_object_or_404(Subscription, pk=pk, user_id=request.user.pk, active=True, kind=Subscription.Kind.DIGEST)
    made = digest.written(mine)
    if isinstance(made, NoLetter):
        return render(request, "kpi/mail_preview.html", {"problem": REASONS.get(made.reason, gettext_lazy("It cannot be made now."))})
    return render(request, "kpi/mail_preview.html", {"letter": made})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """One click from a mail program (RFC 8058), or a page that asks first. The token is all that is needed, and it says nothing."""
    subscription = stopping.subscription_of(token)
    if subscription is None:
        raise Http404
    if request.method == "POST":
        stopping.end(subscription)
    return render(request, "kpi/mail_stop.html", {"stopped": request.method == "POST"})


REASONS = {
    "night_open": gettext_lazy("New data are being added up; try again in a moment."),
    "scope_lost": gettext_lazy("Its filters name something that is no longer yours."),
    "figure_failed": gettext_lazy("A figure could not be computed; try again in a moment."),
    "no_data": gettext_lazy("There are no data yet."),
    "no_address": gettext_lazy("You have no mail address: an administrator can add it."),
}


def _page(request: HttpRequest, viewer: Viewer, form: PanelForm, chosen: MailForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "chosen": chosen,
        "asked": [
            _asked(item, viewer)
            for item in Subscription.objects.filter(user_id=request.user.pk or 0, active=True).exclude(kind=Subscription.Kind.NIGHTS)
        ],
        "address": request.user.email if usable(getattr(request.user, "email", "")) else "",  # type: ignore[union-attr]
        "sends": settings.MAILS_ARE_SENT,
        "complete": not night.why_open(night.today()),
    }
    return render(request, "kpi/mails.html", context, status=status)


def _asked(subscription: Subscription, viewer: Viewer) -> Asked:
    as_of = panel.data_as_of() or timezone.localdate()
    form = PanelForm(QueryDict(subscription.filters), viewer=viewer, as_of=as_of)
    told = subscription.sendings.select_related("change__alert").filter(created_at__gte=timezone.now() - TRIED_BEFORE)
    if subscription.kind == Subscription.Kind.ALERTS:  # that something was not told would tell that it is there
        told = told.exclude(state__in=[Sending.State.SKIPPED, Sending.State.WAITING, Sending.State.CLAIMED])
    return Asked(subscription, _about(form, subscription.kind), bool(form.problems), [(item.day, _told(item)) for item in told[:SHOWN]])


def _told(item: Sending) -> str:
    """What became of one mail; of an alert that was sent the reader knows already which it was."""
    state = str(item.get_state_display())
    if item.change is None:
        return f"{item.get_kind_display()}, {state}"
    rule = registry.rules().get(item.change.alert.rule)
    return f"{rule.label if rule else item.change.alert.rule} → {item.change.get_after_display()}, {state}"


def _about(form: PanelForm, kind: str) -> str:
    """Period and what it is narrowed to, as the page names them."""
    narrowed = [chip.text for chip in form.chips()] or [str(FILTERS["site"][1])]
    keys = () if kind == Subscription.Kind.ALERTS else ("period", "compare")
    said = [*(_texts(form, name).get(form.applied[name], "") for name in keys), *narrowed]
    return " · ".join(text[0].upper() + text[1:] for text in said if text)


def _texts(form: PanelForm, name: str) -> dict[str, str]:
    """What the single choices of a field are called."""
    found = form.fields[name].choices  # type: ignore[attr-defined]
    return {str(key): str(text) for key, text in found if not isinstance(text, list | tuple)}
