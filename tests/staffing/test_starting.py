"""An outlook starts from today's work, whatever is assumed of the contacts that AI takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from staffing.scenario import project
from staffing.starting import WEEKS_A_YEAR, Course, Today, plan_of

TODAY = Today(contacts=100_000, contained=0.2, aht_s=360, occupancy=0.8, shrinkage=0.25, paid_hours=2000)
LEVEL = Course(years=3, growth=0, containment=0.2, gain=0, attrition=0, contained_ratio=1, false=0, return_ratio=1, reskilled=0)


def needs(course: Course) -> list[float]:
    return [year.required_fte for year in project(plan_of(TODAY, course))]


def test_today_is_80_000_contacts_of_360_s_in_1200_hours_each() -> None:
    assert TODAY.need == pytest.approx(80_000 * 0.1 / (0.8 * 0.75 * 2000))


@pytest.mark.parametrize(
    "changes", [{}, {"contained_ratio": 0.7}, {"false": 0.3}, {"contained_ratio": 0.8, "false": 0.2, "return_ratio": 1.4}]
)
def test_if_nothing_changes_the_need_stays(changes: dict[str, float]) -> None:
    assert needs(replace(LEVEL, **changes)) == pytest.approx([TODAY.need] * 3)


def test_containment_goes_to_its_last_year_on_a_straight_line() -> None:
    assert needs(replace(LEVEL, containment=0.5)) == pytest.approx([TODAY.need * left / 0.8 for left in (0.7, 0.6, 0.5)])


def test_contained_contacts_that_are_easier_leave_the_harder_ones() -> None:
    easy, average = (needs(replace(LEVEL, containment=0.5, contained_ratio=ratio))[-1] for ratio in (0.7, 1.0))
    assert easy > average
    assert easy == pytest.approx(TODAY.need * (1 - 0.5 * 0.7) / (1 - 0.2 * 0.7))


def test_throughput_and_growth_multiply() -> None:
    assert needs(replace(LEVEL, growth=0.1, gain=0.3))[-1] == pytest.approx(TODAY.need * 1.1**3 / 1.3)


def test_people_are_as_many_as_needed_unless_said_otherwise() -> None:
    assert plan_of(TODAY, LEVEL).headcount0 == pytest.approx(TODAY.need)
    assert plan_of(TODAY, replace(LEVEL, people=9.0)).headcount0 == 9


@pytest.mark.parametrize(
    ("today", "course", "sentence"),
    [
        ({}, {"years": 6}, "the number of years cannot be 6"),
        ({"contained": 1.2}, {}, "containment today is a share"),
        ({"occupancy": 1.3}, {}, "nobody works more than all of the time"),
        ({"paid_hours": 9000}, {}, "paid hours a year per FTE cannot be 9000"),
        ({"contained": 1.0}, {"containment": 1.0}, "the work left to people today"),
        ({}, {"containment": -0.1}, "containment is a share"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(today: dict[str, float], course: dict[str, float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        plan_of(replace(TODAY, **today), replace(LEVEL, **course))


def test_a_year_has_52_weeks_and_a_bit() -> None:
    assert pytest.approx(52.18, abs=0.01) == WEEKS_A_YEAR
