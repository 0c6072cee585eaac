"""Answers to the wellbeing survey: items around planted group means, by respondent and wave, never by agent id."""

from __future__ import annotations

import numpy as np
import polars as pl

from kpi.reference.people import NOBODY, SITE_OF_TEAM, People
from kpi.reference.plan import SITES, TEAMS
from kpi.reference.timeline import Floats, Ints, Timeline, random_for

LARGE = 10  # people in a team, from which on it has a least number of answers
SKIPPED = 0.003  # of single items
FRIDAY = 4
HSE_REVERSED = (3, 5, 6, 9, 12, 14, 16, 18, 20, 21, 22, 34)  # metrics.md B1
CBI_REVERSED = (7,)


def make_pulse(timeline: Timeline, people: People, *, seed: int) -> pl.DataFrame:
    """One row per respondent, wave and instrument; a wave closes on a Friday."""
    rng = random_for(seed, 6)
    masks = rng.permutation(9_000)[: len(people.spells)] + 1_000
    rows = []
    for week in timeline.waves:
        day = 7 * week + FRIDAY
        for team in range(len(TEAMS)):
            posts = np.flatnonzero((people.team == team) & (people.holder[:, day] != NOBODY))
            who = rng.permutation(people.holder[posts, day])[: respondents(team, len(posts))]
            rows.append(_answers(rng, timeline, week=week, team=team, masks=np.sort(masks[who])))
    return pl.concat(rows)


def respondents(team: int, headcount: int) -> int:
    plan = TEAMS[team]
    wanted = round(plan.response * headcount)
    return min(headcount, max(wanted, plan.fewest) if headcount >= LARGE else headcount)


def moods(rng: np.random.Generator, size: int) -> Floats:
    """Of one team, around zero: planted group means hold within rounding."""
    found = rng.normal(0, 1, size)
    return np.asarray(found - found.mean())


def _answers(rng: np.random.Generator, timeline: Timeline, *, week: int, team: int, masks: Ints) -> pl.DataFrame:
    felt = timeline.practice_in(SITES[SITE_OF_TEAM[team]], week)
    mood = moods(rng, len(masks))
    instruments = {
        "who5": _items(rng, felt.who5 / 20 + 0.75 * mood, count=5, low=0, high=5),
        "cbi_work": _items(rng, 1 + felt.cbi / 25 - 0.6 * mood, count=7, low=1, high=5, reversed_items=CBI_REVERSED),
        "hse": _items(rng, felt.hse + 0.4 * mood, count=35, low=1, high=5, reversed_items=HSE_REVERSED),
    }
    return pl.concat(
        _frame(rng, timeline, week=week, team=team, masks=masks, instrument=key, items=value) for key, value in instruments.items()
    )


def _items(rng: np.random.Generator, level: Floats, *, count: int, low: int, high: int, reversed_items: tuple[int, ...] = ()) -> Ints:
    """respondents x items, rounded up or down by chance so that the mean is kept."""
    wanted = np.clip(level[:, None] + rng.normal(0, 0.35, (len(level), count)), low, high)
    found = np.minimum(high, np.floor(wanted + rng.random(wanted.shape)).astype(np.int64))
    for item in reversed_items:
        found[:, item - 1] = low + high - found[:, item - 1]
    return found


def _frame(
    rng: np.random.Generator, timeline: Timeline, *, week: int, team: int, masks: Ints, instrument: str, items: Ints
) -> pl.DataFrame:
    skipped = rng.random(items.shape) < SKIPPED
    texts = [";".join("" if gone else str(value) for value, gone in zip(*row, strict=True)) for row in zip(items, skipped, strict=True)]
    n = len(masks)
    return pl.DataFrame(
        {
            "wave": [wave_code(timeline, week)] * n,
            "week": np.full(n, week),
            "closed": np.full(n, 7 * week + FRIDAY),
            "team": np.full(n, team),
            "respondent": masks,
            "instrument": [instrument] * n,
            "items": texts,
        }
    )


def wave_code(timeline: Timeline, week: int) -> str:
    year, number, _ = timeline.monday(week).isocalendar()
    return f"pulse-{year}-w{number:02d}"
