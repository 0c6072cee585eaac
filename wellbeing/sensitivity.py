"""How far the wellbeing index depends on who answered and on our own choices of weights and goalposts (metrics.md B6 i, ii). Pure.

Everything is drawn with a fixed seed: the same input gives the same figures every time. The index is 0-100, high is good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kpi.metric import CONFIDENCE
from kpi.uncertainty import Interval
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
    drawn = dict(zip(SURVEYED, _drawn(np.asarray(covariance, dtype=float)).T, strict=True))
    moved = np.column_stack([np.minimum(100.0, score + drawn.get(name, np.zeros(DRAWS))) for name, score in known.items()])
    weights = np.array([WEIGHTS[name] for name in known])
    low, high = np.percentile(_geometric(moved, weights), [50 * (1 - conf), 50 * (1 + conf)])
    value = float(_geometric(np.array([list(known.values())]), weights)[0])
    return Interval(value, min(value, float(low)), max(value, float(high)))


def _drawn(covariance: Vector) -> Vector:
    """Draws x survey dimensions around zero. Where answers are missing, what is left may not be a covariance: its nearest part that is."""
    if (np.diag(covariance) < 0).any():
        raise ValueError(f"a variance is not negative: {np.diag(covariance).tolist()}")
    sizes, directions = np.linalg.eigh(covariance)
    return np.asarray(_standard_draws() @ (directions * np.sqrt(np.maximum(0.0, sizes))).T)


@lru_cache(maxsize=1)
def _standard_draws() -> Vector:
    """Normal draws and their mirror images, so that the draws are no more above than below; the same for every group."""
    half = np.random.default_rng(SEED).standard_normal((DRAWS // 2, len(SURVEYED)))
    both = np.vstack([half, -half])
    both.setflags(write=False)
    return both


def method_band(answers: Answers, *, draws: int = CHOICES, seed: int = SEED) -> MethodBand | None:
    """B6 (ii): weights times U(0.75, 1.25), goalposts of B2 moved by up to a tenth of their range, each by itself; None where not shown.

    The scales of the questionnaires (0-100, 1-5) are their own and stay.
    """
    if draws < 1:
        raise ValueError(f"there is at least one draw, not {draws}")
    value = wellbeing_index(answers).value
    if value is None:
        return None
    weights, (factors, posts) = _weights(answers), _choices(draws, seed)
    known = np.array([score for score in dimensions(answers).values() if score is not None])
    indices = _geometric(_with_goalposts(answers, posts), weights * factors[:, _places(answers)])
    low, high = np.percentile(indices, METHOD_PERCENTILES)
    equal = _geometric(known[None, :], np.ones(len(known)))[0]
    return MethodBand(value, float(low), float(high), float(equal), float(known @ weights / weights.sum()))


@lru_cache(maxsize=4)
def _choices(draws: int, seed: int) -> tuple[Vector, Vector]:
    """What the weights are multiplied by, and the goalposts as moved: the same for every group, and drawn once for all of them."""
    rng, posts = np.random.default_rng(seed), np.array(list(GOALPOSTS.values()))
    factors = rng.uniform(*WEIGHT_RANGE, size=(draws, len(WEIGHTS)))
    moved = posts + rng.uniform(-GOALPOST_MOVE, GOALPOST_MOVE, (draws, *posts.shape)) * np.ptp(posts, axis=1)[:, None]
    factors.setflags(write=False)
    moved.setflags(write=False)
    return factors, moved


def _with_goalposts(answers: Answers, moved: Vector) -> Vector:
    """Draws x known dimensions with every goalpost moved; all were drawn, so that a missing signal does not move the others."""
    values = np.array([np.nan if (value := getattr(answers, name)) is None else value for name in GOALPOSTS], dtype=float)
    scores = np.clip(100 * (values - moved[..., 0]) / (moved[..., 1] - moved[..., 0]), 0, 100)
    order = list(GOALPOSTS)
    columns = []
    for name, score in dimensions(answers).items():
        if score is not None:
            known = [order.index(signal) for signal in SIGNALS.get(name, ((), 0))[0] if getattr(answers, signal) is not None]
            columns.append(scores[:, known].mean(axis=1) if known else np.full(len(moved), score))
    return np.column_stack(columns)


def _places(answers: Answers) -> list[int]:
    return [place for place, score in enumerate(dimensions(answers).values()) if score is not None]


def _weights(answers: Answers) -> Vector:
    return np.array(list(WEIGHTS.values()))[_places(answers)]


def _geometric(scores: Vector, weights: Vector) -> Vector:
    """B5 for each row: the weighted geometric mean of scores not below 1, the weights made to sum to 1."""
    share = weights / weights.sum(axis=-1, keepdims=True)
    return np.asarray(np.exp((np.log(np.maximum(scores, 1.0)) * share).sum(axis=-1)))
