"""The only way for a surface to a list of contacts: whoever opens one is remembered first. What cannot be remembered is not shown."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpi.cases import CaseKind, CaseList, list_cases
from kpi.models import Channel, Intent, ListOpened, Queue, Site, Team
from kpi.result import Query, Scope, Viewer
from kpi.slices import tier_names
from kpi.version import known

LONGEST = 600  # letters of the filters


def open_list(
    user: AbstractBaseUser | AnonymousUser,
    viewer: Viewer,
    query: Query,
    kind: CaseKind,
    surface: ListOpened.Surface,
    page: int | None = None,
) -> CaseList:
    """The cases of a question or one page of them, or rights.NotAllowed. Every call is one opening, also of an empty list."""
    found = list_cases(viewer, query, kind, page)
    ListOpened.objects.create(
        user_id=user.pk,
        username=user.get_username(),
        role=viewer.role,
        kind=kind.key,
        surface=surface,
        scope=filters_of(query.scope)[:LONGEST],
        start=found.period.start,
        end=found.period.end,
    )
    return found


def filters_of(scope: Scope) -> str:
    """The filters as they were called on that day; empty where none was set."""
    return known(("filters", scope, get_language()), lambda: _filters_of(scope))


def _filters_of(scope: Scope) -> str:
    site = Site.objects.filter(pk=scope.site or 0).values_list("name", flat=True)
    teams = Team.objects.filter(pk__in=scope.teams).values_list("name", flat=True)
    queue = Queue.objects.filter(pk=scope.queue or 0).values_list("name", flat=True)
    channel = Channel.objects.filter(pk=scope.channel or 0).values_list("name", flat=True)
    intent = Intent.objects.filter(pk=scope.intent or 0).values_list("name", flat=True)
    tier = [tier_names()[scope.tier]] if scope.tier else []
    found = (
        (_("site"), site), (_("team"), teams), (_("queue"), queue), (_("channel"), channel), (_("intent"), intent), (_("tier"), tier),
    )  # fmt: skip
    return "; ".join(f"{label}: {', '.join(names)}" for label, names in found if names)
