"""Working days: the contacts shared out among those at work, and the paid time around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from kpi.reference.outcome import Bools, practice_of
from kpi.reference.people import NOBODY, SITE_OF_TEAM, People, at_work
from kpi.reference.plan import TEAMS
from kpi.reference.timeline import Floats, Ints, Timeline, choose, random_for

DAY_NOISE = 0.012
SICK_CEILING = 0.95  # of the paid time that is neither on queue nor pause nor training


@dataclass(frozen=True)
class Roster:
    """One entry per person and day, at work or sick: post, day, team, and whether sick."""

    post: Ints
    day: Ints
    team: Ints
    sick: Bools

    @property
    def group(self) -> Ints:
        """Team and day as one number."""
        return self.day * len(TEAMS) + self.team


def assign_agents(timeline: Timeline, people: People, contacts: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """The contacts with the post and the person that handled each; -1 where nobody did."""
    rng = random_for(seed, 7)
    work = at_work(people, seed=seed, days=timeline.days)
    day, post = np.nonzero(work.T)
    group = day * len(TEAMS) + people.team[post]
    order = np.argsort(group, kind="stable")
    counts = np.bincount(group, minlength=timeline.days * len(TEAMS))
    starts = np.cumsum(counts) - counts
    wanted = contacts["day"].to_numpy() * len(TEAMS) + contacts["team"].to_numpy()
    picked = order[np.minimum(starts[wanted] + (rng.random(contacts.height) * counts[wanted]).astype(np.int64), len(order) - 1)]
    served = contacts["kind"].is_in(["human", "hybrid"]).to_numpy()
    posts = np.where(served, post[picked], NOBODY)
    agents = np.where(served, people.holder[post[picked], day[picked]], NOBODY)
    return contacts.with_columns(pl.Series("post", posts), pl.Series("agent", agents))


def make_days(timeline: Timeline, people: People, contacts: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """One row per person and day; nothing in the lost week."""
    rng = random_for(seed, 8)
    roster = _roster(rng, timeline, people, seed=seed)
    week = roster.day // 7
    site = SITE_OF_TEAM[roster.team]
    paid = _paid(rng, timeline, roster, contacts, people)
    at_work = np.where(roster.sick, 0.0, len(roster.sick) / np.sum(~roster.sick))  # shares are of all days, sick ones too
    counted = {name: choose(rng, practice_of(timeline, name)[site, week] * at_work) for name in ("high_emotion", "short_notice")}
    after = practice_of(timeline, "after_hours_min")[site, week] * 60 * _share_of_week(roster, people) / 0.4
    sometimes = choose(rng, np.where(roster.sick, 0.0, 0.4))
    due = rng.poisson(1.4, len(roster.day)) + counted["high_emotion"]
    taken = rng.binomial(due, np.clip(practice_of(timeline, "recovery_min")[site, week] / 1.2 * 0.75, 0, 0.97))
    frame = pl.DataFrame(
        {
            "day": roster.day,
            "team": roster.team,
            "agent": people.holder[roster.post, roster.day],
            **paid,
            "recovery_due": np.where(roster.sick, 0, due),
            "recovery_taken": np.where(roster.sick, 0, taken),
            "after_hours": np.rint(np.where(sometimes, after * rng.uniform(0.5, 1.5, len(after)), 0)).astype(np.int64),
            "short_notice": counted["short_notice"].astype(np.int64),
            "can_disable": choose(rng, practice_of(timeline, "can_disable")[site, week]),
            "high_emotion": counted["high_emotion"].astype(np.int64),
        }
    )
    lost = timeline.story.gap * 7
    return frame.filter(~pl.col("day").is_between(lost, lost + 6)).sort("day", "team", "agent")


def _roster(rng: np.random.Generator, timeline: Timeline, people: People, *, seed: int) -> Roster:
    """Those at work, and of those who could have been, some sick."""
    work = at_work(people, seed=seed, days=timeline.days)
    free = (people.holder != NOBODY) & ~work
    week = np.arange(timeline.days) // 7
    chance = np.zeros(work.shape)
    for team in range(len(TEAMS)):
        rows = people.team == team
        rate = practice_of(timeline, "absence")[SITE_OF_TEAM[team], week]
        wanted = work[rows].sum(axis=0) * rate / (1 - rate)
        chance[rows] = np.where(free[rows], wanted / np.maximum(1, free[rows].sum(axis=0)), 0.0)
    sick = choose(rng, np.minimum(0.9, chance).ravel()).reshape(work.shape)
    day, post = np.nonzero((work | sick).T)
    return Roster(post=post, day=day, team=people.team[post], sick=sick[post, day])


def _share_of_week(roster: Roster, people: People) -> Floats:
    """What part of a person's weekly amount falls on one day at work."""
    week = roster.day // 7
    days = np.bincount(week[~roster.sick], minlength=int(week.max()) + 1)
    held = np.array([(people.holder[:, 7 * item : 7 * item + 7] != NOBODY).sum() / 7 for item in range(len(days))])
    return np.asarray((held / np.maximum(1, days))[week])


def _paid(rng: np.random.Generator, timeline: Timeline, roster: Roster, contacts: pl.DataFrame, people: People) -> dict[str, Ints]:
    """Seconds of every kind: handling from the contacts, the rest from the planted occupancy and shrinkage of team and day."""
    place = roster.day * len(people.team) + roster.post
    served = contacts.filter(pl.col("post") >= 0)
    where = served["day"].to_numpy() * len(people.team) + served["post"].to_numpy()
    size = timeline.days * len(people.team)
    handling = np.bincount(where, weights=served["handling"].to_numpy(), minlength=size)[place]
    prompts = np.bincount(where, weights=served["prompts_shown"].to_numpy(), minlength=size)[place]
    groups, group = timeline.days * len(TEAMS), roster.group
    working = np.bincount(group[~roster.sick], minlength=groups).clip(1)
    absent = np.bincount(group[roster.sick], minlength=groups)
    tables = {name: np.array([practice_of(timeline, name)[site] for site in SITE_OF_TEAM]) for name in PLANTED}
    planted = {name: np.repeat(table, 7, axis=1).T.ravel() for name, table in tables.items()}
    occupancy = np.clip(planted["occupancy"] * np.exp(rng.normal(0, DAY_NOISE, groups)), 0.3, 0.985)
    busy = np.bincount(group, weights=handling, minlength=groups)
    queue = busy / occupancy
    paid = queue / (1 - planted["shrinkage"])
    pauses = (planted["pause_min"] + planted["recovery_min"]) / 60
    spare = paid * (planted["shrinkage"] - pauses - planted["training_share"])
    sick_each = np.minimum(paid / (working + absent), SICK_CEILING * spare / absent.clip(1))
    rest_each = (paid - queue - sick_each * absent) / working
    waiting = np.rint(((queue - busy) / working)[group]).astype(np.int64) * ~roster.sick
    own = handling.astype(np.int64) + waiting
    total = np.where(roster.sick, np.rint(sick_each[group]), own + np.rint(rest_each[group])).astype(np.int64)

    def portion(share: Floats) -> Ints:
        return np.rint(np.where(roster.sick, 0.0, (share * paid / working)[group])).astype(np.int64)

    return {
        "paid": total,
        "on_queue": own,
        "handling": handling.astype(np.int64),
        "waiting": waiting,
        "pause": portion(pauses),
        "recovery_pause": portion(planted["recovery_min"] / 60),
        "training": portion(planted["training_share"]),
        "sick": np.where(roster.sick, total, 0),
        "prompts_shown": prompts.astype(np.int64),
    }


PLANTED = ("occupancy", "shrinkage", "pause_min", "recovery_min", "training_share")
