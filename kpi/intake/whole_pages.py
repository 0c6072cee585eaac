"""The page of whole days: records against what is usual, contacts against the vendor's own totals, and a form for these."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kpi import words
from kpi.intake import vendor_totals, wholeness
from kpi.intake.roles import keeper_of
from kpi.models import DataSource
from kpi.version import one_version


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def whole(request: HttpRequest) -> HttpResponse:
    """For who sees every file; totals are entered by who sends files."""
    keeper = keeper_of(request.user)
    if not keeper.sees_runs or (request.method == "POST" and not keeper.sends):
        raise Http404
    form = vendor_totals.TotalsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        source = DataSource.objects.get(pk=form.cleaned_data["source"])
        count = vendor_totals.keep(source, form.cleaned_data["lines"], request.user)
        messages.success(request, _("%(n)d days are kept.") % {"n": count})
        return redirect("data-days")
    with one_version():
        days = wholeness.completeness()
    against = wholeness.against_vendors()
    context = {
        "keeper": keeper,
        "form": form if keeper.sends and wholeness.may_be_held_against() else None,
        "days": days,
        "against": against,
        "answer": _answer(days, against),
        "limit": words.percent(wholeness.LIMIT),
    }
    answer = render(request, "kpi/data/days.html", context, status=400 if form.errors else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _answer(days: list[wholeness.SourceDays], against: list[tuple[str, list[wholeness.Against]]]) -> str:
    """The question in a sentence."""
    wrong = [item.key for item in days if item.wrong]
    beyond = [key for key, lines in against if any(line.beyond for line in lines)]
    parts = [
        _("Of the last %(n)d days some are not whole: %(sources)s.") % {"n": wholeness.DAYS, "sources": ", ".join(wrong)}
        if wrong
        else _("No day of the last %(n)d holds less than half of what is usual.") % {"n": wholeness.DAYS}
    ]
    if beyond:
        parts.append(_("Contacts differ from the vendor’s totals: %(sources)s.") % {"sources": ", ".join(beyond)})
    elif against:
        parts.append(_("Contacts agree with the vendor’s totals."))
    return " ".join(parts)
