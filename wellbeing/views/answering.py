"""The page on which people answer: no account, no cookie, no session, and nothing in the address.

The code comes behind # in a link, which no browser sends, or is typed; from then on it travels in the body of a form. Every answer is a
page with status 200: Django writes a line with the path for any other, and we want no line at all. There is no CSRF cookie, because
there is nothing to ride on: a request without the code does nothing, and whoever has the code needs no other browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from kpi.anonymity import smallest_group
from kpi.operations.context import untraced
from wellbeing.pulse import codes, limits, redeeming
from wellbeing.pulse.questionnaire import LENGTH, PARTS, field, read

KNOWN = dict(settings.LANGUAGES)
DAY = {"en": "j F Y"}  # as on our other pages; elsewhere as the language has it
SEE_OTHER = 303


@untraced
@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def pulse(request: HttpRequest) -> HttpResponse:
    """Who sees what and the code; then the questions; then thanks."""
    language = _language(request)
    with translation.override(language):
        return _silent(_step(request, language), language)


@untraced
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    language = _language(request)
    with translation.override(language):
        return _silent(render(request, "wellbeing/pulse_thanks.html", _common(language)), language)


def _step(request: HttpRequest, language: str) -> HttpResponse:
    step, changes_language = request.POST.get("step", ""), "lang" in request.POST
    if (step == "start" and not changes_language) or (step == "answer" and changes_language):
        return _questions(request, language)
    return _store(request, language) if step == "answer" else _landing(request, language)


def _store(request: HttpRequest, language: str) -> HttpResponse:
    code, problem = _code(request)
    if code is None:
        return _landing(request, language, problem)
    answers = read(request.POST.dict())
    if not answers:
        note = _("Nothing is filled in yet, so nothing was sent; your code is still good. Answer what you like, or close this page.")
        return _questions(request, language, note)
    if not redeeming.redeem(code, answers):
        limits.note_wrong(request)
        return _landing(request, language, _not_good())
    answer = HttpResponseRedirect(f"{reverse('pulse-thanks')}?lang={language}")
    answer.status_code = SEE_OTHER
    return answer


def _code(request: HttpRequest) -> tuple[str | None, str]:
    """The code as it was typed, or what is wrong with it."""
    if limits.too_many(request):
        return None, _("Too many codes were tried from here. Please wait ten minutes and try again; your own code stays good.")
    found = codes.read(request.POST.get("code", ""))
    return found, "" if found else _("This code is not complete, or a character is not as it is printed. Please compare it once more.")


def _not_good() -> str:
    return _(
        "This code cannot be used: it was used already, new ones were handed out in its place, or the survey is over. "
        "If you have answered, your answers are in and there is nothing left to do. If you have not, ask whoever gave you the code."
    )


def _landing(request: HttpRequest, language: str, problem: str = "") -> HttpResponse:
    context = _common(language) | {"problem": problem, "code": request.POST.get("code", "")[: codes.LONGEST]}
    return render(request, "wellbeing/pulse.html", context)


def _questions(request: HttpRequest, language: str, note: str = "") -> HttpResponse:
    """For whoever has a code that is good, and for nobody else."""
    code, problem = _code(request)
    if code is None:
        return _landing(request, language, problem)
    wave = redeeming.wave_of(code)
    if wave is None:
        limits.note_wrong(request)
        return _landing(request, language, _not_good())
    closes = date_format(wave.wave.closed_on, DAY.get(language, "DATE_FORMAT"))
    parts = list(_parts(read(request.POST.dict())))
    own = {"code": codes.written(code), "contact": wave.contact, "closes": closes, "parts": parts, "problem": note}
    return render(request, "wellbeing/pulse_questions.html", _common(language) | own)


def _parts(given: dict[str, str]) -> Iterator[dict[str, Any]]:
    """What the page draws, with the answers given so far."""
    for number, part in enumerate(PARTS, start=1):
        items = [
            {"name": field(part, place), "text": item.text, "options": item.options, "given": given.get(field(part, place))}
            for place, item in enumerate(part.items)
        ]
        yield {"number": number, "part": part, "items": items}


def _common(language: str) -> dict[str, Any]:
    return {
        "language": language,
        "languages": [(key, name) for key, name in settings.LANGUAGES if key != language],
        "k": smallest_group(settings.WELLBEING_MIN_GROUP),
        "parts_in_all": len(PARTS),
        "questions_in_all": LENGTH,
    }


def _language(request: HttpRequest) -> str:
    """As chosen on the page, else as the browser wishes."""
    chosen = request.POST.get("lang") or request.POST.get("language") or request.GET.get("lang") or ""
    return chosen if chosen in KNOWN else translation.get_language_from_request(request)


def _silent(answer: HttpResponse, language: str) -> HttpResponse:
    """Kept by nobody, told to nobody."""
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    answer["Content-Language"] = language
    return answer
