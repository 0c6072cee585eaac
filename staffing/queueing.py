"""Queues with patient callers: Erlang B and C, and the agents a target needs (metrics.md E3). Pure.

Times in seconds, shares from 0 to 1, load in erlangs (calls x AHT / interval). Where callers hang up, see `patience`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from staffing import limits

HAIR = 1e-9  # so that 20.000000000000004 is 20 people and not 21
MOST = 100_000  # agents, or erlangs: beyond it a unit is wrong
PATIENT = 0.03  # of callers: when more than this abandon, Erlang C overstates the wait


@dataclass(frozen=True)
class Waiting:
    """Share that waits, share answered within t, average speed of answer in seconds (None: the queue grows for ever), occupancy."""

    p_wait: float
    service_level: float
    asa_s: float | None
    occupancy: float


@dataclass(frozen=True)
class Need:
    """Agents on queue, people to schedule (both rounded up once), and what this number gives."""

    erlangs: float
    agents: int
    scheduled: int
    p_wait: float
    service_level: float
    asa_s: float | None
    occupancy: float


def model_for(abandonment_rate: float) -> str:
    """`erlang_a` when more than 3 % abandon, else `erlang_c` (E4). Those who hung up are never saved staff."""
    limits.share("the abandonment rate", abandonment_rate)
    return "erlang_a" if abandonment_rate > PATIENT else "erlang_c"


def erlang_b(*, agents: int, erlangs: float) -> float:
    """Share of calls that find all agents busy where nobody can wait. ValueError for a negative load or number of agents."""
    limits.whole("the number of agents", agents, 0, MOST)
    limits.between("the load in erlangs", erlangs, 0, MOST)
    return _blocking(agents, erlangs)


def erlang_c(*, agents: int, erlangs: float, aht_s: float, t_s: float) -> Waiting:
    """What callers who never hang up meet; `t_s` is the threshold of the service level. ValueError for what cannot be."""
    limits.whole("the number of agents", agents, 1, MOST)
    limits.between("the load in erlangs", erlangs, 0, MOST)
    limits.above_zero("handling time in seconds", aht_s)
    limits.not_negative("the threshold in seconds", t_s)
    return _waiting(agents, erlangs, _blocking(agents, erlangs), t_s / aht_s, aht_s)


def required_agents(
    *, calls: float, interval_s: float, aht_s: float, sl: float, t_s: float, max_occupancy: float | None = None, shrinkage: float = 0.0
) -> Need:
    """The fewest agents, more than the load, that answer the share `sl` within `t_s` and stay within `max_occupancy`.

    `shrinkage` of paid time is away from the queue: scheduled = ceil(agents / (1 - shrinkage)). ValueError for what cannot be.
    """
    limits.not_negative("the number of calls", calls)
    limits.above_zero("the interval in seconds", interval_s)
    limits.above_zero("handling time in seconds", aht_s)
    limits.not_negative("the threshold in seconds", t_s)
    limits.shrinkage(shrinkage)
    limits.occupancy(1.0 if max_occupancy is None else max_occupancy, "the highest occupancy")
    if not 0 <= sl < 1:
        text = _("a service level of %(level)s cannot be promised: from 0 to below 1 would be right, 0.8 for 80 %%")
        raise ValueError(text % {"level": sl})
    erlangs = calls * aht_s / interval_s
    limits.between("the load in erlangs", erlangs, 0, MOST)
    fewest = max(math.floor(erlangs) + 1, math.ceil(erlangs / (max_occupancy or 1.0) - HAIR))
    agents, found = _first(erlangs, fewest, sl, t_s / aht_s, aht_s)
    return Need(erlangs, agents, math.ceil(agents / (1 - shrinkage) - HAIR), **vars(found))


def _first(erlangs: float, fewest: int, sl: float, t_in_aht: float, aht_s: float) -> tuple[int, Waiting]:
    for agents, blocking in _blocking_from(fewest, erlangs):
        found = _waiting(agents, erlangs, blocking, t_in_aht, aht_s)
        if found.service_level >= sl:
            return agents, found
    raise AssertionError("unreachable: the service level tends to 1")


def _blocking_from(agents: int, erlangs: float) -> Iterator[tuple[int, float]]:
    inverse = _inverse_blocking(agents, erlangs)
    while True:
        yield agents, 1 / inverse
        agents += 1
        inverse = 1.0 + agents / erlangs * inverse


def _inverse_blocking(agents: int, erlangs: float) -> float:
    """1/B(0) = 1, 1/B(N) = 1 + (N/A)/B(N-1): no factorials, no overflow (infinity is a blocking of 0)."""
    inverse = 1.0
    for n in range(1, agents + 1):
        inverse = 1.0 + n / erlangs * inverse if erlangs else math.inf
    return inverse


def _blocking(agents: int, erlangs: float) -> float:
    return 1 / _inverse_blocking(agents, erlangs)


def _waiting(agents: int, erlangs: float, blocking: float, t_in_aht: float, aht_s: float) -> Waiting:
    if erlangs == 0:
        return Waiting(0.0, 1.0, 0.0, 0.0)
    if agents <= erlangs:
        return Waiting(1.0, 0.0, None, 1.0)
    p_wait = blocking / (1 - erlangs / agents * (1 - blocking))
    free = agents - erlangs
    return Waiting(p_wait, 1 - p_wait * math.exp(-free * t_in_aht), p_wait * aht_s / free, erlangs / agents)
