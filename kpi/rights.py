"""Who may read what, decided in one place: totals are read only with a `Grant`, and only this module gives one.

product.md section 2. A manager sees own teams, and the totals of own site and of the company for comparison.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kpi.models import Cell, Channel, Intent, Membership, Queue, Site, Slice, Team
from kpi.reporting import rows_of
from kpi.result import Scope, Viewer
from kpi.version import known

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.db.models import QuerySet

ROLES_THAT_SEE_ALL = frozenset({Membership.Role.EXECUTIVE, Membership.Role.ANALYST, Membership.Role.REPRESENTATIVE})


# Single contacts are worked on by whoever runs a team or looks into the data; executives and representatives read totals.
ROLES_THAT_SEE_CONTACTS = frozenset({Membership.Role.ANALYST, Membership.Role.MANAGER})


NO_TEAMS = "no teams"  # a manager whose teams nobody has named yet


class NotAllowed(Exception):
    """The viewer may not see this scope. The message never names what was asked for."""


@dataclass(frozen=True)
class Grant:
    """A scope this viewer may read, narrowed to what is theirs. `rows` are the teams that may stand in a table."""

    viewer: Viewer
    scope: Scope
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Choices:
    """What the viewer may choose in a filter: (id, label), in the order of the labels."""

    sites: tuple[tuple[int, str], ...]
    teams: tuple[tuple[int, str], ...]
    queues: tuple[tuple[int, str], ...]
    channels: tuple[tuple[int, str], ...]
    intents: tuple[tuple[int, str], ...] = ()
    tiers: tuple[str, ...] = ()


def viewer_of(user: AbstractBaseUser | AnonymousUser) -> Viewer:
    """The viewer a user is, or NotAllowed for roles without dashboards (data steward, administrator, none)."""
    member = Membership.objects.filter(user_id=user.pk or 0).first()
    if member is None or not getattr(user, "is_active", False):
        raise NotAllowed("no role")
    user.membership = member  # type: ignore[union-attr]  # the navigation asks for the role of the same request
    if member.role in ROLES_THAT_SEE_ALL:
        return Viewer(role=member.role)
    if member.role == Membership.Role.MANAGER:
        teams = list(member.teams.all())
        if not teams:
            raise NotAllowed(NO_TEAMS)
        own = frozenset(team.pk for team in teams)
        return Viewer(member.role, own | rows_of(own), frozenset(team.site_id for team in teams))
    raise NotAllowed("role without dashboards")


def grant(viewer: Viewer, scope: Scope) -> Grant:
    """The scope as this viewer may read its totals, or NotAllowed. What nothing is kept for is asked of nobody."""
    if not scope.answerable:
        raise NotAllowed("a cut nothing is kept for")
    return _grant(viewer, scope)


def _grant(viewer: Viewer, scope: Scope) -> Grant:
    """A filter by queue or channel inside a total would show other teams' work, so for a manager it means the own teams.

    A total cut by intent or tier is a total still: its rows tell of no team.
    """
    teams = _teams_of(scope)
    if viewer.teams is None:
        return Grant(viewer, scope, teams)
    own = tuple(team for team in teams if team in viewer.teams)
    if scope.teams and not scope.teams <= viewer.teams:
        raise NotAllowed("team of somebody else")
    if scope.site is not None and scope.site not in (viewer.sites or ()):
        raise NotAllowed("site of somebody else")
    if scope.filtered and not scope.teams:
        mine = Team.objects.filter(pk__in=viewer.teams, **({} if scope.site is None else {"site": scope.site}))
        scope = replace(scope, teams=frozenset(mine.values_list("pk", flat=True)))  # never empty: that would mean everybody
    return Grant(viewer, scope, own)


def sees_contacts(viewer: Viewer) -> bool:
    """Whether single contacts may be listed for this viewer at all."""
    return viewer.role in ROLES_THAT_SEE_CONTACTS


def grant_contacts(viewer: Viewer, scope: Scope) -> Grant:
    """For lists of contacts: what `grant` gives, in any cut, and of a manager's scope the own teams alone (`rows`), however wide it is."""
    if not sees_contacts(viewer):
        raise NotAllowed("totals only")
    return _grant(viewer, scope)


def _teams_of(scope: Scope) -> tuple[int, ...]:
    """Active teams inside the scope, by name."""
    return known(("teams of", scope), lambda: _read_teams(scope))


def _read_teams(scope: Scope) -> tuple[int, ...]:
    teams = Team.objects.all()
    if scope.site is not None:
        teams = teams.filter(site=scope.site)
    if scope.teams:
        teams = teams.filter(pk__in=scope.teams)
    if scope.filtered:
        teams = teams.filter(pk__in=_matching(scope).values("team"))
    return tuple(teams.values_list("pk", flat=True))


def _matching(scope: Scope) -> QuerySet[Cell]:
    wanted = {"queue": scope.queue, "channel": scope.channel}
    return Cell.objects.filter(**{name: value for name, value in wanted.items() if value is not None})


def choices(viewer: Viewer) -> Choices:
    """Only what the viewer may open; a queue or channel appears once a contact of theirs came through it."""
    return known(("choices", viewer), lambda: _read_choices(viewer))


def _read_choices(viewer: Viewer) -> Choices:
    teams = Team.objects.select_related("site")
    cells = Cell.objects.all()
    sites = Site.objects.all()
    if viewer.teams is not None:
        teams, cells = teams.filter(pk__in=viewer.teams), cells.filter(team__in=viewer.teams)
        sites = sites.filter(pk__in=viewer.sites or ())
    return Choices(
        tuple((site.pk, site.name) for site in sites),
        tuple((team.pk, f"{team.name} · {team.site.name}") for team in teams),
        tuple(Queue.objects.filter(pk__in=cells.values("queue")).values_list("pk", "name")),
        tuple(Channel.objects.filter(pk__in=cells.values("channel")).values_list("pk", "name")),
        *_cuts(),
    )


def _cuts() -> tuple[tuple[tuple[int, str], ...], tuple[str, ...]]:
    """Intents and tiers that ever occurred, for everybody alike: the tables of the company name them to all."""
    found = set(Slice.objects.values_list("dimension", "value"))
    seen = {int(value) for dimension, value in found if dimension == "intents" and value}
    intents = sorted(Intent.objects.filter(pk__in=seen).values_list("pk", "name"), key=lambda each: each[1].lower())
    return tuple(intents), tuple(sorted(value for dimension, value in found if dimension == "tiers"))
