"""Hides wellbeing of groups that are too small, and of groups beside them that would give the small ones away.

metrics.md C2 (thresholds), C3 (children of a published parent). One guard serves one panel: it knows how many people of
each team answered in each wave, and which sites and teams are published side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache

from kpi import ledger, memory, registry
from kpi.anonymity import leaves_a_few, suppress_children
from kpi.metric import Estimate, Period, Status, Window
from kpi.scopes import Organisation, Unit
from kpi.totals import Members, Request, read_totals

RESPONDENTS = "respondents"
CREW = "agents"
HIDDEN = Estimate(Status.SUPPRESSED, reasons=("people:too_few",))
Counts = Mapping[Hashable, Mapping[int, int]]  # {wave's closing day or period: {team: people}}


def respondents_by_wave(there: Organisation, start: date, end: date) -> Counts:
    """Counted once a panel; never shown."""
    measure = registry.measures().get(RESPONDENTS)
    teams = sorted(there.site_of)
    if measure is None or not teams:
        return {}
    window = Window("pulse", start, end, by="day")
    found: dict[Hashable, dict[int, int]] = defaultdict(dict)
    asked = [Request(Members("team", (team,)), window) for team in teams]
    for team, blocks in zip(teams, read_totals(asked, [measure]), strict=True):
        for day, totals in blocks:
            found[day][team] = int(totals[measure].sum)
    return found


def crews_by_period(units: Mapping[int, Unit], periods: Iterable[Period]) -> Counts:
    """{period: {team: agents of its busiest day}}: how many people are behind the contacts of each team, inside the filters."""
    return _crews({team: unit.work for team, unit in units.items()}, sorted(set(periods)))


def _crews(work: Mapping[int, Members], periods: Sequence[Period]) -> Counts:
    measure = registry.measures().get(CREW)
    if measure is None:
        return {}
    asked = [(period, team) for period in periods for team in work]
    windows = [Request(work[team], Window("interaction", period.start, period.end)) for period, team in asked]
    found: dict[Hashable, dict[int, int]] = defaultdict(dict)
    for (period, team), blocks in zip(asked, read_totals(windows, [measure]), strict=True):
        found[period][team] = max((totals[measure].n for _, totals in blocks), default=0)
    return found


def steady_crews(there: Organisation, loaded: Period | None) -> Mapping[int, int]:
    """{team: agents of its busiest day ever}. A size that no question changes: who is hidden because of it is always the same,
    so that no team can be added up from periods or filters in which somebody else stands in for it."""
    if loaded is None:
        return {}
    key = f"crews:{ledger.data_version()}:{','.join(map(str, sorted(there.site_of)))}"
    found: Mapping[int, int] | None = memory.recall(key)
    if found is None:
        units = {team: Members("team", (team,)) for team in there.site_of}
        found = _crews(units, [loaded]).get(loaded, {})
        memory.keep(key, found, 3600)
    return found


class Guard:
    """Answers one question: may a number about these people in this wave or period be shown beside the others?

    `steady` are sizes of the teams that do not depend on the question; who is too small by them is hidden in every answer.
    """

    def __init__(self, there: Organisation, respondents: Counts, k: int, steady: Mapping[int, int] | None = None) -> None:
        self.there, self.respondents, self.k, self.steady = there, respondents, k, steady or {}
        self._hidden = cache(self._find)

    def protects(self, unit: Unit, wave: Hashable) -> bool:
        """True when it must be hidden. The company as a whole is only held to k itself."""
        teams = unit.teams
        if teams is None:
            return self._count(wave, frozenset(self.there.site_of)) < self.k
        if self._count(wave, teams) < self.k:
            return True
        return bool(unit.sites & self._hidden(wave)[0]) if unit.people.dimension == "site" else self.exposes(teams, wave)

    def exposes(self, teams: frozenset[int], wave: Hashable) -> bool:
        """True when these teams, beside all that is shown, would give a few people away."""
        sites, small = self._hidden(wave)
        if len(teams) == 1:
            return bool(teams & small)
        hidden = frozenset(team for site in sites for team in self.there.teams_at(int(site)))
        blocks = [hidden, *(self.there.teams_at(site) & small for site in self.there.site_names if site not in sites)]
        blocks += [frozenset({team}) for team in self.there.site_of if team not in small]
        return leaves_a_few(teams, blocks, self.respondents.get(wave, {}), self.k)

    def hides_site(self, sites: frozenset[int], wave: Hashable) -> bool:
        """True for one site that is too small, or would give a small one away."""
        return len(sites) == 1 and bool(sites & self._hidden(wave)[0])

    def _count(self, wave: Hashable, teams: frozenset[int]) -> int:
        answers = self.respondents.get(wave, {})
        return sum(answers.get(team, 0) for team in teams)

    def _find(self, wave: Hashable) -> tuple[frozenset[int | str], frozenset[int | str]]:
        """(sites hidden, teams hidden) in a wave or period: by who is there, and by the sizes that never change."""
        answers = self.respondents.get(wave, {})
        sites, small = self._smallest(answers)
        if not self.steady:
            return sites, small
        always = self._smallest(self.steady)
        return sites | always[0], small | always[1]

    def _smallest(self, sizes: Mapping[int, int]) -> tuple[frozenset[int | str], frozenset[int | str]]:
        children = {site: sum(sizes.get(team, 0) for team in self.there.teams_at(site)) for site in self.there.site_names}
        ranks = {site: sum(self.steady.get(team, 0) for team in self.there.teams_at(site)) for site in self.there.site_names}
        sites = suppress_children(children, self.k, ranks if self.steady else None).hidden
        small: set[int | str] = set()
        for site in self.there.site_names:
            teams = {team: sizes.get(team, 0) for team in self.there.teams_at(site)}
            hidden = suppress_children(teams, self.k, self.steady or None).hidden
            small |= set(teams) if site in sites else hidden
        return sites, frozenset(small)


def few_agents(unit: Unit, crew: int, period: Period, guard: Guard) -> bool:
    """C2 for operational figures: fewer than k agents, or beside the rest it would tell about fewer. Machines alone are nobody."""
    if crew == 0:
        return False
    if crew < guard.k:
        return True
    return guard.exposes(unit.asked, period) if unit.asked else guard.hides_site(unit.sites, period)


def protected(estimate: Estimate, unit: Unit, guard: Guard) -> Estimate:
    """The estimate, or nothing about it at all. A value that does not say of which wave it is cannot be judged."""
    wave = estimate.extra.get("wave")
    if estimate.status is Status.SUPPRESSED:
        return HIDDEN
    unsafe = guard.protects(unit, wave) if isinstance(wave, date) else estimate.value is not None
    return HIDDEN if unsafe else estimate
