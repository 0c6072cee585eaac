"""What the records should show of every contact, from what was planted: chances, and their means over a scope.

What happened and what can be counted are two things. Of those who come back some do so unknown, and no record ties them to their contact;
some customers call anew by chance, and every record says that they came back. The truth of a measure is what its records would show
on average; `false_containment` in truth.json is what happened.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from scipy import stats

from kpi.reference.answers import BAD_SAYS_YES, HUMAN_SAYS_YES, RESOLVED, REVIEW_SPREAD, could_be_asked
from kpi.reference.contacts import OTHER_INTENT, TO_VOICE, customers
from kpi.reference.outcome import NONE, Bools, practice_of, session_chance
from kpi.reference.plan import INTENTS, MACHINE, TEAMS, UNKNOWN_CUSTOMER
from kpi.reference.timeline import DAY, Floats, Ints, Timeline

WEEK = 7 * DAY
QUALITY = {"fcr": 0.35, "ccr": 0.25, "qa": 0.20, "ai_integrity": 0.20}  # metrics.md D6
GROUP = np.array([sorted({item.group for item in INTENTS}).index(intent.group) for intent in INTENTS])


def with_chances(timeline: Timeline, contacts: pl.DataFrame, *, size: int) -> pl.DataFrame:
    """`back_chance`: that the records show the customer back within a week (D1); `false_chance`: that an AI session without a person is
    contained in name only (D4), for every contact as if it had been one. `contacts` are all there are."""
    week, by_chance = _week(timeline, contacts), _calls_anew(contacts, customers(size))
    machine = (contacts["kind"] == "ai").to_numpy()
    known = _recognised(timeline, contacts, week, machine=machine)
    back = 1 - (1 - contacts["return_chance"].to_numpy() * known) * (1 - by_chance)
    false = _false(timeline, contacts, week, by_chance)
    return contacts.with_columns(pl.Series("back_chance", back), pl.Series("false_chance", false))


def expected(timeline: Timeline, rows: pl.DataFrame) -> dict[str, float]:
    """The parts of resolution quality and the whole (D6) over contacts with their chains and chances. Outcomes need a week to ripen."""
    ripe = rows.filter(pl.col("day") < timeline.days - 7)
    parts = {
        "fcr": 1 - _mean(ripe.filter("opener")["back_chance"]),
        "ccr": _confirmed(could_be_asked(rows)),
        "qa": _reviewed(timeline, rows.filter(pl.col("kind").is_in(["human", "hybrid"]))) / 100,
        "ai_integrity": 1 - _mean(ripe.filter(pl.col("kind") == "ai")["false_chance"]),
    }
    return {**parts, "resolution_quality": 100 * math.exp(sum(weight * math.log(parts[name]) for name, weight in QUALITY.items()))}


def _week(timeline: Timeline, rows: pl.DataFrame) -> Ints:
    return np.asarray(np.clip(rows["day"].to_numpy() // 7, 0, timeline.story.weeks - 1))


def _recognised(timeline: Timeline, rows: pl.DataFrame, week: Ints, *, machine: Bools) -> Floats:
    """The chance that who comes back is known then: the AI knows everybody, other lines not all."""
    same = GROUP[:, None] == GROUP[None, :]
    move = (1 - OTHER_INTENT) * np.eye(len(GROUP)) + OTHER_INTENT * same / same.sum(axis=1, keepdims=True)
    session = session_chance() * MACHINE.follow_up @ move.T
    channel, intent = rows["channel"].to_numpy(), rows["intent"].to_numpy()
    stays, calls = session[channel, intent], session[0, intent]
    taken = np.where(machine, TO_VOICE * calls + (1 - TO_VOICE) * stays, stays) * timeline.ai_share[week]
    return np.asarray(1 - UNKNOWN_CUSTOMER * (1 - taken))


def _calls_anew(contacts: pl.DataFrame, pool: int) -> Floats:
    """The chance that the same customer opens something else of the same group within the week: each first contact is anybody's."""
    group, found = GROUP[contacts["intent"].to_numpy()], np.zeros(contacts.height)
    first = (~contacts["again"] & (contacts["customer"] != NONE)).to_numpy()
    opened, closed = contacts["opened"].to_numpy(), contacts["closed"].to_numpy()
    for place in range(int(GROUP.max()) + 1):
        rows, moments = group == place, np.sort(opened[first & (group == place)])
        others = np.searchsorted(moments, closed[rows] + WEEK, side="right") - np.searchsorted(moments, closed[rows], side="right")
        found[rows] = 1 - (1 - 1 / pool) ** others
    return found


def _false(timeline: Timeline, rows: pl.DataFrame, week: Ints, by_chance: Floats) -> Floats:
    """Asked for a person in vain, came back and was known, or said so: of those who came back unknown, a few say it as well."""
    everybody = np.ones(rows.height, dtype=bool)
    back = np.where(timeline.live[week], MACHINE.return_contained, MACHINE.return_old_bot)
    seen = _recognised(timeline, rows, week, machine=everybody)
    surveyed = np.array([team.surveys for team in TEAMS])[rows["team"].to_numpy()]
    unseen = back * (1 - seen) * (1 - surveyed * RESOLVED * (1 - BAD_SAYS_YES))
    stays = (1 - back) * (1 - surveyed * MACHINE.said_unresolved)
    return np.asarray(1 - (1 - MACHINE.asked_unreached) * (unseen + stays) * (1 - by_chance))


def _confirmed(asked: pl.DataFrame) -> float:
    """Who calls a session not resolved always says so; of the others few are heard, and of those who come back few say yes."""
    machine, in_vain = (asked["kind"] == "ai").to_numpy(), asked["in_vain"].to_numpy()
    back = np.where(asked["customer"].to_numpy() == NONE, 0.0, asked["return_chance"].to_numpy())
    told = np.where(machine & ~in_vain, (1 - back) * MACHINE.said_unresolved, 0.0)
    bad = np.where(in_vain, 1.0, back)
    yes = bad * BAD_SAYS_YES + (1 - bad - told) * np.where(machine, 1.0, HUMAN_SAYS_YES)
    heard = told + RESOLVED * (1 - told)
    return float(RESOLVED * yes.sum() / heard.sum()) if asked.height else math.nan


def _reviewed(timeline: Timeline, handled: pl.DataFrame) -> float:
    """The mean of the scores: none is above 100."""
    mean = practice_of(timeline, "qa")[handled["site"].to_numpy(), _week(timeline, handled)]
    room = (100 - mean) / REVIEW_SPREAD
    return float((mean - REVIEW_SPREAD * (stats.norm.pdf(room) - room * stats.norm.sf(room))).mean()) if handled.height else math.nan


def _mean(values: pl.Series) -> float:
    mean = values.mean()
    return float(mean) if isinstance(mean, float) else math.nan
