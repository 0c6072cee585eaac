"""Posts and the people who hold them: leavers, replacements, redundancies, and who is at work on which day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpi.reference.plan import AT_WORK, SITES, TEAMS, site_index
from kpi.reference.timeline import Ints, Timeline, choose, random_for

NOBODY = -1
VACANT_DAYS = 18
ROUNDS = (40, 50, 60)  # weeks of the redundancies
EMPTY_FROM = 36  # week from which a squeezed site leaves posts empty
FULL_TIME = 2_400_000  # contacts that fill the days of 280 people
EARLIER = 52  # weeks before the first, in which people came and went as well
LONGEST_DAYS = 1_500
SITE_OF_TEAM = np.array([site_index(team.site) for team in TEAMS])


@dataclass(frozen=True)
class Spell:
    """One person in one post. Days are counted from the first day of the centre; `end` is the last one, None = still there."""

    agent: int
    team: int
    start: int
    end: int | None = None
    end_kind: str = ""


@dataclass(frozen=True)
class People:
    """`holder` tells for each post who holds it on each day; `team` whose post it is."""

    spells: tuple[Spell, ...]
    team: Ints
    holder: Ints  # posts x days

    def headcount(self, day: int) -> Ints:
        return np.bincount(self.team[self.holder[:, day] != NOBODY], minlength=len(TEAMS))


@dataclass(frozen=True)
class Fate:
    """What is planned for one post: weeks in which its holder leaves, the day it is closed, and whether that is a dismissal."""

    leaves: tuple[int, ...]
    closes: int | None = None
    stays_empty: bool = False


def hire(timeline: Timeline, *, contacts: int, seed: int) -> People:
    """Every post is filled at the start; a leaver is replaced after a while, unless the site's story says otherwise."""
    rng = random_for(seed, 1)
    factor = max(1, round(contacts / FULL_TIME))
    team = np.repeat(np.arange(len(TEAMS)), [item.people * factor for item in TEAMS])
    fates = _fates(rng, timeline, team, factor)
    holder = np.full((len(team), timeline.days), NOBODY)
    spells: list[Spell] = []
    for post, fate in enumerate(fates):
        started = -7 * EARLIER - int(rng.integers(30, LONGEST_DAYS))
        for spell in _spells(fate, team=int(team[post]), started=started, first_agent=len(spells), days=timeline.days):
            last = timeline.days if spell.end is None else max(0, spell.end + 1)
            holder[post, max(0, spell.start) : last] = spell.agent
            spells.append(spell)
    return People(tuple(spells), team, holder)


def _fates(rng: np.random.Generator, timeline: Timeline, team: Ints, factor: int) -> list[Fate]:
    leaves = _leave_weeks(rng, timeline, team)
    fates = []
    for code in range(len(TEAMS)):
        posts = np.flatnonzero(team == code)
        closed = _closed_posts(code, len(posts), factor)
        for place, post in enumerate(posts):
            weeks = tuple(int(week) - EARLIER for week in np.flatnonzero(leaves[post]))
            order = closed.get(place)
            if order is None:
                fates.append(Fate(weeks))
            elif SITES[SITE_OF_TEAM[code]].posts_out:
                fates.append(Fate(weeks, closes=7 * ROUNDS[order % len(ROUNDS)] + 4))
            else:
                fates.append(Fate(weeks, closes=7 * (EMPTY_FROM + 5 * (order % 4)) + 4, stays_empty=True))
    return fates


def _closed_posts(code: int, posts: int, factor: int) -> dict[int, int]:
    """{place in the team: running number} of the posts its site takes out, shared by the size of its teams."""
    site = SITES[SITE_OF_TEAM[code]]
    total = (site.posts_out + site.not_replaced) * factor
    large = [index for index, team in enumerate(TEAMS) if team.site == site.code and team.people >= 10]
    if not total or code not in large:
        return {}
    sizes = np.array([TEAMS[index].people for index in large], dtype=np.float64)
    ends = np.floor(np.cumsum(sizes) / sizes.sum() * total + 0.5).astype(int)
    place = large.index(code)
    start = 0 if place == 0 else int(ends[place - 1])
    return {posts - 1 - step: start + step for step in range(int(ends[place]) - start)}


def _leave_weeks(rng: np.random.Generator, timeline: Timeline, team: Ints) -> NDArray[np.bool_]:
    """posts x weeks, from the earlier year on: somebody leaves of their own will."""
    found = np.zeros((len(team), EARLIER + timeline.story.weeks), dtype=bool)
    for index, site in enumerate(SITES):
        posts = rng.permutation(np.flatnonzero(SITE_OF_TEAM[team] == index))
        yearly = np.concatenate([np.full(EARLIER, site.before.attrition), timeline.practice(site, "attrition")])
        hazard = np.repeat(yearly[:, None] / 52, len(posts), axis=1)
        found[posts] = choose(rng, hazard.ravel()).reshape(hazard.shape).T
    return found


def _spells(fate: Fate, *, team: int, started: int, first_agent: int, days: int) -> list[Spell]:
    """The people of one post, one after the other."""
    found: list[Spell] = []
    start, last = started, fate.closes if fate.closes is not None else days
    for week in fate.leaves:
        day = 7 * week + 4
        if start + 14 < day < min(last, days):
            found.append(Spell(first_agent + len(found), team, start, day, "voluntary"))
            start = day + VACANT_DAYS
    if fate.closes is None:
        if start < days:
            found.append(Spell(first_agent + len(found), team, start))
    elif start < fate.closes:
        found.append(Spell(first_agent + len(found), team, start, fate.closes, "voluntary" if fate.stays_empty else "redundancy"))
    return found


def at_work(people: People, *, seed: int, days: int) -> NDArray[np.bool_]:
    """posts x days: at work. At least two of a team, so that nobody is alone."""
    rng = random_for(seed, 2)
    present = people.holder != NOBODY
    order = np.where(present, rng.random(present.shape), 2.0)
    found = np.zeros(present.shape, dtype=bool)
    share = np.array(AT_WORK)[np.arange(days) % 7]
    for code in range(len(TEAMS)):
        posts = np.flatnonzero(people.team == code)
        rank = order[posts].argsort(axis=0).argsort(axis=0)
        wanted = np.maximum(2, np.ceil(present[posts].sum(axis=0) * share))
        found[posts] = present[posts] & (rank < wanted)
    return found
