"""Contacts: openers by week and team, then those who come back, wave after wave, so that true resolution is known."""

from __future__ import annotations

import numpy as np
import polars as pl

from kpi.reference.outcome import FULL_SHARE, serve
from kpi.reference.people import SITE_OF_TEAM
from kpi.reference.plan import CHANNELS, HOURS, INTENTS, MACHINE, QUEUES, SECOND_QUEUE, SITES, TEAMS, UNKNOWN_CUSTOMER, WEEKDAYS
from kpi.reference.timeline import DAY, Clock, Floats, Ints, Timeline, choose, random_for, whole

GENERATIONS = 7
TEAM_NOISE = 0.08
SAME_DAY = 0.18  # of those who come back, the same day
OTHER_INTENT = 0.2  # another intent of the same group
TO_VOICE = 0.45  # of those the AI served before
POOL, FEWEST_CUSTOMERS = 0.45, 1_000  # customers for each contact


def make_contacts(timeline: Timeline, *, contacts: int, seed: int) -> pl.DataFrame:
    """One row per contact that closed before the end, in the order of closing; the lost week is left out."""
    rng = random_for(seed, 3)
    clocks = [Clock.of(site.zone, timeline.first, timeline.days) for site in SITES]
    served = [serve(rng, timeline, clocks, _openers(rng, timeline, clocks, contacts))]
    while len(served) < GENERATIONS and served[-1].height:
        again = _returning(rng, clocks, served[-1])
        if not again.height:
            break
        served.append(serve(rng, timeline, clocks, again))
    everything = pl.concat(served).filter(pl.col("day").is_between(0, timeline.days - 1))
    lost = timeline.story.gap * 7
    kept = everything.filter(~pl.col("day").is_between(lost, lost + 6)).sort("closed", "opened", "customer", "team", "intent", "talk")
    return kept.with_row_index("number", offset=1)


def customers(contacts: int) -> int:
    """How many there are to call: a contact is opened by any of them."""
    return max(FEWEST_CUSTOMERS, int(contacts * POOL))


def expected_returns(timeline: Timeline) -> Floats:
    """sites x weeks: contacts that follow one opener, on average."""
    sessions, contained = FULL_SHARE
    ai, only = timeline.ai_share * sessions, timeline.ai_share * contained
    found = []
    for site in SITES:
        abandoned = timeline.practice(site, "voice_abandon") * (CHANNELS[0].share + 0.7 * CHANNELS[1].share)
        human = (1 - abandoned) * timeline.practice(site, "human_return") + abandoned * MACHINE.abandoned_return
        contained_back = np.where(timeline.live, MACHINE.return_contained, MACHINE.return_old_bot)
        machine = MACHINE.asked_unreached * MACHINE.return_unreached + (1 - MACHINE.asked_unreached) * contained_back
        back = only * machine + (ai - only) * MACHINE.hybrid_return + (1 - ai) * (1 - UNKNOWN_CUSTOMER) * human
        found.append(back / (1 - back))
    return np.array(found)


def expected_volume(timeline: Timeline, contacts: int) -> Floats:
    """teams x weeks: contacts offered, by the plan."""
    people = np.array([team.people for team in TEAMS], dtype=np.float64)
    found = np.zeros((len(TEAMS), timeline.story.weeks))
    for index, site in enumerate(SITES):
        own = index == SITE_OF_TEAM
        share = timeline.between(site.share_before, site.share_after) * timeline.growth
        found[own] = share[None, :] * (people[own] / people[own].sum())[:, None]
    return np.asarray(found * contacts / found.sum(), dtype=np.float64)


def _openers(rng: np.random.Generator, timeline: Timeline, clocks: list[Clock], contacts: int) -> pl.DataFrame:
    volume = expected_volume(timeline, contacts) / (1 + expected_returns(timeline))[SITE_OF_TEAM]
    volume = volume * np.exp(rng.normal(0, timeline.story.week_noise, timeline.story.weeks))[None, :]
    weekday = np.array(WEEKDAYS) / sum(WEEKDAYS)
    daily = volume[:, :, None] * weekday * np.exp(rng.normal(0, TEAM_NOISE, (len(TEAMS), timeline.story.weeks, 7)))
    daily *= (volume.sum(axis=0) / daily.sum(axis=(0, 2)))[None, :, None]  # the weeks keep their totals
    counts = whole(rng, daily.reshape(len(TEAMS), -1).T.ravel())
    day = np.repeat(np.repeat(np.arange(timeline.days), len(TEAMS)), counts)
    team = np.repeat(np.tile(np.arange(len(TEAMS)), timeline.days), counts)
    local = (timeline.first_epoch_day + day) * DAY + _time_of_day(rng, len(day))
    return pl.DataFrame(
        {
            "team": team,
            "intent": _intents(rng, team),
            "channel": rng.choice(len(CHANNELS), len(day), p=[channel.share for channel in CHANNELS]),
            "customer": rng.integers(0, customers(contacts), len(day)),
            "opened": _to_utc(clocks, SITE_OF_TEAM[team], local),
            "again": np.zeros(len(day), dtype=bool),
        }
    )


def _time_of_day(rng: np.random.Generator, size: int) -> Ints:
    hour = rng.choice(24, size, p=np.array(HOURS) / sum(HOURS))
    return np.asarray(hour * 3600 + rng.integers(0, 3600, size), dtype=np.int64)


def _to_utc(clocks: list[Clock], site: Ints, local: Ints) -> Ints:
    found = np.zeros_like(local)
    for index, clock in enumerate(clocks):
        found[site == index] = clock.utc(local[site == index])
    return found


def _intents(rng: np.random.Generator, team: Ints) -> Ints:
    """A team works two queues; within a queue intents come by their weight."""
    second = choose(rng, np.full(len(team), SECOND_QUEUE))
    codes = list(QUEUES)
    pairs = np.array([[codes.index(item.queues[0]), codes.index(item.queues[1])] for item in TEAMS])
    queue = pairs[team, second.astype(int)]
    found = np.zeros(len(team), dtype=np.int64)
    for index, code in enumerate(codes):
        own = [place for place, intent in enumerate(INTENTS) if intent.queue == code]
        weight = np.array([INTENTS[place].weight for place in own])
        rows = queue == index
        found[rows] = rng.choice(own, int(rows.sum()), p=weight / weight.sum())
    return found


def _returning(rng: np.random.Generator, clocks: list[Clock], served: pl.DataFrame) -> pl.DataFrame:
    """Those who come back within a week, on a later day or soon after: the same customer, the same group of intents."""
    rows = served.filter("returns")
    closed, site = rows["closed"].to_numpy(), SITE_OF_TEAM[rows["team"].to_numpy()]
    local = np.zeros_like(closed)
    for index, clock in enumerate(clocks):
        local[site == index] = clock.local(closed[site == index])
    later = np.minimum(rng.geometric(0.38, rows.height), 6)
    opened = _to_utc(clocks, site, (local // DAY + later) * DAY + _time_of_day(rng, rows.height))
    soon = rng.random(rows.height) < SAME_DAY
    opened = np.where(soon, closed + rng.integers(120, 5400, rows.height), opened)
    voice = (rows["kind"].to_numpy() == "ai") & (rng.random(rows.height) < TO_VOICE)
    return pl.DataFrame(
        {
            "team": rows["team"],
            "intent": _same_group(rng, rows["intent"].to_numpy()),
            "channel": np.where(voice, 0, rows["channel"].to_numpy()),
            "customer": rows["customer"],
            "opened": opened,
            "again": np.ones(rows.height, dtype=bool),
        }
    )


def _same_group(rng: np.random.Generator, intent: Ints) -> Ints:
    other = intent.copy()
    moved = rng.random(len(intent)) < OTHER_INTENT
    for index, plan in enumerate(INTENTS):
        group = [place for place, item in enumerate(INTENTS) if item.group == plan.group]
        rows = moved & (intent == index)
        other[rows] = rng.choice(group, int(rows.sum()))
    return other
