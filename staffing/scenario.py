"""One course of the coming years: need, leavers, hires, surplus and what becomes of it (metrics.md E10). Pure numpy.

Everything is an array over draws, so that one course and a thousand are computed by the same lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from staffing import limits
from staffing.workload import SECONDS

Array = NDArray[np.floating]
MOST_YEARS = 5
SLOWEST = -0.9  # a fall of productivity below this is a typing error


@dataclass(frozen=True)
class Plan:
    """Assumptions. Year 0: contacts a year, AHT in seconds, people (FTE). Constant: paid hours a year per FTE, occupancy, shrinkage,
    attrition a year, AHT of contained contacts and of returns relative to the average, false containment. One entry a year:
    growth of contacts, containment, gain of throughput against year 0, people who can be reskilled. ValueError where one cannot be."""

    contacts0: float
    aht0_s: float
    headcount0: float
    paid_hours_per_fte: float
    occupancy: float
    shrinkage: float
    attrition: float
    contained_aht_ratio: float
    false_containment: float
    return_aht_ratio: float
    volume_growth: tuple[float, ...]
    containment: tuple[float, ...]
    productivity_gain: tuple[float, ...]
    reskill_capacity: tuple[float, ...]

    @property
    def years(self) -> int:
        return len(self.volume_growth)

    def __post_init__(self) -> None:
        self._check_constants()
        limits.whole("the number of years", self.years, 1, MOST_YEARS)
        for name in ("containment", "productivity_gain", "reskill_capacity"):
            if len(getattr(self, name)) != self.years:
                text = _("%(name)s has %(some)s years and volume growth %(years)s: one entry a year would be right")
                raise ValueError(text % {"name": name, "some": len(getattr(self, name)), "years": self.years})
        self._check_years()

    def _check_constants(self) -> None:
        limits.not_negative("the number of contacts a year", self.contacts0)
        limits.above_zero("handling time in seconds", self.aht0_s)
        limits.not_negative("the number of people", self.headcount0)
        limits.between("paid hours a year per FTE", self.paid_hours_per_fte, 1, 8784)
        limits.occupancy(self.occupancy)
        limits.shrinkage(self.shrinkage)
        limits.share("attrition", self.attrition)
        limits.share("false containment", self.false_containment)
        limits.between("the AHT of contained contacts relative to the average", self.contained_aht_ratio, 0, 10)
        limits.between("the AHT of returning contacts relative to the average", self.return_aht_ratio, 0, 10)

    def _check_years(self) -> None:
        for growth, contained, gain, capacity in zip(
            self.volume_growth, self.containment, self.productivity_gain, self.reskill_capacity, strict=True
        ):
            limits.between("the growth of contacts in a year", growth, -1, 5)
            limits.share("containment", contained)
            limits.between("the gain of productivity", gain, SLOWEST, 5)
            limits.not_negative("the number of people who can be reskilled", capacity)
            if (work := contained * self.contained_aht_ratio) > 1:
                text = _("contained contacts cannot be %(work)s of the work: containment x their relative AHT of at most 1 would be right")
                raise ValueError(text % {"work": work})


@dataclass(frozen=True)
class Year:
    """One year, with every term, in FTE but for the contacts and the hours of work.

    headcount = before + hires - reskilled - separations = required_fte + relief, where before = last year's headcount - leavers.
    """

    year: int
    contacts: float
    workload_h: float
    required_fte: float
    leavers: float
    before: float
    hires: float
    surplus: float
    reskilled: float
    separations: float
    relief: float
    headcount: float


TERMS = tuple(field.name for field in fields(Year))[1:]


@dataclass(frozen=True)
class Course:
    """What a plan leaves open, by year (years x draws) or for all years (draws)."""

    growth: Array
    containment: Array
    gain: Array
    contained_ratio: Array
    false: Array
    return_ratio: Array
    attrition: Array


def course_of(plan: Plan) -> Course:
    """The plan itself, as a single draw."""
    by_year = (np.array(values, dtype=float)[:, None] for values in (plan.volume_growth, plan.containment, plan.productivity_gain))
    constants = (plan.contained_aht_ratio, plan.false_containment, plan.return_aht_ratio, plan.attrition)
    return Course(*by_year, *(np.array([value], dtype=float) for value in constants))


def work_per_contact(containment: Array, contained_ratio: Array, false: Array, return_ratio: Array) -> Array:
    """Work of one contact relative to year 0, before any gain: what is left to people and what comes back to them."""
    return np.maximum(0.0, 1 - containment * contained_ratio) + containment * false * return_ratio


def follow(plan: Plan, course: Course, *, no_separations: bool) -> Mapping[str, Array]:
    """Every term of `Year` as years x draws."""
    contacts = plan.contacts0 * np.cumprod(1 + course.growth, axis=0)
    effort = work_per_contact(course.containment, course.contained_ratio, course.false, course.return_ratio)
    hours = contacts * plan.aht0_s / SECONDS * effort / (1 + course.gain)
    need = hours / (plan.occupancy * (1 - plan.shrinkage) * plan.paid_hours_per_fte)
    people, years = np.full(need.shape[1], float(plan.headcount0)), []
    for required, capacity in zip(need, plan.reskill_capacity, strict=True):
        years.append(_one_year(people, required, people * course.attrition, capacity, no_separations))
        people = years[-1]["headcount"]
    terms: dict[str, Array] = {"contacts": contacts, "workload_h": hours, "required_fte": need}
    return terms | {name: np.stack([year[name] for year in years]) for name in years[0]}


def _one_year(people: Array, required: Array, leavers: Array, capacity: float, no_separations: bool) -> dict[str, Array]:
    before = people - leavers
    hires, surplus = np.maximum(0.0, required - before), np.maximum(0.0, before - required)
    reskilled = np.minimum(surplus, capacity)
    left, nobody = surplus - reskilled, np.zeros_like(surplus)
    separations, relief = (nobody, left) if no_separations else (left, nobody)
    terms = {"leavers": leavers, "before": before, "hires": hires, "surplus": surplus, "reskilled": reskilled}
    return terms | {"separations": separations, "relief": relief, "headcount": required + relief}


def years_of(terms: Mapping[str, Array]) -> tuple[Year, ...]:
    """The years of a single draw."""
    count = len(terms["contacts"])
    return tuple(Year(at + 1, **{name: float(terms[name][at, 0]) for name in TERMS}) for at in range(count))


def project(plan: Plan, *, no_separations: bool = False) -> tuple[Year, ...]:
    """The plan's own course. With `no_separations` the surplus that is not reskilled stays, as relief, until people leave by themselves."""
    return years_of(follow(plan, course_of(plan), no_separations=no_separations))
