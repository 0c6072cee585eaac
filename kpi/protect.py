"""Hides wellbeing of groups that are too small, and of groups beside them that would give the small ones away.

metrics.md C2 (thresholds), C3 (children of a published parent). One guard serves one panel: it knows how many people of
each team answered in each wave, and which sites and teams are published side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, cached_property
from typing import TypeVar

from kpi import registry
from kpi.anonymity import leaves_a_few, suppress_children
from kpi.metric import Estimate, Frame, Measure, Metric, Period, Status, Totals, Window, whole_weeks
from kpi.releases import UNAVAILABLE, Releases, Unavailable
from kpi.scopes import Organisation, Unit
from kpi.totals import Members, Request, read_highest, read_totals
from kpi.warm import standing

RESPONDENTS = "respondents"
CREW = "agents"
WEEK = timedelta(days=7)
EVER = (date(1970, 1, 5), date(2199, 12, 30))  # Mondays both
HIDDEN = Estimate(Status.SUPPRESSED, reasons=("people:too_few",))
BESIDE_OTHERS = Estimate(Status.SUPPRESSED, reasons=("release:refused",))
UNREMEMBERED = Estimate(Status.SUPPRESSED, reasons=(UNAVAILABLE,))
Key = TypeVar("Key", bound=Hashable)
Counts = Mapping[Hashable, Mapping[int, int]]  # {wave's closing day or period: {team: people}}


def respondents_by_wave(there: Organisation, start: date, end: date) -> Counts:
    """Never shown. Beside each wave the answers to each of its questions: (measure, wave)."""
    measure = registry.measures().get(RESPONDENTS)
    teams = sorted(there.site_of)
    if measure is None or not teams:
        return {}
    window = Window("pulse", start, end, by="day")
    found: dict[Hashable, dict[int, int]] = defaultdict(dict)
    asked = [Request(Members("team", (team,)), window) for team in teams]
    questions = registry.measures_of("pulse")
    for team, blocks in zip(teams, read_totals(asked, [measure, *questions]), strict=True):
        for day, totals in blocks:
            found[day][team] = int(totals[measure].sum)
            for question in questions:
                found[question.key, day][team] = totals[question].n
    return found


def crews_by_period(units: Mapping[int, Unit], periods: Iterable[Period], also: Sequence[Measure] = (), version: str = "") -> Counts:
    """{period: {team: agents of its busiest day}}: how many people are behind the contacts of each team, inside the filters.

    Of the weeks in which any of them worked the one with the fewest: two periods that differ by a week tell about that week.
    """
    work = {team: unit.work for team, unit in units.items()}
    mark = standing.fact(version, ("work", tuple(work.items())), object)  # stands for all of them, and is compared at once
    known: dict[Hashable, Mapping[int, int]] = {
        period: counts for period in set(periods) if (counts := standing.recall(version, ("crews", mark, period))) is not None
    }
    new = _fewest_by_period(work, sorted(set(periods) - known.keys()), also, version)
    for period, counts in new.items():
        standing.keep(version, ("crews", mark, period), counts)
    return {**known, **new}


def _fewest_by_period(work: Mapping[int, Members], periods: Sequence[Period], also: Sequence[Measure], version: str) -> Counts:
    weeks = {period: _weeks_inside(period) for period in periods}
    every = sorted({week for inside in weeks.values() for week in inside})
    peaks = _crews(work, every, also, version) if every else {}
    return {
        period: {team: _fewest(peaks[week].get(team, 0) for week in inside) for team in work} for period, inside in weeks.items() if peaks
    }


def _fewest(crews: Iterable[int]) -> int:
    return min((crew for crew in crews if crew), default=0)


def _weeks_inside(period: Period) -> list[Period]:
    """The whole ISO weeks inside, or the period itself where there is none."""
    inside = whole_weeks(period)
    weeks = [Period(start, start + WEEK) for i in range(inside.days // 7) if (start := inside.start + i * WEEK)]
    return weeks if weeks and period.start <= inside.start and inside.end <= period.end else [period]


def _crews(work: Mapping[int, Members], periods: Sequence[Period], also: Sequence[Measure], version: str) -> Counts:
    measure = registry.measures().get(CREW)
    if measure is None:
        return {}
    spans = [(period.start, period.end) for period in periods]
    found: dict[Hashable, dict[int, int]] = {period: {} for period in periods}
    for team, peaks in zip(work, read_highest(measure, list(work.values()), spans, also, version), strict=True):
        for period, peak in zip(periods, peaks, strict=True):
            found[period][team] = peak
    return found


def steady_crews(there: Organisation, loaded: Period | None, also: Sequence[Measure] = (), version: str = "") -> Mapping[int, int]:
    """{team: agents of its busiest day ever}. A size that no question changes: who is hidden because of it is always the same,
    so that no team can be added up from periods or filters in which somebody else stands in for it."""
    if loaded is None:
        return {}
    return busiest_ever({team: Members("team", (team,)) for team in there.site_of}, also, version)


def busiest_ever(work: Mapping[Key, Members], also: Sequence[Measure] = (), version: str = "") -> dict[Key, int]:
    """Agents of the busiest day there ever was, for each of these."""
    ever = Period(*EVER)  # weeks at both ends are counted whole: there is nothing outside what was loaded
    places = dict(enumerate(work.values()))
    found = standing.fact(version, ("crews", tuple(places.values())), lambda: _crews(places, [ever], also, version).get(ever, {}))
    return {key: found.get(place, 0) for place, key in enumerate(work)}


def crowds_of(
    metrics: Sequence[Metric], there: Organisation, periods: Iterable[Period], as_of: date, version: str = ""
) -> dict[str, Counts]:
    """{metric: {period: {team: people}}} for metrics that name their crowd: the fewest in any range of days the metric looks at."""
    named = {metric.key: metric.crowd for metric in metrics if metric.crowd is not None}
    ranges = {
        (metric.key, period): {(window.start, min(window.end, as_of)) for window in _own(metric, period, as_of)}
        for metric in metrics
        for period in set(periods)
        if metric.key in named
    }
    wanted = sorted({(named[key].key, *days) for (key, _), found in ranges.items() for days in found})
    asked = [(next(item for item in named.values() if item.key == key), first, end) for key, first, end in wanted]
    people = _people(asked, there, version)
    counts: dict[str, dict[Hashable, dict[int, int]]] = defaultdict(dict)
    for (key, period), found in ranges.items():
        counts[key][period] = {team: min((people[named[key].key, *days][team] for days in found), default=0) for team in there.site_of}
    return dict(counts)


def _own(metric: Metric, period: Period, as_of: date) -> list[Window]:
    """The windows in which the crowd can be counted."""
    return [window for window in metric.windows(Frame(period, as_of)).values() if metric.crowd and window.subject == metric.crowd.subject]


def _people(asked: Sequence[tuple[Measure, date, date]], there: Organisation, version: str) -> dict[tuple[str, date, date], dict[int, int]]:
    """{measure and days: {team: people}}: those of the busiest day, or employed on the average day.

    Read by itself and not with what the page reads: laid out for these few measures, the days of all teams are small enough to keep.
    """
    teams = sorted(there.site_of)
    windows = [Request(Members("team", (team,)), Window(item.subject, first, end)) for item, first, end in asked for team in teams]
    answers = iter(read_totals(windows, dict.fromkeys(item for item, _, _ in asked), version))
    return {(item.key, first, end): {team: _heads(item, next(answers), (end - first).days) for team in teams} for item, first, end in asked}


def _heads(measure: Measure, blocks: Sequence[tuple[date, Totals]], days: int) -> int:
    if measure.peak:
        return max((totals[measure].n for _, totals in blocks), default=0)
    return int(sum(totals[measure].sum for _, totals in blocks) / days + 1e-9) if days > 0 else 0


class Guard:
    """Answers one question: may a number about these people in this wave or period be shown beside the others?

    `releases` remembers the groups that were shown, for all who ask for another one than a team, a site or the company.
    `steady` are sizes of the teams that do not depend on the question; who is too small by them is hidden in every answer.
    """

    def __init__(self, there: Organisation, respondents: Counts, k: int, steady: Mapping[int, int] | None = None) -> None:
        self.there, self.respondents, self.k, self.steady = there, respondents, k, steady or {}
        self._hidden = cache(self._find)
        self.releases: Releases | None = None

    def remembering(self) -> Guard:
        """The same guard with the memory of what was shown (C5)."""
        self.releases = Releases(self.respondents, self.standard, self.k)
        return self

    def standard(self, wave: Hashable) -> list[frozenset[int]]:
        """What the ordinary pages show side by side: the company, and the sites and teams that C3 lets stand."""
        every = frozenset(self.there.site_of)
        if self._count(wave, every) < self.k:
            return []
        sites, small = self._hidden(wave)
        shown = [every, *(self.there.teams_at(site) for site in self.there.site_names if site not in sites)]
        shown += [frozenset({team}) for team in self.there.site_of if team not in small]
        return [teams for teams in shown if self._count(wave, teams)]

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
        always = self._always
        return sites | always[0], small | always[1]

    @cached_property
    def _always(self) -> tuple[frozenset[int | str], frozenset[int | str]]:
        """Those the steady sizes hide, whatever is asked."""
        return self._smallest(self.steady)

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


def guard_ever(there: Organisation, k: int, version: str) -> Guard:
    """The guard over every wave there is, with its memory; one for each version of the answers, and of who belongs to which site."""
    key = ("answered", k, tuple(sorted(there.site_of.items())), tuple(there.site_names))
    return standing.fact(version, key, lambda: Guard(there, respondents_by_wave(there, *EVER), k).remembering())


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
    if not isinstance(wave, date):
        return estimate if estimate.value is None else HIDDEN
    asked = estimate.extra.get("instruments")  # measures whose answers the figure is made of; where it does not say, all of the wave
    crowds: list[Hashable] = [wave] if asked is None else [(key, wave) for key in asked]
    if any(guard.protects(unit, crowd) for crowd in crowds):
        return HIDDEN
    if guard.releases is None or not is_uncommon(unit):
        return estimate
    try:
        return estimate if guard.releases.allows(unit.teams or frozenset(), crowds) else BESIDE_OTHERS
    except Unavailable:
        return UNREMEMBERED


def is_uncommon(unit: Unit) -> bool:
    """Another group than those that stand side by side on every page."""
    return unit.teams is not None and len(unit.teams) > 1 and unit.people.dimension == "team"
