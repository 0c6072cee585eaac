"""Queues whose callers hang up: Erlang A (metrics.md E4). Stable for any load; pure numpy and scipy.

Weights of the states are kept as logarithms relative to the state in which every agent is busy and nobody waits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from scipy import special

from staffing import limits
from staffing.queueing import MOST

Vector = NDArray[np.float64]
MOST_STATES = 2_000_000
FAINT = 80.0  # states whose weight is below exp(-80) of the largest are left out


@dataclass(frozen=True)
class Impatient:
    """Shares of callers who wait, who abandon, who are served within t; mean wait in seconds of all callers; mean queue; occupancy."""

    p_wait: float
    p_abandon: float
    mean_wait_s: float
    mean_queue: float
    occupancy: float
    service_level: float


@dataclass(frozen=True)
class _Rates:
    """Per second: arrivals, completions when all N are busy, hanging up of one waiting caller."""

    arrive: float
    serve: float
    leave: float


def erlang_a(*, calls_per_hour: float, aht_s: float, patience_s: float, agents: int, t_s: float) -> Impatient:
    """What callers with exponential patience of mean `patience_s` meet. Abandonment is never saved staff. ValueError for what cannot be."""
    limits.not_negative("the number of calls an hour", calls_per_hour)
    limits.above_zero("handling time in seconds", aht_s)
    limits.above_zero("patience in seconds", patience_s)
    limits.whole("the number of agents", agents, 1, MOST)
    limits.not_negative("the threshold in seconds", t_s)
    if calls_per_hour == 0:
        return Impatient(0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
    rates = _Rates(calls_per_hour / 3600, agents / aht_s, 1 / patience_s)
    free, busy = _probabilities(rates, agents)
    return _figures(rates, free, busy, _served_within(rates, len(busy), t_s))


def _figures(rates: _Rates, free: Vector, busy: Vector, served: Vector) -> Impatient:
    queue = float(busy @ np.arange(len(busy)))
    p_abandon = min(1.0, rates.leave * queue / rates.arrive)
    return Impatient(
        p_wait=float(busy.sum()),
        p_abandon=p_abandon,
        mean_wait_s=queue / rates.arrive,
        mean_queue=queue,
        occupancy=min(1.0, rates.arrive * (1 - p_abandon) / rates.serve),
        service_level=min(1.0, float(free.sum() + busy @ served)),
    )


def _probabilities(rates: _Rates, agents: int) -> tuple[Vector, Vector]:
    """Of 0 .. N-1 callers in the house (in falling order), and of N, N+1, N+2, ..."""
    waiting = np.arange(1, _longest_queue(rates, agents) + 1)
    up = np.cumsum(np.log(rates.arrive) - np.log(rates.serve + waiting * rates.leave))
    down = np.cumsum(np.log(np.arange(agents, 0, -1) * (rates.serve / agents)) - np.log(rates.arrive))
    top = max(0.0, up.max(), down.max())
    free, busy = np.exp(down - top), np.exp(np.concatenate([[0.0], up]) - top)
    total = free.sum() + busy.sum()
    return free / total, busy / total


def _longest_queue(rates: _Rates, agents: int) -> int:
    """Places after which no state matters: twelve standard deviations of a Poisson tail, or the end of a geometric one."""
    mean, idle_from = rates.arrive / rates.leave, rates.serve / rates.leave
    places = max(0.0, mean - idle_from) + 12 * math.sqrt(mean) + 60
    if mean < idle_from:
        places = min(places, FAINT / math.log(idle_from / mean) + 1)
    if places > MOST_STATES:
        text = _("a queue of %(places)s callers for %(agents)s agents is beyond sense: calls an hour and seconds would be right")
        raise ValueError(text % {"places": f"{places:.0f}", "agents": agents})
    return math.ceil(places)


def _served_within(rates: _Rates, states: int, t_s: float) -> Vector:
    """Of those who find all busy and k before them, the share that is answered within t and did not hang up."""
    c, k = rates.serve / rates.leave, np.arange(states)
    return np.asarray(c / (c + k + 1) * special.betaincc(c + 1, k + 1, math.exp(-rates.leave * t_s)), dtype=np.float64)
