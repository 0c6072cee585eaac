"""How sure a number is: intervals, their differences and what a sample is too small for (metrics.md 0.3, A2-A6, B1, B6, D1).

Pure functions over plain numbers; shares are fractions in [0, 1]. An input that cannot be raises ValueError with a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

from kpi.metric import CONFIDENCE, Status

FEWEST, FEW, WIDE = 5, 30, 0.10
FEWEST_OF_MEAN = 10
SEVERITY = tuple(Status)


@dataclass(frozen=True)
class Interval:
    """A value with its limits."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """Later minus earlier; `distinguishable` where zero lies outside the limits. Otherwise it is no clear change (A4)."""

    value: float
    low: float
    high: float
    distinguishable: bool


@dataclass(frozen=True)
class Score:
    """A share or score that may be withheld for its sample: the value is None unless the status shows it."""

    status: Status
    n: float
    value: float | None = None
    low: float | None = None
    high: float | None = None
    se: float | None = None
    mean: float | None = None


def _alpha(conf: float) -> float:
    if not 0 < conf < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not {conf}")
    return 1 - conf


@lru_cache(maxsize=32)
def z_of(conf: float) -> float:
    """The two-sided normal quantile: 1.959964 for 0.95."""
    return float(stats.norm.isf(_alpha(conf) / 2))


def worst(*statuses: Status) -> Status:
    """The most cautious of several statuses, in the order of metrics.md 0.1."""
    return max(statuses, key=SEVERITY.index)


def _check_share(k: float, n: float) -> None:
    if not n > 0:
        raise ValueError(f"a share needs at least one record, not {n}")
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is not a share: the part lies between 0 and the whole")


def wilson(k: float, n: float, conf: float = CONFIDENCE) -> Interval:
    """Wilson score interval (A2); k = 0 gives low = 0 and k = n gives high = 1 exactly. n may be an effective n."""
    _check_share(k, n)
    p, z = k / n, z_of(conf)  # written out: statsmodels looks the quantile up at every call, a sixth of a page's time
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Interval(p, 0.0 if k == 0 else max(0.0, centre - half), 1.0 if k == n else min(1.0, centre + half))


def agresti_coull(k: float, n: float, conf: float = CONFIDENCE) -> Interval:
    """Agresti-Coull interval (A2), for comparison with other tools; clipped to [0, 1]."""
    _check_share(k, n)
    low, high = proportion_confint(k, n, alpha=_alpha(conf), method="agresti_coull")
    return Interval(k / n, max(0.0, float(low)), min(1.0, float(high)))


def proportion_status(n: float, low: float, high: float) -> Status:
    """0.3: nothing, fewer than 5, fewer than 30 or half-width above 0.10, enough."""
    if n == 0:
        return Status.NO_DATA
    if n < FEWEST:
        return Status.INSUFFICIENT
    return Status.SMALL_SAMPLE if n < FEW or (high - low) / 2 > WIDE else Status.OK


def mean_status(n: int) -> Status:
    """0.3 for means: fewer than 10, fewer than 30, enough."""
    if n == 0:
        return Status.NO_DATA
    if n < FEWEST_OF_MEAN:
        return Status.INSUFFICIENT
    return Status.SMALL_SAMPLE if n < FEW else Status.OK


def share(k: float, n: float, conf: float = CONFIDENCE) -> Score:
    """k of n as a share with its Wilson limits, hidden where the sample is too small (0.3)."""
    if n == 0:
        return Score(Status.NO_DATA, n)
    found = wilson(k, n, conf)
    status = proportion_status(n, found.low, found.high)
    return Score(status, n, found.value, found.low, found.high) if status.shows_value else Score(status, n)


def percentiles(draws: NDArray[np.floating], *percents: float) -> list[float]:
    """Of one row of draws, by the linear rule of numpy.percentile, which sorts more and takes ten times as long to begin."""
    last = len(draws) - 1
    places = [last * (percent / 100) for percent in percents]
    pairs = [(math.floor(place), min(math.floor(place) + 1, last)) for place in places]
    ordered = np.partition(draws, sorted({at for pair in pairs for at in pair}))
    return [_between(float(ordered[low]), float(ordered[high]), place - low) for (low, high), place in zip(pairs, places, strict=True)]


def _between(low: float, high: float, share: float) -> float:
    """From the nearer end, as numpy does."""
    return high - (high - low) * (1 - share) if share >= 0.5 else low + (high - low) * share


def mover(later: Interval, earlier: Interval) -> Difference:
    """Interval for the difference of any two independent estimates from their own limits (the form of A4)."""
    d = later.value - earlier.value
    low = d - math.hypot(later.value - later.low, earlier.high - earlier.value)
    high = d + math.hypot(later.high - later.value, earlier.value - earlier.low)
    return Difference(d, low, high, low > 0 or high < 0)


def newcombe(k1: float, n1: float, k2: float, n2: float, conf: float = CONFIDENCE) -> Difference:
    """Hybrid score interval for p2 - p1 (A4, method 10): k1 of n1 is the earlier, k2 of n2 the later."""
    return mover(wilson(k2, n2, conf), wilson(k1, n1, conf))


def pooled_p(k1: float, n1: float, k2: float, n2: float) -> float:
    """Two-sided p of the pooled z test of two shares (A4); 1 where both are all or nothing."""
    _check_share(k1, n1)
    _check_share(k2, n2)
    if k1 + k2 in (0, n1 + n2):
        return 1.0
    return float(proportions_ztest([k2, k1], [n2, n1])[1])


def benjamini_hochberg(p: Sequence[float], q: float = 0.10) -> tuple[list[float], list[bool]]:
    """Adjusted p-values and which of them stand at false discovery rate q (A4), in the order given."""
    if not p:
        return [], []
    adjusted = [float(value) for value in stats.false_discovery_control(p, method="bh")]
    return adjusted, [value <= q for value in adjusted]


def nonresponse_bounds(k: float, n: float, eligible: float) -> tuple[float, float]:
    """Worst case (A3): [k/N, (k + N - n)/N] if all who did not answer were unsatisfied, or all satisfied."""
    _check_share(k, n)
    _check_share(n, eligible)
    return k / eligible, (k + eligible - n) / eligible


def nps(promoters: int, passives: int, detractors: int, conf: float = CONFIDENCE) -> Score:
    """100 (promoters - detractors)/n in -100..100 with its normal interval, clipped (A5); hidden below 30 answers."""
    if min(promoters, passives, detractors) < 0:
        raise ValueError("a number of answers is not negative")
    n = promoters + passives + detractors
    if n < FEW:
        return Score(Status.INSUFFICIENT if n else Status.NO_DATA, n)
    p, d = promoters / n, detractors / n
    value, se = 100 * (p - d), 100 * math.sqrt(max(0.0, p + d - (p - d) ** 2) / n)
    reach = z_of(conf) * se
    return Score(Status.OK, n, value, max(-100.0, value - reach), min(100.0, value + reach), se)


def ces(counts: Mapping[int, int], conf: float = CONFIDENCE) -> Score:
    """Share of answers 5-7 of 7 to "made it easy", with Wilson limits, plus the mean 1-7 (A6)."""
    if any(not 1 <= answer <= 7 or count < 0 for answer, count in counts.items()):
        raise ValueError(f"effort is answered from 1 to 7: {dict(counts)}")
    n = sum(counts.values())
    found = share(sum(count for answer, count in counts.items() if answer >= 5), n, conf)
    if found.value is None:
        return found
    mean = sum(answer * count for answer, count in counts.items()) / n
    return Score(found.status, n, found.value, found.low, found.high, mean=mean)


def mean_se(sd: float, n: float, population: float | None = None) -> float:
    """Standard error of a mean of n out of a finite population (B1): s/sqrt(n) sqrt(1 - n/N), in the unit of sd."""
    if n < 1 or sd < 0:
        raise ValueError(f"a mean needs at least one answer and a spread from 0: n = {n}, sd = {sd}")
    if population is not None and population < n:
        raise ValueError(f"{n} answers cannot come from {population} people")
    return sd / math.sqrt(n) * math.sqrt(1 - n / population if population else 1.0)


def mean_interval(mean: float, sd: float, n: int, population: float | None = None, conf: float = CONFIDENCE) -> Interval:
    """t interval with n - 1 degrees of freedom and finite population correction (B1), in the unit of the mean."""
    if n < 2:
        raise ValueError(f"the interval of a mean needs at least two answers, not {n}")
    reach = float(stats.t.isf(_alpha(conf) / 2, n - 1)) * mean_se(sd, n, population)
    return Interval(mean, mean - reach, mean + reach)


def geometric_mean(scores: Sequence[float | None], weights: Sequence[float], floor: float = 1.0) -> float | None:
    """exp(sum w ln(max(s, floor)) / sum w) over the scores that are there (B5); None where none is."""
    found = _known(scores, weights, floor)
    return math.exp(sum(w * math.log(s) for s, w in found) / sum(w for _, w in found)) if found else None


def geometric_mean_interval(
    scores: Sequence[float | None], errors: Sequence[float], weights: Sequence[float], *, floor: float = 1.0, conf: float = CONFIDENCE
) -> Interval | None:
    """The same with limits by the delta method on the log scale: var(ln) = sum w^2 (se/s)^2, weights made to sum to 1 (B6 i)."""
    value = geometric_mean(scores, weights, floor)
    if value is None:
        return None
    parts = [(max(s, floor), se, w) for s, se, w in zip(scores, errors, weights, strict=True) if s is not None]
    total = sum(w for _, _, w in parts)
    reach = math.exp(z_of(conf) * math.sqrt(sum((w / total * se / s) ** 2 for s, se, w in parts)))
    return Interval(value, value / reach, value * reach)


def _known(scores: Sequence[float | None], weights: Sequence[float], floor: float) -> list[tuple[float, float]]:
    if len(scores) != len(weights):
        raise ValueError(f"{len(scores)} scores need as many weights, not {len(weights)}")
    if floor <= 0 or any(w <= 0 for w in weights):
        raise ValueError("weights and the floor of a geometric mean are above 0")
    return [(max(s, floor), w) for s, w in zip(scores, weights, strict=True) if s is not None]


def kaplan_meier(durations: Sequence[float], events: Sequence[bool | int], at: float) -> float | None:
    """S(t): the share without an event by time t, censored durations used to the full (D1); None without any record."""
    if any(duration < 0 for duration in durations):
        raise ValueError("a duration is not negative")
    if not durations:
        return None
    times, seen = np.asarray(durations, dtype=float), np.asarray(events, dtype=bool)
    sample = stats.CensoredData(uncensored=times[seen], right=times[~seen])
    return float(stats.ecdf(sample).sf.evaluate([at])[0])
