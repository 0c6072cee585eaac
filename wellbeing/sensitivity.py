"""How far the wellbeing index depends on who answered and on our own choices of weights and goalposts (metrics.md B6 i, ii). Pure.

Everything is drawn with a fixed seed: the same input gives the same figures every time. The index is 0-100, high is good.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kpi.metric import CONFIDENCE
from kpi.uncertainty import Interval, percentiles
from wellbeing.index import GOALPOSTS, SIGNALS, SURVEYED, WEIGHTS, Answers, dimensions, wellbeing_index

DRAWS, CHOICES = 2000, 1000
WEIGHT_RANGE = (0.75, 1.25)
GOALPOST_MOVE = 0.10  # of the range between the two
METHOD_PERCENTILES = (5, 95)
SEED = 20_260_601
Vector = NDArray[np.float64]
Covariance = Sequence[Sequence[float]]


@dataclass(frozen=True)
class MethodBand:
    """The index as it is, its 5th and 95th percentile under other choices, and two plain alternatives."""

    value: float
    low: float
    high: float
    equal_weights: float
    arithmetic: float


def sampling_band(scores: Mapping[str, float | None], covariance: Covariance, conf: float = CONFIDENCE) -> Interval | None:
    """B6 (i): the percentile limits of 2000 draws of the three survey means; the signals are held as they are.

    `covariance` is that of the means of `SURVEYED`, on their 0-100 scales, as drawing respondents anew within each team makes it: who
    sleeps badly answers both WHO-5 and CBI, and the doubts of the two do not average out. None where no dimension is known.
    ValueError for a confidence that is none, or a negative variance.
    """
    if not 0 < conf < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not {conf}")
    known = {name: score for name, score in scores.items() if score is not None}
    if not known:
        return None
    share = _shares(np.array([WEIGHTS[name] for name in known]))
    logs = np.log(np.maximum(list(known.values()), 1.0))
    asked = [place for place, name in enumerate(known) if name in SURVEYED]
    moved = _drawn(np.asarray(covariance, dtype=float))[[SURVEYED.index(name) for name in known if name in SURVEYED]]
    moved += np.array([known[name] for name in known if name in SURVEYED])[:, None]
    np.log(np.clip(moved, 1.0, 100.0, out=moved), out=moved)
    held = [place for place in range(len(known)) if place not in asked]
    draws = share[asked] @ moved + share[held] @ logs[held]  # the signals do not move
    value, (low, high) = math.exp(share @ logs), percentiles(np.exp(draws), 50 * (1 - conf), 50 * (1 + conf))
    return Interval(value, min(value, low), max(value, high))


def _drawn(covariance: Vector) -> Vector:
    """Survey dimensions x draws around zero. Where answers are missing, what is left may not be a covariance: its nearest part that is."""
    if (np.diag(covariance) < 0).any():
        raise ValueError(f"a variance is not negative: {np.diag(covariance).tolist()}")
    sizes, directions = np.linalg.eigh(covariance)
    half = (directions * np.sqrt(np.maximum(0.0, sizes))) @ _standard_draws()
    return np.hstack([half, -half])


@lru_cache(maxsize=1)
def _standard_draws() -> Vector:
    """Survey dimensions x normal draws, to which their mirror images come, so that the draws are no more above than below; the same for
    every group."""
    half = np.ascontiguousarray(np.random.default_rng(SEED).standard_normal((DRAWS // 2, len(SURVEYED))).T)
    half.setflags(write=False)
    return half


def method_band(answers: Answers, *, draws: int = CHOICES, seed: int = SEED) -> MethodBand | None:
    """B6 (ii): weights times U(0.75, 1.25), goalposts of B2 moved by up to a tenth of their range, each by itself; None where not shown.

    The scales of the questionnaires (0-100, 1-5) are their own and stay.
    """
    if draws < 1:
        raise ValueError(f"there is at least one draw, not {draws}")
    value = wellbeing_index(answers).value
    if value is None:
        return None
    scores = dimensions(answers)
    places = tuple(place for place, score in enumerate(scores.values()) if score is not None)
    known = np.array([score for score in scores.values() if score is not None])
    weights, logs = np.array(list(WEIGHTS.values()))[list(places)], np.log(np.maximum(known, 1.0))
    indices = np.exp(np.einsum("ij,ij->j", _chosen_shares(draws, seed, places), _logs_with_goalposts(answers, scores, draws, seed)))
    low, high = percentiles(indices, *METHOD_PERCENTILES)
    return MethodBand(value, low, high, math.exp(logs.mean()), float(known @ weights / weights.sum()))


@lru_cache(maxsize=4)
def _choices(draws: int, seed: int) -> tuple[Vector, Vector, Vector]:
    """What the weights are multiplied by (dimensions x draws), the worst goalpost of each signal as moved, and how far the best lies from
    it (signals x draws): the same for every group, and drawn once for all of them."""
    rng, posts = np.random.default_rng(seed), np.array(list(GOALPOSTS.values()))
    factors = rng.uniform(*WEIGHT_RANGE, size=(draws, len(WEIGHTS)))
    moved = posts + rng.uniform(-GOALPOST_MOVE, GOALPOST_MOVE, (draws, *posts.shape)) * np.ptp(posts, axis=1)[:, None]
    found = tuple(np.ascontiguousarray(each.T) for each in (factors, moved[..., 0], moved[..., 1] - moved[..., 0]))
    for each in found:
        each.setflags(write=False)
    return found[0], found[1], found[2]


@lru_cache(maxsize=32)
def _chosen_shares(draws: int, seed: int, places: tuple[int, ...]) -> Vector:
    """Known dimensions x draws: their weights as chosen, made to sum to 1."""
    chosen = np.array(list(WEIGHTS.values()))[list(places), None] * _choices(draws, seed)[0][list(places)]
    return np.asarray(chosen / chosen.sum(axis=0))


def _logs_with_goalposts(answers: Answers, scores: Mapping[str, float | None], draws: int, seed: int) -> Vector:
    """Known dimensions x draws with every goalpost moved; all were drawn, so that a missing signal does not move the others."""
    _factors, worst, reach = _choices(draws, seed)
    values = {name: getattr(answers, name) for name in GOALPOSTS}
    rows = [row for row, value in enumerate(values.values()) if value is not None]
    known = np.array([value for value in values.values() if value is not None])
    moved = dict(zip((name for name, value in values.items() if value is not None), _of_100(known, worst[rows], reach[rows]), strict=True))
    found = np.empty((sum(score is not None for score in scores.values()), draws))
    for row, (name, score) in enumerate((name, score) for name, score in scores.items() if score is not None):
        signals = [moved[signal] for signal in SIGNALS.get(name, ((), 0))[0] if signal in moved]
        found[row] = sum(signals[1:], signals[0]) / len(signals) if signals else score
    return np.asarray(np.log(np.maximum(found, 1.0, out=found), out=found))


def _of_100(values: Vector, worst: Vector, reach: Vector) -> Vector:
    """Signals x draws: where each value stands between its goalposts."""
    scores = values[:, None] - worst
    scores *= 100
    scores /= reach
    return np.asarray(np.clip(scores, 0.0, 100.0, out=scores))


def _shares(weights: Vector) -> Vector:
    return np.asarray(weights / weights.sum())
