"""The page of who looked at wellbeing: for the representative and the administrator all of it, for a manager what concerns own teams."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kpi import looks
from kpi.models import Membership
from kpi.pages import PAGES

ON_A_PAGE = 100


@require_safe
@login_required
def who_looked(request: HttpRequest) -> HttpResponse:
    """`team`: what concerned one team, to be printed and handed out; `page`: further back."""
    member = Membership.objects.filter(user_id=request.user.pk or 0).first()
    entries = looks.readable_by(member) if member else None
    if member is None or entries is None:
        return render(request, "kpi/not_allowed.html", status=403)
    teams = looks.teams_of(member).select_related("site")
    chosen = teams.filter(pk=request.GET["team"]).first() if request.GET.get("team", "").isdecimal() else None
    found = Paginator(looks.about([chosen]) if chosen else entries, ON_A_PAGE).get_page(request.GET.get("page"))
    names = {key: page.label for key, page in PAGES.items()}
    context = {"found": found, "teams": teams, "chosen": chosen, "days": settings.LOOKS_KEPT_DAYS, "names": names}
    return render(request, "kpi/who_looked.html", context)
