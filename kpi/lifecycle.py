"""Is growth still absorbing the gain, and since when not: trend of weekly offered contacts (metrics.md E7). Pure.

Contacts are counted before any AI. A week without data is None and is left out, never read as zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from kpi.seasonality import STL_WEEKS, deseasonalised

DELTA = 0.03  # policy: change per quarter that counts
WEEKS, FEWEST_WEEKS, QUARTER = 26, 12, 13
SAME_RESULTS = 4  # equal weekly results before the displayed phase changes
SURE, RANK_CONF = 0.05, 0.90
AUTOCORRELATED = 1.96  # two-sided 95 %, over the root of n
STRETCH = 8  # shortest stretch of weeks between two turns
LIKELY = 3.84  # 95 % of chi-square with one degree of freedom
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


def mann_kendall(x: Sequence[float], inflation: float = 1.0) -> Trend:
    """Monotonic trend of a series in time order; a constant series has p = 1. `inflation` widens the variance (Hamed-Rao)."""
    values = np.asarray(x, dtype=float)
    n = len(values)
    if n < 2:
        raise ValueError(f"a trend needs at least two values, not {n}")
    s = int(np.sign(values[None, :] - values[:, None])[np.triu_indices(n, 1)].sum())
    ties = np.unique(values, return_counts=True)[1]
    var = inflation * float((n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18)
    z = (s - math.copysign(1, s)) / math.sqrt(var) if s and var > 0 else 0.0
    return Trend(s, var, z, float(2 * stats.norm.sf(abs(z))))


def hamed_rao(y: Sequence[float], slope: float) -> float:
    """By how much weeks that resemble their neighbours widen the variance of S (Hamed and Rao 1998); 1 where they do not.

    1 + 2/(n(n-1)(n-2)) x sum of (n-i)(n-i-1)(n-i-2) r_i over the lags i whose autocorrelation r_i of the ranks of the series, freed of
    its slope, is significant. Only where that of lag 1 is, and positive: weeks that alternate never make a trend surer.
    """
    n = len(y)
    if n < 4:
        return 1.0
    rest = np.asarray(y, dtype=float) - slope * np.arange(n)
    ranks = stats.rankdata(np.round(rest, 9)) - (n + 1) / 2
    own = float(ranks @ ranks)
    if own == 0:
        return 1.0
    limit, lags = AUTOCORRELATED / math.sqrt(n), np.arange(1, n)
    r = np.correlate(ranks, ranks, "full")[n:] / own
    if r[0] <= limit:
        return 1.0
    r = np.where(np.abs(r) > limit, r, 0.0)
    return max(1.0, 1 + 2 / (n * (n - 1) * (n - 2)) * float(((n - lags) * (n - lags - 1) * (n - lags - 2) * r).sum()))


def theil_sen(y: Sequence[float], conf: float = RANK_CONF, at: Sequence[float] | None = None) -> Slope:
    """Median of pairwise slopes; time is 0, 1, 2, ... unless `at` says otherwise."""
    if len(y) < 2:
        raise ValueError(f"a slope needs at least two values, not {len(y)}")
    found = stats.theilslopes(y, np.arange(len(y)) if at is None else at, alpha=conf)
    return Slope(float(found[0]), float(found[1]), float(found[2]), float(found[3]))


def phase(weekly: Weekly, delta: float = DELTA) -> Phase:
    """The phase of the last 26 weeks (E7), freed of the season where 104 are known; `insufficient` with fewer than 12 known ones."""
    return _phase(freed(weekly), delta)


def freed(weekly: Weekly) -> Weekly:
    """The weeks without the season of the year, where 104 weeks with contacts tell it (G2); else as they are."""
    return _freed(tuple(weekly))


@lru_cache(maxsize=128)
def _freed(weekly: tuple[float | None, ...]) -> tuple[float | None, ...]:
    """Kept, for a page asks for the phase, the turn and its range of the same weeks, and the next page asks again."""
    if len(weekly) < STL_WEEKS:
        return weekly
    return deseasonalised(weekly) or weekly


def _phase(weekly: Weekly, delta: float) -> Phase:
    at, values = _known(weekly[-WEEKS:])
    n = len(values)
    if n < FEWEST_WEEKS:
        return Phase("insufficient", n=n)
    middle = float(np.median(values))
    if middle <= 0:
        return Phase("undetermined", n=n)
    slope = theil_sen(values.tolist(), at=at.tolist())
    p = mann_kendall(values.tolist(), hamed_rao(values.tolist(), slope.slope)).p
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
    weekly = freed(weekly)  # once: a shorter series would be freed of another season
    now = _phase(weekly, delta)
    if now.phase == "insufficient":
        return now
    run: list[str] = []
    for end in range(len(weekly), 0, -1):
        found = _phase(weekly[:end], delta).phase
        if found == "insufficient":
            break
        run = [*run, found] if run and run[-1] == found else [found]
        if len(run) == SAME_RESULTS:
            return replace(now, phase=found)
    return replace(now, phase="undetermined")


@dataclass(frozen=True)
class _Course:
    """Joined straight lines: their turns, the columns they are fitted with, and the slope of each piece in these columns."""

    turns: tuple[float, ...]
    flat: bool  # the piece after the first turn is level
    gain: float  # of explained squares over a constant
    parameters: int

    def columns(self, at: Vector) -> Vector:
        first = np.minimum(at, self.turns[0]) if self.flat else at
        later = self.turns[1:] if self.flat else self.turns
        return np.column_stack([np.ones(len(at)), first, *(np.maximum(0.0, at - turn) for turn in later)])

    def slopes(self, coefficients: Vector) -> list[float]:
        if not self.flat:
            return [float(slope) for slope in np.cumsum(coefficients[1:])]
        return [float(coefficients[1]), 0.0, *(float(slope) for slope in coefficients[2:])]


def turning_week(weekly: Weekly, delta: float = DELTA) -> int | None:
    """Index of the week in which growth stopped; None where it did not, or never was.

    Joined straight lines through the logarithm of the weekly contacts: one line, a line with a bend, or a line that
    turns level and may later leave the level again; whichever the data support (BIC). Single odd weeks (holidays)
    are left out of a second fit.
    """
    found = _course_of(weekly)
    if found is None:
        return None
    course, at, logs = found
    grows = [QUARTER * slope >= delta for slope in course.slopes(_fit(course.columns(at), logs))]
    return int(course.turns[0]) if len(grows) > 1 and grows[0] and not any(grows[1:]) else None


def turning_range(weekly: Weekly) -> tuple[int, int] | None:
    """Indices of the first and last week in which the turn may as well have been (likelihood ratio, 95 %); None without a turn."""
    found = _course_of(weekly)
    if found is None or not found[0].turns:
        return None
    course, at, logs = found

    def unexplained(turn: float) -> float:
        columns = replace(course, turns=(turn, *course.turns[1:])).columns(at)
        return max(float(np.sum((logs - columns @ _fit(columns, logs)) ** 2)), 1e-12)

    best, limit = unexplained(course.turns[0]), course.turns[1] if len(course.turns) > 1 else at[-1]
    candidates = [float(turn) for turn in at[2:-2] if turn < limit - 1]
    good = [turn for turn in candidates if len(logs) * math.log(unexplained(turn) / best) <= LIKELY] + [course.turns[0]]
    # one week further on each side: the limits lie between the last week that fits and the first that does not
    return int(max(min(good) - 1, at[0])), int(min(max(good) + 1, at[-1]))


def _course_of(weekly: Weekly) -> tuple[_Course, Vector, Vector] | None:
    """The course, and the places and logarithms of the weeks it was fitted to."""
    at, values = _known(freed(weekly))
    at, logs = at[values > 0], np.log(values[values > 0])
    if len(logs) < 2 * STRETCH:
        return None
    course = _best_course(at, logs)
    columns = course.columns(at)
    off = np.abs(logs - columns @ _fit(columns, logs))
    usual = off <= OUTLIER * 1.4826 * np.median(off) + 1e-9
    if not usual.all() and usual.sum() >= 2 * STRETCH:
        at, logs = at[usual], logs[usual]
        course = _best_course(at, logs)
    return course, at, logs


def _fit(columns: Vector, logs: Vector) -> Vector:
    return np.asarray(np.linalg.lstsq(columns, logs, rcond=None)[0], dtype=np.float64)


def _best_course(at: Vector, logs: Vector) -> _Course:
    """The candidate with the smallest BIC."""
    turns, rest, n = at[STRETCH:-STRETCH], logs - logs.mean(), len(logs)
    line, rising = at[:, None] - at.mean(), np.minimum(at[:, None], turns[None, :])
    bent = np.maximum(0.0, at[:, None] - turns[None, :])
    rising, bent = rising - rising.mean(axis=0), bent - bent.mean(axis=0)
    found = [_Course((), False, float((line[:, 0] @ rest) ** 2 / (line[:, 0] @ line[:, 0])), 2)]
    if len(turns):
        bends = _gains(line, bent, rest)[0]
        found.append(_Course((float(turns[bends.argmax()]),), False, float(bends.max()), 4))
        levels = (rising.T @ rest) ** 2 / (rising**2).sum(axis=0)
        found.append(_Course((float(turns[levels.argmax()]),), True, float(levels.max()), 3))
        both = _gains(rising, bent, rest)
        both[np.subtract.outer(turns, turns) > -STRETCH] = -np.inf  # the level lasts a stretch at least
        first, second = np.unravel_index(int(both.argmax()), both.shape)
        if np.isfinite(both[first, second]):
            found.append(_Course((float(turns[first]), float(turns[second])), True, float(both[first, second]), 5))
    total = float(rest @ rest)
    return min(found, key=lambda item: n * math.log(max(total - item.gain, 1e-12) / n) + item.parameters * math.log(n))


def _gains(one: Vector, two: Vector, rest: Vector) -> Vector:
    """Explained squares of every pair of a column of `one` and a column of `two`, all centred."""
    pull_one, pull_two, cross = one.T @ rest, two.T @ rest, one.T @ two
    own_one, own_two = (one**2).sum(axis=0), (two**2).sum(axis=0)
    determinant = np.maximum(np.outer(own_one, own_two) - cross**2, 1e-12)
    top = np.outer(pull_one**2, own_two) - 2 * np.outer(pull_one, pull_two) * cross + np.outer(own_one, pull_two**2)
    return np.asarray(top / determinant, dtype=np.float64)


def _known(weekly: Weekly) -> tuple[Vector, Vector]:
    """Places and values of the weeks that are there."""
    known = [(float(place), float(value)) for place, value in enumerate(weekly) if value is not None]
    if any(not value >= 0 for _, value in known):
        raise ValueError("a week has no negative number of contacts")
    return np.array([place for place, _ in known]), np.array([value for _, value in known])
