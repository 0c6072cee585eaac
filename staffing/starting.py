"""Where an outlook starts: the work of today as a year, and the plan whose year 0 it is (metrics.md E2, E10). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from staffing import limits
from staffing.scenario import Plan
from staffing.workload import Practice, required_fte

WEEKS_A_YEAR = 365.25 / 7


@dataclass(frozen=True)
class Today:
    """Contacts a year, share that needs no person, AHT of the others, occupancy, shrinkage, paid hours a year per FTE."""

    contacts: float
    contained: float
    aht_s: float
    occupancy: float
    shrinkage: float
    paid_hours: float

    def __post_init__(self) -> None:
        limits.volume("the number of contacts a year", self.contacts)
        limits.share("containment today", self.contained)
        limits.above_zero("handling time in seconds", self.aht_s)
        limits.occupancy(self.occupancy)
        limits.shrinkage(self.shrinkage)
        limits.between("paid hours a year per FTE", self.paid_hours, 1, 8784)

    @property
    def need(self) -> float:
        """FTE for today's work."""
        return required_fte(Practice(self.contacts, self.contained, self.aht_s, self.occupancy, self.shrinkage, self.paid_hours))


@dataclass(frozen=True)
class Course:
    """What is assumed of the coming years. Growth a year; containment and gain of throughput as they stand in the last year, on
    a straight line from today; people who can be reskilled a year. `people` None: as many as today's work needs."""

    years: int
    growth: float
    containment: float
    gain: float
    attrition: float
    contained_ratio: float
    false: float
    return_ratio: float
    reskilled: float
    people: float | None = None


def plan_of(today: Today, course: Course) -> Plan:
    """The plan in which today's containment asks for today's work, whatever is assumed of the contacts that AI takes.

    AHT of today is that of the contacts left to people; E10 wants that of all of them before any went to the AI.
    """
    limits.whole("the number of years", course.years, 3, 5)
    effort = 1 - today.contained * course.contained_ratio + today.contained * course.false * course.return_ratio
    limits.above_zero("the work left to people today, relative to that of all contacts", effort)
    steps = [(year + 1) / course.years for year in range(course.years)]
    return Plan(
        contacts0=today.contacts,
        aht0_s=today.aht_s * (1 - today.contained) / effort,
        headcount0=today.need if course.people is None else course.people,
        paid_hours_per_fte=today.paid_hours,
        occupancy=today.occupancy,
        shrinkage=today.shrinkage,
        attrition=course.attrition,
        contained_aht_ratio=course.contained_ratio,
        false_containment=course.false,
        return_aht_ratio=course.return_ratio,
        volume_growth=(course.growth,) * course.years,
        containment=tuple(today.contained + step * (course.containment - today.contained) for step in steps),
        productivity_gain=tuple(step * course.gain for step in steps),
        reskill_capacity=(course.reskilled,) * course.years,
    )
