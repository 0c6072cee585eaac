"""How far the wellbeing index depends on who answered and on our own choices of weights and goalposts (metrics.md B6 i, ii). Pure.

Everything is drawn with a fixed seed: the same input gives the same figures every time. The index is 0-100, high is good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kpi.metric import CONFIDENCE
from kpi.uncertainty import Interval, mover
from wellbeing.index import GOALPOSTS, SIGNALS, WEIGHTS, Answers, dimensions, wellbeing_index

DRAWS, CHOICES = 2000, 1000
WEIGHT_RANGE = (0.75, 1.25)
GOALPOST_MOVE = 0.10  # of the range between the two
METHOD_PERCENTILES = (5, 95)
SEED = 20_260_601
SURVEYED = {"who5": (0, 100), "cbi_work": (0, 100), "hse": (1, 5)}
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Team:
    """The scores of one team's respondents in equal order: WHO-5 and CBI work 0-100, HSE 1-5; NaN is not answered."""

    who5: Sequence[float]
    cbi_work: Sequence[float]
    hse: Sequence[float]

    def __post_init__(self) -> None:
        if not len(self.who5) == len(self.cbi_work) == len(self.hse) > 0:
            raise ValueError("a team has at least one respondent, and of each respondent all three scores (NaN where not answered)")
        for name, (low, high) in SURVEYED.items():
            scores = np.asarray(getattr(self, name), dtype=float)
            if (wrong := scores[(scores < low) | (scores > high)]).size:
                raise ValueError(f"{name} lies between {low} and {high}, not {wrong[0]:g}")

    @property
    def table(self) -> Vector:
        """One row for each respondent: three scores with 0 for what is missing, then 1 or 0 for what is there."""
        scores = np.column_stack([self.who5, self.cbi_work, self.hse]).astype(float)
        return np.hstack([np.nan_to_num(scores), ~np.isnan(scores)])


@dataclass(frozen=True)
class MethodBand:
    """The index as it is, its 5th and 95th percentile under other choices, and two plain alternatives."""

    value: float
    low: float
    high: float
    equal_weights: float
    arithmetic: float


@dataclass(frozen=True)
class Doubt:
    """An index with both its bands and the dimensions it is made of."""

    sampling: Interval
    method: MethodBand
    dimensions: frozenset[str]


def doubt(teams: Sequence[Team], conditions: Answers, *, conf: float = CONFIDENCE, seed: int = SEED) -> Doubt | None:
    """Both bands of the group that these teams make; None where the index itself is not shown (too few people, too few dimensions).

    `conditions` gives headcount and work-condition signals of the group (B2); its survey means are those of the teams.
    """
    answers = pooled(teams, conditions)
    sampling, method = bootstrap(teams, conditions, conf=conf, seed=seed), method_band(answers, seed=seed)
    if sampling is None or method is None:
        return None
    return Doubt(sampling, method, frozenset(name for name, score in dimensions(answers).items() if score is not None))


def pooled(teams: Sequence[Team], conditions: Answers) -> Answers:
    """The group's answers with the survey means of all respondents together; a score nobody has is missing."""
    sums = sum((team.table.sum(axis=0) for team in teams), np.zeros(6))
    means = [float(total / n) if n else None for total, n in zip(sums[:3], sums[3:], strict=True)]
    n = sum(len(team.who5) for team in teams)
    return replace(conditions, n_respondents=n, who5_mean=means[0], cbi_work_mean=means[1], hse_mean=means[2])


def bootstrap(
    teams: Sequence[Team], conditions: Answers, *, draws: int = DRAWS, conf: float = CONFIDENCE, seed: int = SEED
) -> Interval | None:
    """B6 (i): respondents drawn anew within each team, percentile limits; signals are held as they are. None where not shown."""
    if not 0 < conf < 1 or draws < 1:
        raise ValueError(f"a confidence lies between 0 and 1 and there is at least one draw, not {conf} and {draws}")
    answers = pooled(teams, conditions)
    value = wellbeing_index(answers).value
    if value is None:
        return None
    rng, sums = np.random.default_rng(seed), np.zeros((draws, 6))
    for team in teams:
        sums += _drawn(team.table, draws, rng)
    indices = _geometric(_with_survey(answers, sums), _weights(answers))
    low, high = np.nanpercentile(indices, [50 * (1 - conf), 50 * (1 + conf)])
    return Interval(value, float(low), float(high))


def _drawn(table: Vector, draws: int, rng: np.random.Generator) -> Vector:
    """Sums over as many respondents as the team has, drawn with replacement, once for each draw."""
    picked = rng.integers(0, len(table), size=(draws, len(table)))
    return np.stack([column[picked].sum(axis=1) for column in table.T], axis=1)


def _with_survey(answers: Answers, sums: Vector) -> Vector:
    """Draws x known dimensions 0-100; a draw in which nobody answered a score has none and counts for nothing."""
    with np.errstate(invalid="ignore"):
        who5, cbi, hse = (sums[:, :3] / sums[:, 3:]).T
    drawn = {"wellbeing": who5, "exhaustion": 100 - cbi, "resources": (hse - 1) / 4 * 100}
    known = {name: score for name, score in dimensions(answers).items() if score is not None}
    return np.column_stack([drawn.get(name, np.full(len(sums), score)) for name, score in known.items()])


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


def claims_change(earlier: Doubt, later: Doubt) -> bool:
    """B6: only a change that exceeds both bands is claimed: zero outside the limits of the difference for the one and for the other.

    The limits of the difference are those of A4 from both sides' own, so the change is larger than either period's band alone.
    ValueError where the two are made of different dimensions.
    """
    if earlier.dimensions != later.dimensions:
        odd = ", ".join(sorted(earlier.dimensions ^ later.dimensions))
        raise ValueError(f"two periods are compared on the dimensions both have: leave out {odd}")
    return _clear(earlier.sampling, later.sampling) and _clear(_limits(earlier.method), _limits(later.method))


def _limits(band: MethodBand) -> Interval:
    """Where every signal is at its best no other choice lifts the index, and it stands above its own band."""
    return Interval(band.value, min(band.low, band.value), max(band.high, band.value))


def _clear(earlier: Interval, later: Interval) -> bool:
    return mover(later, earlier).distinguishable
