"""Hides wellbeing of groups that are too small, and of groups beside them that would give the small ones away.

metrics.md C2 (thresholds), C3 (children of a published parent). One guard serves one panel: it knows how many people of
each team answered in each wave, and which sites and teams are published side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache

from kpi import registry
from kpi.groups import leaves_a_few, suppress_children
from kpi.metric import Estimate, Status, Window
from kpi.scopes import Organisation, Unit
from kpi.totals import Members, Request, read_totals

RESPONDENTS = "respondents"
HIDDEN = Estimate(Status.SUPPRESSED, reasons=("people:too_few",))
Respondents = Mapping[date, Mapping[int, int]]  # {wave's closing day: {team: people who answered}}


def respondents_by_wave(there: Organisation, start: date, end: date) -> Respondents:
    """Counted once a panel; never shown."""
    measure = registry.measures().get(RESPONDENTS)
    teams = sorted(there.site_of)
    if measure is None or not teams:
        return {}
    window = Window("pulse", start, end, by="day")
    found: dict[date, dict[int, int]] = defaultdict(dict)
    for team, blocks in zip(teams, read_totals([Request(Members("team", (team,)), window) for team in teams]), strict=True):
        for day, totals in blocks:
            found[day][team] = int(totals[measure].sum)
    return found


class Guard:
    """Answers one question: may wellbeing of this unit in this wave be shown?"""

    def __init__(self, there: Organisation, respondents: Respondents, k: int) -> None:
        self.there, self.respondents, self.k = there, respondents, k
        self._hidden = cache(self._find)

    def protects(self, unit: Unit, wave: date) -> bool:
        """True when it must be hidden. The company as a whole is only held to k itself."""
        teams = unit.teams
        if teams is None:
            return self._count(wave, frozenset(self.there.site_of)) < self.k
        if self._count(wave, teams) < self.k:
            return True
        sites, small = self._hidden(wave)
        if unit.people.dimension == "site":
            return bool(unit.sites & sites)
        if len(teams) == 1:
            return bool(teams & small)
        hidden = frozenset(team for site in sites for team in self.there.teams_at(int(site)))
        blocks = [hidden, *(self.there.teams_at(site) & small for site in self.there.site_names if site not in sites)]
        blocks += [frozenset({team}) for team in self.there.site_of if team not in small]
        return leaves_a_few(teams, blocks, self.respondents.get(wave, {}), self.k)

    def _count(self, wave: date, teams: frozenset[int]) -> int:
        answers = self.respondents.get(wave, {})
        return sum(answers.get(team, 0) for team in teams)

    def _find(self, wave: date) -> tuple[frozenset[int | str], frozenset[int | str]]:
        """(sites hidden, teams hidden) in a wave."""
        answers = self.respondents.get(wave, {})
        children = {site: self._count(wave, self.there.teams_at(site)) for site in self.there.site_names}
        sites = suppress_children(children, self.k).hidden
        small: set[int | str] = set()
        for site in self.there.site_names:
            teams = {team: answers.get(team, 0) for team in self.there.teams_at(site)}
            hidden = suppress_children(teams, self.k).hidden
            small |= set(teams) if site in sites else hidden
        return sites, frozenset(small)


def protected(estimate: Estimate, unit: Unit, guard: Guard) -> Estimate:
    """The estimate, or nothing about it at all. A value that does not say of which wave it is cannot be judged."""
    wave = estimate.extra.get("wave")
    if estimate.status is Status.SUPPRESSED:
        return HIDDEN
    unsafe = guard.protects(unit, wave) if isinstance(wave, date) else estimate.value is not None
    return HIDDEN if unsafe else estimate
