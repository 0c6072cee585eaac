"""Is growth still absorbing the gain, and since when not: trend of weekly offered contacts (metrics.md E7). Pure.

Contacts are counted before any AI. A week without data is None and is left out, never read as zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

DELTA = 0.03  # policy: change per quarter that counts
WEEKS, FEWEST_WEEKS, QUARTER = 26, 12, 13
SAME_RESULTS = 4  # equal weekly results before the displayed phase changes
SURE, RANK_CONF = 0.05, 0.90
STRETCH = 8  # shortest stretch of weeks between two turns
OUTLIER = 4.0  # robust standard deviations
Weekly = Sequence[float | None]
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Trend:
    """Mann-Kendall test: S, its tie-corrected variance, continuity-corrected Z and two-sided p."""

    s: int
    var_s: float
    z: float
    p: float


@dataclass(frozen=True)
class Slope:
    """Theil-Sen slope per step with its rank interval; intercept = median(y) - slope x median(t)."""

    slope: float
    intercept: float
    low: float
    high: float


@dataclass(frozen=True)
class Phase:
    """growth, plateau, decline, undetermined or insufficient; change per quarter as a fraction of the median week."""

    phase: str
    slope_per_quarter: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    n: int = 0


def mann_kendall(x: Sequence[float]) -> Trend:
    """Monotonic trend of a series in time order; a constant series has p = 1."""
    values = np.asarray(x, dtype=float)
    n = len(values)
    if n < 2:
        raise ValueError(f"a trend needs at least two values, not {n}")
    s = int(np.sign(values[None, :] - values[:, None])[np.triu_indices(n, 1)].sum())
    ties = np.unique(values, return_counts=True)[1]
    var = float((n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18)
    z = (s - math.copysign(1, s)) / math.sqrt(var) if s and var > 0 else 0.0
    return Trend(s, var, z, float(2 * stats.norm.sf(abs(z))))


def theil_sen(y: Sequence[float], conf: float = RANK_CONF, at: Sequence[float] | None = None) -> Slope:
    """Median of pairwise slopes; time is 0, 1, 2, ... unless `at` says otherwise."""
    if len(y) < 2:
        raise ValueError(f"a slope needs at least two values, not {len(y)}")
    found = stats.theilslopes(y, np.arange(len(y)) if at is None else at, alpha=conf)
    return Slope(float(found[0]), float(found[1]), float(found[2]), float(found[3]))


def phase(weekly: Weekly, delta: float = DELTA) -> Phase:
    """The phase of the last 26 weeks (E7); `insufficient` with fewer than 12 known ones."""
    at, values = _known(weekly[-WEEKS:])
    n = len(values)
    if n < FEWEST_WEEKS:
        return Phase("insufficient", n=n)
    middle = float(np.median(values))
    if middle <= 0:
        return Phase("undetermined", n=n)
    slope, p = theil_sen(values.tolist(), at=at.tolist()), mann_kendall(values.tolist()).p
    g, low, high = (QUARTER * b / middle for b in (slope.slope, slope.low, slope.high))
    return Phase(_name(g, low, high, p, delta), g, low, high, p, n)


def _name(g: float, low: float, high: float, p: float, delta: float) -> str:
    if p < SURE and abs(g) >= delta:
        return "growth" if g > 0 else "decline"
    return "plateau" if low >= -2 * delta and high <= 2 * delta else "undetermined"


def displayed_phase(weekly: Weekly, delta: float = DELTA) -> Phase:
    """The phase of today's figures, but its name changes only after four equal weekly results.

    Until four equal results were ever seen, it is undetermined (insufficient while there is none).
    """
    now = phase(weekly, delta)
    if now.phase == "insufficient":
        return now
    run: list[str] = []
    for end in range(len(weekly), 0, -1):
        found = phase(weekly[:end], delta).phase
        if found == "insufficient":
            break
        run = [*run, found] if run and run[-1] == found else [found]
        if len(run) == SAME_RESULTS:
            return replace(now, phase=found)
    return replace(now, phase="undetermined")


def turning_week(weekly: Weekly, delta: float = DELTA) -> int | None:
    """Index of the week in which growth stopped; None where it did not, or never was.

    Joined straight lines through the logarithm of the weekly contacts, with none, one or two turns, whichever the
    data support (BIC); single odd weeks (holidays) are left out of the second fit.
    """
    at, values = _known(weekly)
    keep = values > 0
    at, logs = at[keep], np.log(values[keep])
    if len(logs) < 2 * STRETCH:
        return None
    turns, fitted = _best_turns(at, logs)
    residuals = logs - fitted
    spread = 1.4826 * float(np.median(np.abs(residuals)))
    usual = np.abs(residuals) <= OUTLIER * spread if spread > 0 else np.ones(len(logs), dtype=bool)
    if not usual.all() and usual.sum() >= 2 * STRETCH:
        at, logs = at[usual], logs[usual]
        turns, _ = _best_turns(at, logs)
    return _where_growth_stopped(at, logs, turns, delta)


def _where_growth_stopped(at: Vector, logs: Vector, turns: tuple[float, ...], delta: float) -> int | None:
    """The last turn from growth to something else."""
    coefficients = np.linalg.lstsq(_design(at, turns), logs, rcond=None)[0]
    grows = [QUARTER * slope >= delta for slope in np.cumsum(coefficients[1:])]
    if grows[-1]:
        return None
    stops = [turn for before, after, turn in zip(grows, grows[1:], turns, strict=False) if before and not after]
    return int(stops[-1]) if stops else None


def _design(at: Vector, turns: Sequence[float]) -> Vector:
    return np.column_stack([np.ones(len(at)), at, *(np.maximum(0.0, at - turn) for turn in turns)])


def _best_turns(at: Vector, logs: Vector) -> tuple[tuple[float, ...], Vector]:
    """No turn, the best one or the best two, by BIC, and the fitted line."""
    base = np.linalg.qr(_design(at, ()))[0]
    rest = logs - base @ (base.T @ logs)
    candidates = at[STRETCH:-STRETCH]
    hinges = np.maximum(0.0, at[:, None] - candidates[None, :])
    hinges -= base @ (base.T @ hinges)
    gram, pull, sse = hinges.T @ hinges, hinges.T @ rest, float(rest @ rest)
    own = np.diag(gram)
    gains = {(): 0.0}
    if len(candidates):
        gain = pull**2 / own
        best = int(np.argmax(gain))
        gains[float(candidates[best]),] = float(gain[best])
    with np.errstate(divide="ignore", invalid="ignore"):
        both = (pull[:, None] ** 2 * own[None, :] - 2 * np.outer(pull, pull) * gram + pull[None, :] ** 2 * own[:, None]) / (
            np.outer(own, own) - gram**2
        )
    both[np.subtract.outer(candidates, candidates) > -STRETCH] = -np.inf  # the second turn lies a stretch after the first
    if both.size and np.isfinite(both.max()):
        first, second = np.unravel_index(int(np.argmax(both)), both.shape)
        gains[float(candidates[first]), float(candidates[second])] = float(both[first, second])
    n = len(logs)
    penalty = {0: 0.0, 1: 2 * math.log(n), 2: 2 * math.log(n) + 4}  # BIC for a first turn, AIC for a second
    turns = min(gains, key=lambda key: n * math.log(max(sse - gains[key], 1e-12) / n) + penalty[len(key)])
    design = _design(at, turns)
    return turns, design @ np.linalg.lstsq(design, logs, rcond=None)[0]


def _known(weekly: Weekly) -> tuple[Vector, Vector]:
    """Places and values of the weeks that are there."""
    known = [(float(place), float(value)) for place, value in enumerate(weekly) if value is not None]
    if any(not value >= 0 for _, value in known):
        raise ValueError("a week has no negative number of contacts")
    return np.array([place for place, _ in known]), np.array([value for _, value in known])
