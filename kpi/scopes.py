"""From a granted scope to the rows that are added up for it, site by site, for contacts and for people.

metrics.md 0.4: under a filter by queue or channel, people measures are those of the teams that handled at least 5 % of
the filtered contacts, taken together as one group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi import registry
from kpi.metric import Measure, Period, Window
from kpi.models import Cell, Site, Team
from kpi.result import Scope
from kpi.rights import Grant
from kpi.totals import EVERYTHING, Members, Request, read_totals
from kpi.version import known

SHARE_THAT_COUNTS = 0.05


@dataclass(frozen=True)
class Part:
    """One site of a unit: whose contacts, whose working days."""

    site: int
    work: Members
    people: Members


@dataclass(frozen=True)
class Unit:
    """What one set of numbers is computed for. `teams` are the people it speaks of; None means everybody."""

    work: Members
    people: Members
    parts: tuple[Part, ...]
    teams: frozenset[int] | None
    narrowed: bool = False  # people are the teams behind a filter, not the scope itself
    asked: frozenset[int] = frozenset()  # teams named by the question; empty for a site or the company

    @property
    def sites(self) -> frozenset[int]:
        return frozenset(part.site for part in self.parts)


@dataclass(frozen=True)
class Organisation:
    """Teams and sites as they stand, read once a request."""

    site_of: Mapping[int, int]
    team_names: Mapping[int, str]
    site_names: Mapping[int, str]

    def teams_at(self, site: int) -> frozenset[int]:
        return frozenset(team for team, at in self.site_of.items() if at == site)


def organisation(teams: frozenset[int] = frozenset()) -> Organisation:
    """With these teams: one that another process added a moment ago may be granted before the version under way knows of it."""
    found = known("organisation", _read_organisation)
    return found if teams <= found.site_of.keys() else _read_organisation()


def _read_organisation() -> Organisation:
    teams = list(Team.objects.values_list("pk", "site_id", "name"))
    return Organisation(
        {team: site for team, site, _ in teams},
        {team: name for team, _, name in teams},
        dict(Site.objects.values_list("pk", "name")),
    )


def unit_of(grant: Grant, period: Period, there: Organisation, also: Sequence[Measure] = (), version: str = "") -> Unit:
    """The unit of a whole scope."""
    scope = grant.scope
    if scope.filtered:
        return _filtered(scope, period, there, also, version)
    if scope.teams:
        return _teams(tuple(sorted(scope.teams)), there)
    if scope.site is not None:
        one = Members("site", (scope.site,))
        return Unit(one, one, (Part(scope.site, one, one),), there.teams_at(scope.site))
    parts = tuple(Part(site, Members("site", (site,)), Members("site", (site,))) for site in there.site_names)
    return Unit(EVERYTHING, EVERYTHING, parts, None)


def team_units(teams: Sequence[int], scope: Scope, there: Organisation) -> dict[int, Unit]:
    """The rows of the table of teams: each team's work inside the filters, its own people."""
    if not scope.filtered:
        return {team: _teams((team,), there) for team in teams}
    by_team: dict[int, list[int]] = defaultdict(list)
    for cell in _cells(scope):
        by_team[cell.team].append(cell.pk)
    return {team: _row(team, tuple(by_team[team]), there) for team in teams}


def _row(team: int, cells: tuple[int, ...], there: Organisation) -> Unit:
    work, people = Members("cell", cells), Members("team", (team,))
    return Unit(work, people, (Part(there.site_of[team], work, people),), frozenset({team}), asked=frozenset({team}))


def _teams(teams: Sequence[int], there: Organisation) -> Unit:
    at: dict[int, list[int]] = defaultdict(list)
    for team in teams:
        at[there.site_of[team]].append(team)
    parts = tuple(Part(site, Members("team", tuple(ids)), Members("team", tuple(ids))) for site, ids in sorted(at.items()))
    both = Members("team", tuple(teams))
    return Unit(both, both, parts, frozenset(teams), asked=frozenset(teams))


def _cells(scope: Scope) -> tuple[Cell, ...]:
    return known(("cells", scope), lambda: _read_cells(scope))


def _read_cells(scope: Scope) -> tuple[Cell, ...]:
    wanted = {"site": scope.site, "queue": scope.queue, "channel": scope.channel}
    cells = Cell.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    return tuple(cells.filter(team__in=scope.teams) if scope.teams else cells)


def _filtered(scope: Scope, period: Period, there: Organisation, also: Sequence[Measure], version: str) -> Unit:
    cells = _cells(scope)
    teams = _teams_behind(cells, period, also, version)
    people = _teams(tuple(sorted(teams)), there)
    by_site: dict[int, list[int]] = defaultdict(list)
    for cell in cells:
        by_site[cell.site].append(cell.pk)
    at = {part.site: part.people for part in people.parts}
    parts = tuple(Part(site, Members("cell", tuple(ids)), at.get(site, Members("team", ()))) for site, ids in sorted(by_site.items()))
    return Unit(Members("cell", tuple(cell.pk for cell in cells)), people.people, parts, teams, narrowed=True, asked=scope.teams)


def with_people(unit: Unit, teams: frozenset[int], there: Organisation) -> Unit:
    """The same work, with these teams as the people behind it."""
    people = _teams(tuple(sorted(teams)), there)
    at = {part.site: part.people for part in people.parts}
    parts = tuple(Part(part.site, part.work, at.get(part.site, Members("team", ()))) for part in unit.parts)
    return Unit(unit.work, people.people, parts, teams, narrowed=True)


def _teams_behind(cells: Sequence[Cell], period: Period, also: Sequence[Measure], version: str) -> frozenset[int]:
    """Teams with at least 5 % of the filtered contacts of the period."""
    if "contacts" not in registry.measures():
        return frozenset()
    by_team: dict[int, list[int]] = defaultdict(list)
    for cell in cells:
        by_team[cell.team].append(cell.pk)
    window = Window("interaction", period.start, period.end)
    contacts = registry.measures()["contacts"]
    found = read_totals([Request(Members("cell", tuple(ids)), window) for ids in by_team.values()], [contacts, *also], version)
    counts = {team: sum(totals[contacts].n for _, totals in blocks) for team, blocks in zip(by_team, found, strict=True)}
    enough = SHARE_THAT_COUNTS * sum(counts.values())
    return frozenset(team for team, count in counts.items() if team and count and count >= enough)
