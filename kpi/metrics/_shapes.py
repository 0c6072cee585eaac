"""The two commonest forms of an estimate, a share and a mean, with what the last days still keep open. Not a metric."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from kpi.metric import CONFIDENCE, Estimate, Frame, Status, Total
from kpi.uncertainty import Interval, mean_interval, mean_status, share, worst, z_of

MEANINGFUL = 2  # records below which nothing is known of the spread


def share_of(total: Total, *, reasons: tuple[str, ...] = (), parts: Mapping[str, float | None] | None = None) -> Estimate:
    """Sum of n as a share with its Wilson interval; the status is that of 0.3."""
    found = share(total.sum, total.n)
    if found.value is None:
        return Estimate(found.status, n=total.n, reasons=small(found.status))
    return Estimate(found.status, found.value, found.low, found.high, total.n, "wilson", (*small(found.status), *reasons), parts or {})


def mean_of(total: Total, *, reasons: tuple[str, ...] = (), parts: Mapping[str, float | None] | None = None) -> Estimate:
    """Mean of n values with the t interval of their own spread; needs a measure that keeps squares."""
    status = mean_status(total.n)
    mean, variance = total.mean, total.variance
    if not status.shows_value or mean is None or variance is None:
        return Estimate(status if not status.shows_value else Status.INSUFFICIENT, n=total.n, reasons=small(status))
    found = mean_interval(mean, math.sqrt(variance), total.n)
    return Estimate(status, mean, found.low, found.high, total.n, "t", (*small(status), *reasons), parts or {})


def small(status: Status) -> tuple[str, ...]:
    """The reason of 0.3 that goes with a status."""
    return {Status.INSUFFICIENT: ("sample:below_5",), Status.SMALL_SAMPLE: ("sample:small",)}.get(status, ())


def open_until(estimate: Estimate, frame: Frame, after: timedelta, reason: str) -> Estimate:
    """G4: provisional while what belongs to the last days can still arrive."""
    if not estimate.status.shows_value or frame.period.end + after <= frame.as_of:
        return estimate
    return replace(estimate, status=worst(estimate.status, Status.PROVISIONAL), reasons=(*estimate.reasons, reason))


def ratio_of(top: Total, bottom: Total, both: float, n: int) -> Interval | None:
    """Sum over sum with its linearised interval: things counted on the same n records, which is what varies, not each thing by itself.

    `both` is the sum of the products; the totals keep squares (for a measure of 0 and 1 they are its sum). None without a bottom.
    """
    if bottom.sum <= 0 or n < MEANINGFUL:
        return None
    value = top.sum / bottom.sum
    spread = top.squares - 2 * value * both + value * value * bottom.squares
    reach = z_of(CONFIDENCE) * math.sqrt(max(0.0, spread) * n / (n - 1)) / bottom.sum
    return Interval(value, max(0.0, value - reach), value + reach)
