"""One course of the coming years, on paper, and what holds for any plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing.scenario import Plan, project

# 3600 contacts of 1000 s are 1000 hours; 0.5 x 0.5 x 40 = 10 hours of work per FTE: 100 FTE.
PLAN = Plan(
    contacts0=3600, aht0_s=1000, headcount0=100, paid_hours_per_fte=40, occupancy=0.5, shrinkage=0.5, attrition=0.1,
    contained_aht_ratio=0.5, false_containment=0.0, return_aht_ratio=1.0, volume_growth=(0.0, 0.0, 0.0), containment=(0.0, 0.4, 0.8),
    productivity_gain=(0.0, 0.0, 0.0), reskill_capacity=(0.0, 0.0, 5.0),
)  # fmt: skip


def plans(years: int = 4) -> st.SearchStrategy[Plan]:
    def each(low: float, high: float) -> st.SearchStrategy[tuple[float, ...]]:
        return st.tuples(*[st.floats(low, high)] * years)

    return st.builds(
        Plan, contacts0=st.floats(0, 1e6), aht0_s=st.floats(1, 2000), headcount0=st.floats(0, 1000),
        paid_hours_per_fte=st.floats(500, 2000), occupancy=st.floats(0.3, 1), shrinkage=st.floats(0, 0.6), attrition=st.floats(0, 1),
        contained_aht_ratio=st.floats(0, 1), false_containment=st.floats(0, 1), return_aht_ratio=st.floats(0, 2),
        volume_growth=each(-1, 1), containment=each(0, 1), productivity_gain=each(-0.5, 1), reskill_capacity=each(0, 50),
    )  # fmt: skip


def test_three_years_are_worked_out_by_hand() -> None:
    first, second, third = project(PLAN)
    assert (first.required_fte, first.leavers, first.before, first.hires, first.headcount) == pytest.approx((100, 10, 90, 10, 100))
    # 40 % contained at half the work leave 80 %: 80 FTE, 90 are there and nobody can be reskilled
    assert (second.workload_h, second.required_fte, second.surplus, second.separations) == pytest.approx((800, 80, 10, 10))
    assert (third.required_fte, third.before, third.surplus, third.reskilled, third.separations) == pytest.approx((60, 72, 12, 5, 7))
    assert [year.year for year in (first, second, third)] == [1, 2, 3]


def test_without_separations_the_surplus_stays_as_relief_until_people_leave() -> None:
    _, second, third = project(PLAN, no_separations=True)
    assert (second.separations, second.relief, second.headcount) == pytest.approx((0, 10, 90))
    assert (third.before, third.surplus, third.reskilled, third.relief, third.headcount) == pytest.approx((81, 21, 5, 16, 76))


def test_what_comes_back_from_the_machine_is_work_again() -> None:
    returns = replace(PLAN, false_containment=0.25, return_aht_ratio=2.0)
    # 1 - 0.4 x 0.5 + 0.4 x 0.25 x 2 = 1: nothing is won
    assert project(returns)[1].required_fte == pytest.approx(100)


def test_growth_and_productivity_work_against_each_other() -> None:
    level = replace(PLAN, containment=(0.0, 0.0, 0.0), volume_growth=(0.5, 0.0, 0.0), productivity_gain=(0.5, 0.5, 0.5))
    assert [year.required_fte for year in project(level)] == pytest.approx([100, 100, 100])
    assert project(level)[2].contacts == pytest.approx(5400)


@settings(deadline=None)
@given(plans(), st.booleans())
def test_every_head_is_accounted_for(plan: Plan, no_separations: bool) -> None:
    people = plan.headcount0
    for year, capacity in zip(project(plan, no_separations=no_separations), plan.reskill_capacity, strict=True):
        size = 1e-9 * (1 + people + year.required_fte)
        assert people - year.leavers == pytest.approx(year.before, abs=size)
        assert year.before + year.hires - year.reskilled - year.separations == pytest.approx(year.headcount, abs=size)
        assert year.required_fte + year.relief == pytest.approx(year.headcount, abs=size)
        assert min(year.hires, year.surplus) == 0
        assert year.reskilled <= min(year.surplus, capacity)
        people = year.headcount


@settings(deadline=None)
@given(plans())
def test_a_plan_without_separations_never_has_any_and_needs_the_same(plan: Plan) -> None:
    kept, free = project(plan, no_separations=True), project(plan)
    assert {year.separations for year in kept} == {0}
    assert {year.relief for year in free} == {0}
    assert [year.required_fte for year in kept] == [year.required_fte for year in free]
    assert all(one.headcount >= other.headcount for one, other in zip(kept, free, strict=True))
    assert all(one.hires <= other.hires + 1e-9 for one, other in zip(kept, free, strict=True))


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"contacts0": -1}, "contacts a year"),
    ({"aht0_s": 0}, "handling time"),
    ({"occupancy": 1.01}, "occupancy cannot be 1.01: nobody works more than all of the time"),
    ({"shrinkage": 1}, "shrinkage cannot be 1"),
    ({"attrition": 28}, "attrition is a share and cannot be 28: from 0 to 1 would be right, 0.2 for 20 %"),
    ({"false_containment": -0.1}, "false containment"),
    ({"paid_hours_per_fte": 9000}, "from 1 to 8784"),
    ({"containment": (0.0, 0.4)}, "containment has 2 years and volume growth 3: one entry a year would be right"),
    ({"containment": (0.0, 0.4, 1.8)}, "containment is a share"),
    ({"contained_aht_ratio": 1.5}, "containment x their relative AHT of at most 1"),
    ({"volume_growth": (0, -2, 0)}, "growth of contacts in a year cannot be -2"),
    ({"productivity_gain": (-1, 0, 0)}, "gain of productivity"),
    ({"reskill_capacity": (0, 0, -4)}, "reskilled cannot be -4"),
]


@pytest.mark.parametrize(("wrong", "said"), WRONG)
def test_what_cannot_be_is_refused_with_a_sentence(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(PLAN, **wrong)


@pytest.mark.parametrize("years", [0, 6, 30])
def test_more_years_than_anyone_can_foresee_are_refused(years: int) -> None:
    same = dict.fromkeys(("volume_growth", "containment", "productivity_gain", "reskill_capacity"), (0.0,) * years)
    with pytest.raises(ValueError, match=f"number of years cannot be {years}: a whole number from 1 to 5 would be right"):
        replace(PLAN, **same)
