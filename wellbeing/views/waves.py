"""The page Pulse: how the waves go, for whoever may read it; opening them and handing out codes, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wellbeing.forms import EndForm, ExtendForm, MailForm, OpenForm
from wellbeing.models import Asked, Pulse
from wellbeing.pulse import handing, opening, telling
from wellbeing.pulse.opening import Refused
from wellbeing.pulse.readers import Reader, reader_of

View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    """Others get the page that says so."""

    @wraps(view)
    @login_required
    @never_cache
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        reader = reader_of(request.user)
        return view(request, *args, **kwargs) if reader and reader.may_open else _not_allowed(request)

    return guarded


@require_safe
@login_required
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Every wave, and as much of the response by team as may be told."""
    reader = reader_of(request.user)
    if reader is None:
        return _not_allowed(request)
    context = {"reader": reader, "waves": telling.waves_for(reader), "k": opening.smallest(), "address": _address(request)}
    return render(request, "wellbeing/waves.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def open_one(request: HttpRequest) -> HttpResponse:
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pulse = opening.open_wave(form.wish(), request.user)
        except Refused as refused:  # somebody else was quicker
            form.add_error(None, list(refused.sentences))
        else:
            return redirect("wave", pk=pulse.pk)
    return render(request, "wellbeing/wave_open.html", {"form": form, "k": opening.smallest(), "longest": opening.LONGEST})


@require_safe
@for_administrators
def one(request: HttpRequest, pk: int) -> HttpResponse:
    return _one(request, get_object_or_404(Pulse, pk=pk))


@require_POST
@for_administrators
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    pulse, form = get_object_or_404(Pulse, pk=pk), ExtendForm(request.POST)
    if not form.is_valid():
        return _one(request, pulse, [_("This is not a day.")])
    return _doing(request, pulse, lambda: opening.extend(pulse, form.cleaned_data["closes_on"]))


@require_POST
@for_administrators
def end(request: HttpRequest, pk: int) -> HttpResponse:
    pulse, form = get_object_or_404(Pulse, pk=pk), EndForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _doing(request, pulse, lambda: opening.end_now(pulse, reason))


@sensitive_post_parameters()
@require_POST
@for_administrators
def hand_out(request: HttpRequest, pk: int, asked: int, kind: str) -> HttpResponse:
    """New codes of a team, told in this answer and never again."""
    found = get_object_or_404(Asked.objects.select_related("pulse__wave", "team"), pk=asked, pulse=pk)
    ways = {"print": _print, "links": _links, "mail": _mail}
    if kind not in ways:
        raise Http404
    try:
        answer = ways[kind](request, found)
    except Refused as refused:
        answer = _one(request, found.pulse, list(refused.sentences))
    answer["Cache-Control"], answer["Referrer-Policy"] = "no-store", "no-referrer"
    return answer


def _print(request: HttpRequest, asked: Asked) -> HttpResponse:
    made = handing.hand_out(asked, Asked.Handed.PRINT)
    context = {"asked": asked, "slips": handing.slips(_address(request), made), "address": _address(request).removesuffix("/")}
    return render(request, "wellbeing/wave_sheet.html", context)


def _links(request: HttpRequest, asked: Asked) -> HttpResponse:
    made = handing.hand_out(asked, Asked.Handed.LINKS)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="pulse-{asked.pulse.pk}-{asked.pk}.csv"'
    handing.write_links(_address(request), made, answer)  # type: ignore[arg-type]  # a response is written to like a file
    return answer


def _mail(request: HttpRequest, asked: Asked) -> HttpResponse:
    form = MailForm(request.POST)
    text = form.cleaned_data["addresses"] if form.is_valid() else ""
    addresses = handing.read_addresses(text, asked.people)
    failed = handing.send(asked, addresses, _address(request))
    sent = len(addresses) - len(failed)
    told = [ngettext("%(n)d mail was sent.", "%(n)d mails were sent.", sent) % {"n": sent}]
    if failed:
        told.append(_("The mail server did not take these, and their codes are cancelled: %(who)s.") % {"who": ", ".join(failed)})
    return _one(request, asked.pulse, told)


def _doing(request: HttpRequest, pulse: Pulse, action: Callable[[], None]) -> HttpResponse:
    try:
        action()
    except Refused as refused:
        return _one(request, pulse, list(refused.sentences))
    return redirect("wave", pk=pulse.pk)


def _one(request: HttpRequest, pulse: Pulse, told: list[str] | None = None) -> HttpResponse:
    pulse = Pulse.objects.select_related("wave").get(pk=pulse.pk)
    wave = telling.wave(pulse, Reader(may_open=True))
    context = {"wave": wave, "told": told or [], "extend": ExtendForm(), "end": EndForm(), "mail": MailForm(), "address": _address(request)}
    return render(request, "wellbeing/wave.html", context)


def _address(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("pulse"))


def _not_allowed(request: HttpRequest) -> HttpResponse:
    return render(request, "kpi/not_allowed.html", status=403)
