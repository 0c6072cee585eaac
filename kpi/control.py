"""Control charts: has a series changed, or does it vary as it always did (metrics.md G3). Pure.

Only a signal of these charts, or a comparison by A4, may be called a change. Charts of survey means use waves and B6 instead.
Values of an XmR chart keep their own unit; shares are fractions in [0, 1]. Indices count from 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean  # exact, so that a constant series lies on its own mean

FEWEST_POINTS = 12
FROZEN = 24  # a running chart keeps the limits of its first 24 points
XMR, MOVING_RANGE, D2 = 2.66, 3.268, 1.128
RUN, TREND = 8, 6
Baseline = int | range | None


@dataclass(frozen=True)
class Signals:
    """The index of every point that completes one: outside the limits; eight on one side; six strictly rising or falling."""

    r1: tuple[int, ...]
    r2: tuple[int, ...]
    r3: tuple[int, ...]


@dataclass(frozen=True)
class XmR:
    """Values and moving ranges in the unit of the series; `mr_out` are moving ranges above their limit, no signal by themselves."""

    mean: float
    mr_bar: float
    lower: float
    upper: float
    mr_upper: float
    signals: Signals
    mr_out: tuple[int, ...]


@dataclass(frozen=True)
class Shares:
    """A p chart, or a p' chart where `sigma_z` widened (or narrowed) the limits; one pair of limits for each point, in [0, 1]."""

    p_bar: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    signals: Signals
    sigma_z: float | None = None  # None on a plain p chart


def running_baseline(points: int) -> int:
    """How many leading points fix the limits of a chart that grows: all of them until there are 24, then the first 24."""
    return min(points, FROZEN)


def xmr(x: Sequence[float], baseline: Baseline = None) -> XmR | None:
    """Limits mean +- 2.66 mean moving range of the baseline; None with fewer than 12 points, for then there is no chart.

    `baseline` is a number of leading points, or a declared stretch of indices; None takes all points.
    ValueError for a value that is no number, or a baseline of under 12 points or outside the series.
    """
    if not all(map(math.isfinite, x)):
        raise ValueError("a control chart needs a number for every point: leave out periods without data")
    base = _stretch(baseline, len(x))
    if base is None:
        return None
    moves = [abs(after - before) for before, after in pairwise(x)]
    centre = float(mean(x[i] for i in base))
    mr_bar = float(mean(moves[i] for i in base[:-1]))
    lower, upper, mr_upper = centre - XMR * mr_bar, centre + XMR * mr_bar, MOVING_RANGE * mr_bar
    found = signals(x, centre, [lower] * len(x), [upper] * len(x))
    return XmR(centre, mr_bar, lower, upper, mr_upper, found, tuple(i + 1 for i, move in enumerate(moves) if move > mr_upper))


def p_chart(d: Sequence[float], n: Sequence[float], baseline: Baseline = None) -> Shares | None:
    """d of n in each period; limits p +- 3 sqrt(p(1-p)/n_i) clipped to [0, 1], p that of the baseline; errors and None as in `xmr`."""
    _check_shares(d, n)
    base = _stretch(baseline, len(n))
    return None if base is None else _shares(d, n, base, None)


def laney(d: Sequence[float], n: Sequence[float], baseline: Baseline = None) -> Shares | None:
    """The p' chart (Laney 2002): limits times sigma_z = mean |z_i - z_(i-1)| / 1.128 of the baseline; errors and None as in `xmr`."""
    _check_shares(d, n)
    base = _stretch(baseline, len(n))
    return None if base is None else _shares(d, n, base, _sigma_z(d, n, base))


def share_chart(d: Sequence[float], n: Sequence[float], baseline: Baseline = None) -> Shares | None:
    """The chart G3 asks for: Laney p' if sigma_z > 1, else the p chart."""
    found = laney(d, n, baseline)
    return found if found is None or (found.sigma_z or 0.0) > 1 else p_chart(d, n, baseline)


def signals(x: Sequence[float], centre: float, lower: Sequence[float], upper: Sequence[float]) -> Signals:
    """R1, R2 and R3 of a series about its centre line, each point against its own limits."""
    sides = [_sign(value - centre) for value in x]
    steps = [_sign(after - before) for before, after in pairwise(x)]
    outside = tuple(i for i, value in enumerate(x) if not lower[i] <= value <= upper[i])
    return Signals(outside, _completed(sides, RUN), tuple(i + 1 for i in _completed(steps, TREND - 1)))


def _completed(signs: Sequence[int], length: int) -> tuple[int, ...]:
    """Indices that end `length` equal signs other than 0 in a row."""
    run, found = 0, []
    for i, sign in enumerate(signs):
        run = 0 if sign == 0 else run + 1 if i and sign == signs[i - 1] else 1
        if run >= length:
            found.append(i)
    return tuple(found)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _stretch(baseline: Baseline, points: int) -> range | None:
    if points < FEWEST_POINTS:
        return None
    base = range(points) if baseline is None else baseline if isinstance(baseline, range) else range(baseline)
    if base.step != 1 or len(base) < FEWEST_POINTS:
        raise ValueError(f"a baseline is {FEWEST_POINTS} points in a row or more, not {baseline}")
    if base.start < 0 or base.stop > points:
        raise ValueError(f"the baseline {baseline} lies outside the {points} points of the chart")
    return base


def _check_shares(d: Sequence[float], n: Sequence[float]) -> None:
    if len(d) != len(n):
        raise ValueError(f"{len(d)} counts need as many totals, not {len(n)}")
    for part, whole in zip(d, n, strict=True):
        if not 0 <= part <= whole or not 0 < whole < math.inf:
            raise ValueError(f"{part} of {whole} is not a share: leave out periods without records")


def _centre(d: Sequence[float], n: Sequence[float], base: range) -> float:
    return sum(d[i] for i in base) / sum(n[i] for i in base)


def _sigma(p: float, n: float) -> float:
    return math.sqrt(p * (1 - p) / n)


def _sigma_z(d: Sequence[float], n: Sequence[float], base: range) -> float:
    """Spread of the standardised shares over what chance alone gives; 0 where every share of the baseline is 0 or every one 1."""
    p = _centre(d, n, base)
    if p in (0.0, 1.0):
        return 0.0
    z = [(d[i] / n[i] - p) / _sigma(p, n[i]) for i in base]
    return math.fsum(abs(after - before) for before, after in pairwise(z)) / (len(z) - 1) / D2


def _shares(d: Sequence[float], n: Sequence[float], base: range, sigma_z: float | None) -> Shares:
    p = _centre(d, n, base)
    reach = [3 * _sigma(p, whole) * (1.0 if sigma_z is None else sigma_z) for whole in n]
    lower, upper = [max(0.0, p - half) for half in reach], [min(1.0, p + half) for half in reach]
    found = signals([part / whole for part, whole in zip(d, n, strict=True)], p, lower, upper)
    return Shares(p, tuple(lower), tuple(upper), found, sigma_z)
