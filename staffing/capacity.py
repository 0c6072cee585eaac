"""Required FTE of a site from weekly sums, its exact parts, and how sure they are by resampling whole weeks (metrics.md E2, E6).

Everything is an array over segments (channel x intent group); the last dimension are draws. Pure numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from staffing.workload import FACTORS, PARTS, SECONDS, shapley

Array = NDArray[np.floating]
DRAWS, SEED = 1000, 20_260_101
WEEK = 7.0
# Sums of a week kept apart by segment ...
CONTACTS, MATURE, ALONE, KNOWN, FALSE, HANDLED, HANDLING_S = range(7)
WORK_SUMS = 7
# ... and of its working days.
DAY_HANDLING, DAY_WAITING, ON_QUEUE, PAID = range(4)


@dataclass(frozen=True)
class Weeks:
    """Weeks of one window: work (7 sums x segments x weeks), people (4 sums x weeks), days in each week."""

    work: Array
    people: Array
    days: Array

    @property
    def count(self) -> int:
        return len(self.days)


@dataclass(frozen=True)
class Plan:
    """Paid hours of an FTE a week, and the signed values for what was not measured in both windows (None = measured)."""

    paid_hours: float
    occupancy: float | None = None
    shrinkage: float | None = None


@dataclass(frozen=True)
class Levels:
    """Weekly contacts, containment and AHT (segments x draws); occupancy and shrinkage of all (draws)."""

    volume: Array
    containment: Array
    aht_s: Array
    occupancy: Array
    shrinkage: Array


def levels(weeks: Weeks, drawn: Array, plan: Plan, otherwise: Levels | None = None) -> Levels:
    """Ratios of sums over the drawn weeks (weeks x draws). A segment without a mature or a handled contact takes the ratio of all
    segments; a draw without any takes `otherwise`. Where nobody can know which AI-only contacts were false, none is contained."""
    contacts, mature, alone, known, false, handled, seconds = (weeks.work.reshape(-1, weeks.count) @ drawn).reshape(
        *weeks.work.shape[:2], -1
    )
    day_handling, waiting, on_queue, paid = weeks.people @ drawn
    with np.errstate(divide="ignore", invalid="ignore"):
        contained = alone
        if alone.any():
            rate = _by_segment(false, known)
            contained = alone * (1 - np.where(np.isnan(rate), 1.0, rate))
        containment, aht = _by_segment(contained, mature), _by_segment(seconds, handled)
        occupancy, shrinkage = day_handling / (day_handling + waiting), 1 - on_queue / paid
    if otherwise is not None:
        containment, aht = _or(containment, otherwise.containment), _or(aht, otherwise.aht_s)
        occupancy = np.where(occupancy > 0, occupancy, otherwise.occupancy)
        shrinkage = np.where(shrinkage < 1, shrinkage, otherwise.shrinkage)
    return Levels(
        volume=contacts * (WEEK / (weeks.days @ drawn)),
        containment=containment,
        aht_s=aht,
        occupancy=occupancy if plan.occupancy is None else np.full_like(occupancy, plan.occupancy),
        shrinkage=np.maximum(0.0, shrinkage) if plan.shrinkage is None else np.full_like(shrinkage, plan.shrinkage),
    )


def _by_segment(top: Array, bottom: Array) -> Array:
    """top/bottom of each segment, of all segments where one has nothing to divide by; NaN where none has."""
    found = top / bottom
    if bottom.all():
        return found
    return np.where(bottom > 0, found, top.sum(axis=0) / bottom.sum(axis=0))


def _or(values: Array, otherwise: Array) -> Array:
    unknown = np.isnan(values)
    return np.where(unknown, otherwise, values) if unknown.any() else values


def measured(weeks: Weeks) -> tuple[bool, bool]:
    """Whether occupancy and shrinkage can be taken from the working days."""
    sums = weeks.people.sum(axis=1)
    return bool(sums[DAY_HANDLING] > 0), bool(sums[ON_QUEUE] > 0 and sums[PAID] > 0)


def point(weeks: Weeks, plan: Plan) -> Levels:
    """The levels of a window as it was: one draw of every week once."""
    return levels(weeks, np.ones((weeks.count, 1)), plan)


@lru_cache(maxsize=64)
def drawn_weeks(count: int, stream: int) -> Array:
    """How often each of `count` weeks is drawn, 1000 times; the same every time, so that sites with the same weeks move together.

    Seven digits are plenty for the percentiles of draws and take half the time; the point estimate has all of them.
    """
    rng = np.random.default_rng([SEED, stream, count])
    return np.ascontiguousarray(rng.multinomial(count, np.full(count, 1 / count), size=DRAWS).T, dtype=np.float32)


def resampled(weeks: Weeks, plan: Plan, stream: int) -> Levels:
    """The levels of 1000 draws of whole weeks: one matrix product."""
    return levels(weeks, drawn_weeks(weeks.count, stream), plan, otherwise=point(weeks, plan))


@dataclass(frozen=True)
class Change:
    """All in FTE; the parts add up to counterfactual - required_now. `draws` are resampled reductions."""

    required_base: float
    counterfactual: float
    required_now: float
    parts: dict[str, float]
    draws: Array
    before: Levels
    after: Levels
    plan: Plan


def change(base: Weeks, now: Weeks, plan: Plan) -> Change:
    """Base practice against today's at today's volume (E6). Both windows have the same segments in the same order."""
    before, after = point(base, plan), point(now, plan)
    loads = [
        [float((after.volume * (1 - c) * h).sum()) for h in (before.aht_s, after.aht_s)] for c in (before.containment, after.containment)
    ]

    def need(moved: frozenset[int]) -> float:
        occupancy, shrinkage = (after if 2 in moved else before).occupancy, (after if 3 in moved else before).shrinkage
        return loads[0 in moved][1 in moved] * _fte_of_a_second(occupancy, shrinkage, plan).item()

    shares, known_now = shapley(PARTS, need), resampled(now, plan, stream=2)
    return Change(
        required_base=float((before.volume * _unit_need(before, plan)).sum()),
        counterfactual=need(frozenset()),
        required_now=need(frozenset(range(len(PARTS)))),
        parts={name: -share for name, share in shares.items()},
        draws=(known_now.volume * (_base_practice(base, plan) - _unit_need(known_now, plan))).sum(axis=0),
        before=before,
        after=after,
        plan=plan,
    )


def lmdi(found: Change) -> dict[str, float] | None:
    """LMDI-I of required_now - required_base by factor, in FTE: the cross-check of the parts (E6).

    None where a segment is missing in one window, or nothing of it is left to people: a factor of 0 has no logarithm.
    """
    rows = [_factor_rows(levels, found.plan) for levels in (found.before, found.after)]
    used = np.any([row.prod(axis=0) > 0 for row in rows], axis=0)
    before, after = (row[:, used] for row in rows)
    if not before.size or not (before > 0).all() or not (after > 0).all():
        return None
    start, end = before.prod(axis=0), after.prod(axis=0)
    same = np.isclose(start, end, rtol=1e-12, atol=0)
    mean = np.where(same, start, (end - start) / np.where(same, 1.0, np.log(end / start)))
    return dict(zip(FACTORS, (mean * np.log(after / before)).sum(axis=1).tolist(), strict=True))


def _factor_rows(found: Levels, plan: Plan) -> Array:
    """The five factors by segment, the paid hours with the volume: they are no practice."""
    volume = found.volume[:, 0]
    shared = [np.full_like(volume, 1 / value.item()) for value in (found.occupancy, 1 - found.shrinkage)]
    return np.stack([volume / SECONDS / plan.paid_hours, 1 - found.containment[:, 0], found.aht_s[:, 0], *shared])


def _fte_of_a_second(occupancy: Array, shrinkage: Array, plan: Plan) -> Array:
    """FTE that one second of handling a week takes."""
    return np.asarray(1 / (occupancy * (1 - shrinkage) * plan.paid_hours * SECONDS))


def _unit_need(found: Levels, plan: Plan) -> Array:
    """FTE per weekly contact, by segment and draw."""
    return (1 - found.containment) * found.aht_s * _fte_of_a_second(found.occupancy, found.shrinkage, plan)


def _base_practice(base: Weeks, plan: Plan) -> Array:
    """Draws of the need at base practice; remembered, for every period asks for them again."""
    arrays = (base.work, base.people, base.days)
    return _remembered(tuple(array.tobytes() for array in arrays), tuple(array.shape for array in arrays), plan)


@lru_cache(maxsize=128)
def _remembered(data: tuple[bytes, ...], shapes: tuple[tuple[int, ...], ...], plan: Plan) -> Array:
    work, people, days = (np.frombuffer(raw).reshape(shape) for raw, shape in zip(data, shapes, strict=True))
    return _unit_need(resampled(Weeks(work, people, days), plan, stream=1), plan)
