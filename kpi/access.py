"""Can people reach a person, are they told it is a machine, and is the service even (metrics.md F1-F5). Pure.

Shares are fractions in [0, 1], times are seconds. An input that cannot be raises ValueError with a sentence.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from kpi.metric import CONFIDENCE, Status
from kpi.uncertainty import Interval, Score, proportion_status, share, z_of

DAY_S = 86_400.0  # reached within 24 h (F2)
MATERIAL_GAP, COVERAGE_NEEDED = 0.05, 0.8  # F4
FEWEST_IN_GROUP = 10  # people (F5)
ROUNDING = 1e-12  # 0.85 - 0.80 is a gap of 0.05


def _share(k: float, n: float, conf: float = CONFIDENCE) -> Score:
    if n == 0 and k != 0:
        raise ValueError(f"{k} of 0 is not a share: the part lies between 0 and the whole")
    return share(k, n, conf)


@dataclass(frozen=True)
class Handoff:
    """Two shares with Wilson limits. Neither is good or bad when high or low: they are shown without colour, targets belong to F2."""

    handoff_rate: Score
    ai_transfer_rate: Score


def handoff(*, human_handled: int, contacts: int, ai_to_human: int, ai_sessions: int) -> Handoff:
    """F1: human-handled / contacts, and AI sessions handed to a person / AI sessions. ValueError where a part exceeds its whole."""
    return Handoff(_share(human_handled, contacts), _share(ai_to_human, ai_sessions))


def disclosure(disclosed: int, ai_sessions: int, conf: float = CONFIDENCE) -> Score:
    """F3: AI sessions with disclosure at or before the first AI turn / AI sessions, Wilson limits; the target is 1.0."""
    return _share(disclosed, ai_sessions, conf)


@dataclass(frozen=True)
class Reach:
    """Requests for a person. Quantiles in seconds over all requests; None where that share is never reached or the sample is too small."""

    rate: Score
    attempts_per_reached: float | None
    median_s: float | None
    p90_s: float | None


def reachability(times_s: Sequence[float | None], attempts: Sequence[int] | None = None, limit_s: float = DAY_S) -> Reach:
    """F2 from the seconds to a person of every request, None = never; reached later than `limit_s` is not reached in the rate.

    `attempts` holds the tries of each request; those in vain count too, so that giving up does not make the figure look better.
    ValueError for a negative time, a limit of 0, or attempts that are not one or more for each request.
    """
    if limit_s <= 0:
        raise ValueError(f"the limit is a number of seconds above 0, not {limit_s}")
    _check_times(times_s)
    reached = sum(time is not None and time <= limit_s for time in times_s)
    rate = share(reached, len(times_s))
    if not rate.status.shows_value:
        return Reach(rate, None, None, None)
    return Reach(rate, _attempts(attempts, len(times_s), reached), time_quantile(times_s, 0.5), time_quantile(times_s, 0.9))


def _attempts(attempts: Sequence[int] | None, requests: int, reached: int) -> float | None:
    if attempts is None:
        return None
    if len(attempts) != requests or any(tries < 1 for tries in attempts):
        raise ValueError(f"each of the {requests} requests has one or more attempts: {list(attempts)}")
    return sum(attempts) / reached if reached else None


def _check_times(times_s: Sequence[float | None]) -> None:
    wrong = [time for time in times_s if time is not None and not 0 <= time < math.inf]
    if wrong:
        raise ValueError(f"a time to a person is 0 seconds or more, and None where nobody was reached: {wrong[0]}")


def _rank(q: float, n: int) -> int:
    """How many of n requests make the share q: the smallest k with k/n >= q."""
    if not 0 < q <= 1:
        raise ValueError(f"a quantile lies above 0 and is at most 1, not {q}")
    return bisect_left(range(1, n + 1), q, key=lambda k: k / n) + 1


def time_quantile(times_s: Sequence[float | None], q: float) -> float | None:
    """F2: the smallest time in seconds by which a share q of all requests was reached, the unreached counted; None if never."""
    _check_times(times_s)
    known, rank = sorted(time for time in times_s if time is not None), _rank(q, len(times_s))
    return known[rank - 1] if rank <= len(known) else None


@dataclass(frozen=True)
class Bracket:
    """A quantile known only to lie between two edges, both included, in seconds; `high` is infinite in an open last bin."""

    low: float
    high: float


def quantile_from_bins(edges: Sequence[float], counts: Sequence[int], q: float, unreached: int = 0) -> Bracket | None:
    """The F2 quantile from a histogram: bin i counts times between edges[i] and edges[i + 1]; None if never.

    Nothing is interpolated: the exact quantile lies in the bin, and where in it cannot be known from counts.
    ValueError unless the edges rise from 0 or more, stand one more than the counts, and no count is negative.
    """
    if len(edges) != len(counts) + 1 or not counts:
        raise ValueError(f"{len(counts)} bins have {len(counts) + 1} edges and there is at least one bin, not {len(edges)} edges")
    if edges[0] < 0 or any(not low < high for low, high in pairwise(edges)):
        raise ValueError(f"the edges of bins rise and start at 0 seconds or later: {list(edges)}")
    if min(*counts, unreached) < 0:
        raise ValueError("a number of requests is not negative")
    upto = list(accumulate(counts))
    place = bisect_left(upto, _rank(q, upto[-1] + unreached))
    return Bracket(edges[place], edges[place + 1]) if place < len(counts) else None


@dataclass(frozen=True)
class Counts:
    """k of n in one tier: reached, resolved or satisfied."""

    k: float
    n: float

    def __post_init__(self) -> None:
        if not 0 <= self.k <= self.n:
            raise ValueError(f"{self.k} of {self.n} is not a share: the part lies between 0 and the whole")

    @property
    def p(self) -> float:
        return self.k / self.n

    @property
    def variance(self) -> float:
        return self.p * (1 - self.p) / self.n


@dataclass(frozen=True)
class Intent:
    """The customers of the high and the low value tier who came with one intent."""

    high: Counts
    low: Counts

    @property
    def n(self) -> float:
        return self.high.n + self.low.n


@dataclass(frozen=True)
class Gap:
    """High minus low tier at the same mix of intents. `flag`: zero outside the limits and five points or more; None where hidden."""

    status: Status
    coverage: float | None  # share of contacts in intents both tiers have
    low_coverage: bool = False
    p_high: float | None = None
    p_low: float | None = None
    gap: float | None = None
    low: float | None = None
    high: float | None = None
    ratio: float | None = None  # p_low / p_high; None where p_high is 0
    flag: bool | None = None


def equity_gap(intents: Sequence[Intent], conf: float = CONFIDENCE) -> Gap:
    """F4 for a share (reach rate, FCR, CSAT): direct standardisation on the intents both tiers have, normal limits within [-1, 1].

    no_data without a common intent; insufficient, and nothing shown, with fewer than 5 contacts of a tier in them (0.3).
    """
    both = [intent for intent in intents if intent.high.n and intent.low.n]
    total, mass = (sum(intent.n for intent in some) for some in (intents, both))
    coverage = mass / total if total else None
    thin = coverage is not None and coverage < COVERAGE_NEEDED - ROUNDING
    known = Gap(Status.NO_DATA, coverage, thin)
    return _standardised(both, mass, conf, known) if both else known


def _standardised(both: Sequence[Intent], mass: float, conf: float, known: Gap) -> Gap:
    weighted = [(intent.n / mass, intent.high, intent.low) for intent in both]
    p_high, p_low = math.fsum(w * high.p for w, high, _ in weighted), math.fsum(w * low.p for w, _, low in weighted)
    variance = math.fsum(w * w * (high.variance + low.variance) for w, high, low in weighted)
    gap, reach = p_high - p_low, z_of(conf) * math.sqrt(variance)
    low, high = max(-1.0, gap - reach), min(1.0, gap + reach)
    status = proportion_status(min(sum(tier.n for _, tier, _ in weighted), sum(tier.n for _, _, tier in weighted)), low, high)
    if not status.shows_value:
        return replace(known, status=status)
    flag = (low > 0 or high < 0) and abs(gap) >= MATERIAL_GAP - ROUNDING
    ratio = p_low / p_high if p_high else None
    return replace(known, status=status, p_high=p_high, p_low=p_low, gap=gap, low=low, high=high, ratio=ratio, flag=flag)


@dataclass(frozen=True)
class Group:
    """Outcome 0-100 (quality review or appraisal) of a group of people: mean, standard deviation, how many."""

    mean: float
    sd: float
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.mean <= 100 or self.sd < 0 or self.n < 1:
            raise ValueError(f"an outcome lies between 0 and 100, has a spread from 0 and somebody behind it: {self}")


@dataclass(frozen=True)
class Override:
    """Prompts not followed, and what it costs: outcome of those who follow minus those who override, in points of 0-100."""

    rate: Score
    penalty_gap: float | None = None
    low: float | None = None
    high: float | None = None
    penalty_signal: bool | None = None

    @property
    def penalty_share(self) -> float | None:
        """The signal override_penalty_gap of B2: the gap over 100, not below 0."""
        return None if self.penalty_gap is None else max(0.0, self.penalty_gap / 100)


def override(
    *, shown: int, followed: int, dismissed: int, ignored: int, low: Group | None, high: Group | None, conf: float = CONFIDENCE
) -> Override:
    """F5: (dismissed + ignored) / shown, and the penalty check of the low- minus the high-override third, None below 10 people in either.

    ValueError where more prompts were answered than shown.
    """
    if min(shown, followed, dismissed, ignored) < 0 or followed + dismissed + ignored > shown:
        raise ValueError(f"{followed} followed, {dismissed} dismissed and {ignored} ignored are not parts of {shown} prompts shown")
    rate = _share(dismissed + ignored, shown, conf)
    if low is None or high is None or min(low.n, high.n) < FEWEST_IN_GROUP:
        return Override(rate)
    found = welch(low, high, conf)
    return Override(rate, found.value, found.low, found.high, found.low > 0)


def welch(one: Group, other: Group, conf: float = CONFIDENCE) -> Interval:
    """one minus other in points, with Welch's limits; two or more people in each. No spread at all gives a point."""
    if min(one.n, other.n) < 2:
        raise ValueError(f"the difference of two means needs at least two people in each group, not {one.n} and {other.n}")
    gap, parts = one.mean - other.mean, [(group.sd**2 / group.n, group.n - 1) for group in (one, other)]
    variance = sum(part for part, _ in parts)
    if variance == 0:
        return Interval(gap, gap, gap)
    freedom = variance**2 / sum(part**2 / free for part, free in parts)
    reach = float(stats.t.ppf((1 + conf) / 2, freedom)) * math.sqrt(variance)
    return Interval(gap, gap - reach, gap + reach)


def override_thirds(rates: Sequence[float], outcomes: Sequence[float]) -> tuple[Group, Group] | None:
    """The third of people who override least and the third who override most; equal rates stay together.

    None where the two cannot be told apart. Only the two groups leave this function, nobody's own figures.
    """
    if len(rates) != len(outcomes) or any(not 0 <= rate <= 1 for rate in rates):
        raise ValueError(f"{len(rates)} override rates between 0 and 1 need as many outcomes, not {len(outcomes)}")
    ranked, third = sorted(rates), len(rates) // 3
    if not third or ranked[third - 1] >= ranked[-third]:
        return None
    rate, outcome = np.asarray(rates, dtype=float), np.asarray(outcomes, dtype=float)
    low, high = (outcome[chosen] for chosen in (rate <= ranked[third - 1], rate >= ranked[-third]))
    return _group(low), _group(high)


def _group(scores: NDArray[np.float64]) -> Group:
    return Group(float(scores.mean()), float(scores.std(ddof=1)) if len(scores) > 1 else 0.0, len(scores))
