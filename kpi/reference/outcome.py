"""What becomes of a contact: who serves it, how long it takes, whether it was of any use, and who will come back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpi.reference.people import SITE_OF_TEAM
from kpi.reference.plan import (
    CHANNEL_FACTOR,
    CHANNELS,
    GROUP_SECONDS,
    INTENTS,
    MACHINE,
    MAY_HANDLE,
    MAY_OFFER,
    PEOPLE_ONLY,
    SITES,
    UNKNOWN_CUSTOMER,
)
from kpi.reference.timeline import DAY, Clock, Floats, Ints, Timeline, choose

NONE = -1  # unknown
ABANDON_CHANNEL = np.array([1.0, 0.7, 0.0])
MEAN_WAIT = np.array([38.0, 24.0, 15_000.0])
CONCURRENCY = ((1, 2, 3), (0.3, 0.5, 0.2))
Bools = NDArray[np.bool_]


def session_chance() -> Floats:
    """channels x intents: begins with the AI, once it is fully rolled out."""
    taken = [{PEOPLE_ONLY: 0.0, MAY_HANDLE: channel.ai_handles, MAY_OFFER: channel.ai_offers} for channel in CHANNELS]
    return np.array([[shares[intent.policy] for intent in INTENTS] for shares in taken])


def contained_chance() -> Floats:
    """By intent: of the contacts that begin with the AI, those no person saw."""
    return np.array([MACHINE.contained_handle if intent.policy == MAY_HANDLE else MACHINE.contained_offer for intent in INTENTS])


def _full_share() -> tuple[float, float]:
    weight = np.array([intent.weight for intent in INTENTS])
    channel = np.array([item.share for item in CHANNELS])
    sessions = channel @ session_chance() * weight / weight.sum()
    return float(sessions.sum()), float((sessions * contained_chance()).sum())


FULL_SHARE = _full_share()  # of all contacts: begun with the AI, ended with it


@dataclass(frozen=True)
class Basics:
    """The columns of a contact before anything happened to it."""

    site: Ints
    intent: Ints
    channel: Ints
    week: Ints
    opened: Ints
    again: Bools

    @property
    def size(self) -> int:
        return len(self.site)

    @classmethod
    def of(cls, rows: pl.DataFrame, timeline: Timeline, clocks: list[Clock]) -> Basics:
        site, opened = SITE_OF_TEAM[rows["team"].to_numpy()], rows["opened"].to_numpy()
        week = np.clip((local_day(clocks, site, opened) - timeline.first_epoch_day) // 7, 0, timeline.story.weeks - 1)
        return cls(site, rows["intent"].to_numpy(), rows["channel"].to_numpy(), week, opened, rows["again"].to_numpy())


def local_day(clocks: list[Clock], site: Ints, moment: Ints) -> Ints:
    found = np.zeros_like(moment)
    for index, clock in enumerate(clocks):
        rows = site == index
        found[rows] = clock.local(moment[rows]) // DAY
    return found


def practice(timeline: Timeline, basics: Basics, name: str) -> Floats:
    """The site's way of working in the week of each contact."""
    return np.asarray(practice_of(timeline, name)[basics.site, basics.week])


def practice_of(timeline: Timeline, name: str) -> Floats:
    """sites x weeks."""
    return np.array([timeline.practice(site, name) for site in SITES])


def serve(rng: np.random.Generator, timeline: Timeline, clocks: list[Clock], rows: pl.DataFrame) -> pl.DataFrame:
    """The contacts with everything that happened in them."""
    basics = Basics.of(rows, timeline, clocks)
    chance = session_chance()[basics.channel, basics.intent] * timeline.ai_share[basics.week]
    session = choose(rng, chance * np.where(basics.again, MACHINE.follow_up, 1.0))
    only = session & choose(rng, np.where(session, contained_chance()[basics.intent], 0.0))
    hybrid = session & ~only
    leaving = practice(timeline, basics, "voice_abandon") * ABANDON_CHANNEL[basics.channel]
    abandoned = choose(rng, np.where(session, 0.0, leaving))
    human = ~session & ~abandoned
    customer = np.where(choose(rng, np.where(session, 0.0, UNKNOWN_CUSTOMER)), NONE, rows["customer"].to_numpy())
    frame = rows.with_columns(
        pl.Series("customer", customer),
        pl.Series("site", basics.site),
        pl.Series("kind", np.select([only, hybrid, human], ["ai", "hybrid", "human"], default="")),
        pl.Series("abandoned", abandoned),
        **_work(rng, timeline, basics, hybrid=hybrid, handled=human | hybrid, abandoned=abandoned),
    )
    frame = frame.with_columns(**_asking(rng, basics, frame, only=only, hybrid=hybrid))
    closed = frame["closed"].to_numpy()
    return frame.with_columns(
        pl.Series("day", local_day(clocks, basics.site, closed) - timeline.first_epoch_day),
        **_use(rng, timeline, basics, frame, only=only, hybrid=hybrid),
    )


def mean_seconds() -> Floats:
    """channels x intents: what a person needs for one contact, before any change of practice."""
    base = np.array([GROUP_SECONDS[intent.group] * intent.effort for intent in INTENTS])
    return np.array([CHANNEL_FACTOR[channel.code] * base for channel in CHANNELS])


def _work(
    rng: np.random.Generator, timeline: Timeline, basics: Basics, *, hybrid: Bools, handled: Bools, abandoned: Bools
) -> dict[str, pl.Series]:
    """Waiting, handling and the moment of closing; handling in whole seconds, unknown where no person was at work."""
    n = basics.size
    spread = np.array([channel.spread for channel in CHANNELS])[basics.channel]
    mean = mean_seconds()[basics.channel, basics.intent] * practice(timeline, basics, "aht_factor")
    mean = mean * np.where(hybrid, MACHINE.hybrid_effort, 1.0)
    handling = np.maximum(20, np.rint(np.exp(np.log(mean) - spread**2 / 2 + spread * rng.normal(size=n)))).astype(np.int64)
    voice, chat = basics.channel == 0, basics.channel == 1
    together = np.where(chat, rng.choice(CONCURRENCY[0], n, p=CONCURRENCY[1]), 1)
    hold = np.where(voice, (handling * rng.uniform(0.02, 0.12, n)).astype(np.int64), 0)
    wrap = np.where(chat, 0, (handling * rng.uniform(0.06, 0.20, n)).astype(np.int64))
    talk = (handling - hold - wrap) * together
    load = (practice(timeline, basics, "occupancy") / 0.84) ** 5
    wait = np.rint(rng.exponential(1.0, n) * MEAN_WAIT[basics.channel] * np.where(basics.channel == 2, 1.0, load)).astype(np.int64)
    wait = np.where(abandoned, wait + rng.integers(15, 150, n), np.minimum(wait, 60_000))
    machine = np.rint(np.exp(rng.normal(4.9, 0.5, n))).astype(np.int64)
    session = hybrid | (~handled & ~abandoned)
    closed = basics.opened + np.where(session, machine, 0) + np.where(handled, wait + talk + hold, np.where(abandoned, wait, 0))
    unknown = np.full(n, NONE)
    prompts = rng.poisson(practice(timeline, basics, "prompts_per_hour") * handling / 3600)
    return {
        "handling": pl.Series(np.where(handled, handling, 0)),
        "wait": pl.Series(np.where(handled | abandoned, wait, 0)),
        "talk": pl.Series(np.where(handled, talk, unknown)),
        "hold": pl.Series(np.where(handled, hold, unknown)),
        "wrap": pl.Series(np.where(handled, wrap, unknown)),
        "concurrency": pl.Series(np.where(handled & chat, together, unknown)),
        "transfers": pl.Series(np.where(handled, (rng.random(n) < 0.11).astype(np.int64) + (rng.random(n) < 0.02), 0)),
        "prompts_shown": pl.Series(np.where(handled, prompts, unknown)),
        "prompts_dismissed": pl.Series(np.where(handled, rng.binomial(prompts, 0.35), unknown)),
        "machine": pl.Series(np.where(session, machine, 0)),
        "closed": pl.Series(closed),
    }


def _asking(rng: np.random.Generator, basics: Basics, frame: pl.DataFrame, *, only: Bools, hybrid: Bools) -> dict[str, pl.Series]:
    """Who asked the AI for a person, and whether one came; who was told that it is an AI."""
    n = basics.size
    machine, wait = frame["machine"].to_numpy(), frame["wait"].to_numpy()
    in_vain = choose(rng, np.where(only, MACHINE.asked_unreached, 0.0))
    heard = choose(rng, np.where(hybrid, MACHINE.hybrid_asked, 0.0))
    asked_at = basics.opened + (machine * rng.uniform(0.3, 1.0, n)).astype(np.int64)
    often = np.where(only | hybrid, 0, NONE)
    often = np.where(in_vain, rng.integers(1, 5, n), np.where(heard, rng.integers(1, 3, n), often))
    told = (only | hybrid) & choose(rng, np.where(only | hybrid, MACHINE.disclosed, 0.0))
    return {
        "in_vain": pl.Series(in_vain),
        "requested_at": pl.Series(np.where(in_vain | heard, asked_at, NONE)),
        "requests": pl.Series(often),
        "reached_at": pl.Series(np.where(heard, basics.opened + machine + wait, NONE)),
        "disclosed_at": pl.Series(np.where(told, basics.opened, NONE)),
    }


def _use(
    rng: np.random.Generator, timeline: Timeline, basics: Basics, frame: pl.DataFrame, *, only: Bools, hybrid: Bools
) -> dict[str, pl.Series]:
    """Who comes back and how likely that was, who called it not resolved, and the chance that the customer is satisfied."""
    known = frame["customer"].to_numpy() != NONE
    in_vain, abandoned = frame["in_vain"].to_numpy(), frame["abandoned"].to_numpy()
    human = practice(timeline, basics, "human_return")
    cases: list[Bools] = [in_vain, only, hybrid, abandoned]
    contained = np.where(timeline.live[basics.week], MACHINE.return_contained, MACHINE.return_old_bot)
    fixed = (MACHINE.return_unreached, MACHINE.hybrid_return, MACHINE.abandoned_return)
    in_vain_back, hybrid_back, abandoned_back = (np.full(basics.size, share) for share in fixed)
    shares: list[Floats] = [in_vain_back, contained, hybrid_back, abandoned_back]
    likely = np.select(cases, shares, default=human)
    returns = choose(rng, likely * known)
    unresolved = choose(rng, np.where(only & ~in_vain & ~returns, MACHINE.said_unresolved, 0.0))
    false = in_vain | returns | unresolved
    pleased = np.select(
        [only & false, only, hybrid, abandoned],
        [MACHINE.csat_false, MACHINE.csat_true, MACHINE.csat_hybrid, 0.0],
        default=practice(timeline, basics, "csat_human"),
    )
    return {
        "returns": pl.Series(returns),
        "return_chance": pl.Series(likely),
        "unresolved": pl.Series(unresolved),
        "pleased": pl.Series(pleased),
    }
