"""The outlook of the coming years with its doubt: low, base, high and a Monte Carlo band (metrics.md E10). Pure numpy, seeded.

Low and high speak of the need: every assumption at the end of its range that asks for the fewest, or for the most, people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from staffing import limits
from staffing.scenario import SLOWEST, TERMS, Array, Course, Plan, Year, course_of, follow, work_per_contact, years_of

DRAWS, SEED, CONF = 2000, 20_260_101, 0.95
MOST_DRAWS = 100_000


@dataclass(frozen=True)
class Doubt:
    """How far each assumption may be off to either side, in its own unit, in all years alike (policy; 0 = taken as certain)."""

    volume_growth: float = 0.03
    containment: float = 0.10
    productivity_gain: float = 0.05
    contained_aht_ratio: float = 0.10
    false_containment: float = 0.05
    return_aht_ratio: float = 0.20
    attrition: float = 0.05

    def __post_init__(self) -> None:
        for field in fields(self):
            limits.share(f"the doubt about {field.name.replace('_', ' ')}", getattr(self, field.name))


@dataclass(frozen=True)
class Band:
    """One year over all draws, term by term: quantiles of different terms do not add up to one another."""

    low: Year
    median: Year
    high: Year


@dataclass(frozen=True)
class Outlook:
    """Years by course, the band by year, and what it was drawn with."""

    low: tuple[Year, ...]
    base: tuple[Year, ...]
    high: tuple[Year, ...]
    band: tuple[Band, ...]
    sums: Mapping[str, tuple[float, float]]  # of all years together, term by term; of relief the highest year
    no_separations: bool
    doubt: Doubt
    draws: int
    seed: int
    conf: float


def build_outlook(
    plan: Plan, doubt: Doubt | None = None, *, no_separations: bool = False, draws: int = DRAWS, seed: int = SEED, conf: float = CONF
) -> Outlook:
    """The same plan and seed give the same outlook. Required FTE of every draw lies between low and high."""
    limits.whole("the number of draws", draws, 100, MOST_DRAWS)
    limits.between("the confidence of the band", conf, 0.5, 0.999)
    doubt, base = doubt or Doubt(), course_of(plan)
    low, middle, high = (
        years_of(follow(plan, course, no_separations=no_separations))
        for course in (_extreme(base, doubt, most=False), base, _extreme(base, doubt, most=True))
    )
    drawn = follow(plan, _drawn(base, doubt, draws, seed), no_separations=no_separations)
    return Outlook(low, middle, high, _band(plan, drawn, conf), _sums(drawn, conf), no_separations, doubt, draws, seed, conf)


def _sums(drawn: Mapping[str, Array], conf: float) -> dict[str, tuple[float, float]]:
    """Quantiles of what the years of one course add up to, which those of single years do not."""
    every = {name: drawn[name].sum(axis=0) for name in TERMS} | {"relief": drawn["relief"].max(axis=0)}
    limits_of = {name: np.quantile(values, ((1 - conf) / 2, (1 + conf) / 2)).tolist() for name, values in every.items()}
    return {name: (low, high) for name, (low, high) in limits_of.items()}


def _band(plan: Plan, drawn: Mapping[str, Array], conf: float) -> tuple[Band, ...]:
    levels = ((1 - conf) / 2, 0.5, (1 + conf) / 2)
    at = {name: np.quantile(drawn[name], levels, axis=1) for name in TERMS}
    return tuple(
        Band(*(Year(year + 1, **{name: float(at[name][place, year]) for name in TERMS}) for place in range(len(levels))))
        for year in range(plan.years)
    )


def _drawn(base: Course, doubt: Doubt, draws: int, seed: int) -> Course:
    """Each assumption is off by a triangular amount of its own, the same in all years."""
    off = np.random.default_rng(seed).triangular(-1, 0, 1, size=(len(fields(doubt)), draws))
    return _shifted(base, off * np.array([[getattr(doubt, field.name)] for field in fields(doubt)]))


def _shifted(base: Course, off: Array) -> Course:
    """The course with each assumption moved, kept within what can be."""
    moved = dict(zip((field.name for field in fields(Doubt)), off, strict=True))
    return Course(
        growth=np.maximum(-1.0, base.growth + moved["volume_growth"]),
        containment=np.clip(base.containment + moved["containment"], 0, 1),
        gain=np.maximum(SLOWEST, base.gain + moved["productivity_gain"]),
        contained_ratio=np.maximum(0.0, base.contained_ratio + moved["contained_aht_ratio"]),
        false=np.clip(base.false + moved["false_containment"], 0, 1),
        return_ratio=np.maximum(0.0, base.return_ratio + moved["return_aht_ratio"]),
        attrition=np.clip(base.attrition + moved["attrition"], 0, 1),
    )


# Which way each assumption moves the need; that of containment depends on the others.
_MORE_WORK = {"volume_growth": 1, "productivity_gain": -1, "contained_aht_ratio": -1, "false_containment": 1, "return_aht_ratio": 1}


def _extreme(base: Course, doubt: Doubt, *, most: bool) -> Course:
    """The course with the most or the least work in every year; attrition, which changes no need, as in the base."""
    sign = 1 if most else -1
    off = np.array([[sign * _MORE_WORK.get(field.name, 0) * getattr(doubt, field.name)] for field in fields(doubt)], dtype=float)
    course = _shifted(base, off)
    low, high = (np.clip(base.containment + side * doubt.containment, 0, 1) for side in (-1, 1))
    nothing_left = np.clip(1 / np.maximum(course.contained_ratio, 1e-9), low, high)
    choices = np.stack([low, high, nothing_left])
    work = work_per_contact(choices, course.contained_ratio, course.false, course.return_ratio)
    best = np.expand_dims(work.argmax(axis=0) if most else work.argmin(axis=0), 0)
    return replace(course, containment=np.take_along_axis(choices, best, axis=0)[0])
