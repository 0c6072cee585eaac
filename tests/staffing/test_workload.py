"""Hours, posts and exact parts, on paper."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staffing import workload
from staffing.workload import Practice

DAY = Practice(contacts=3600, containment=0.5, aht_s=2.0, occupancy=0.5, shrinkage=0.5, paid_hours_per_fte=1.0)
PRACTICES = st.builds(
    Practice,
    contacts=st.floats(0, 1e6),
    containment=st.floats(0, 1),
    aht_s=st.floats(0, 5000),
    occupancy=st.floats(0.05, 1),
    shrinkage=st.floats(0, 0.95),
    paid_hours_per_fte=st.floats(1, 2000),
)


def test_an_hour_of_work_at_quarter_use_needs_four_posts() -> None:
    assert workload.required_fte(DAY) == pytest.approx(4)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"aht_s": -1}, "handling time"),
        ({"contacts": -1}, "contacts"),
        ({"occupancy": 1.01}, "occupancy"),
        ({"occupancy": 0}, "occupancy"),
        ({"shrinkage": 1}, "shrinkage"),
        ({"containment": 1.1}, "containment"),
        ({"paid_hours_per_fte": 0}, "paid hours"),
        ({"aht_s": float("nan")}, "handling time"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(DAY, **wrong)


@settings(deadline=None)
@given(st.lists(st.tuples(PRACTICES, PRACTICES), min_size=1, max_size=4))
def test_the_parts_add_up_and_the_identity_holds(segments: list[tuple[Practice, Practice]]) -> None:
    found = workload.fte_reduction(segments)
    size = 1e-9 * (1 + abs(found.required_base) + abs(found.counterfactual) + abs(found.required_now))
    assert sum(found.parts.values()) == pytest.approx(found.fte_reduction, abs=size)
    assert found.required_now - found.required_base == pytest.approx(found.volume_effect - found.fte_reduction, abs=size)
    assert sum(workload.five_factors(segments).values()) == pytest.approx(found.required_now - found.required_base, abs=size)


def test_a_factor_that_did_not_move_has_no_part() -> None:
    found = workload.fte_reduction([(DAY, replace(DAY, aht_s=1.0))])
    assert found.parts == pytest.approx({"containment": 0, "aht": 2, "occupancy": 0, "shrinkage": 0})


def test_more_work_than_before_is_a_negative_saving() -> None:
    assert workload.fte_reduction([(DAY, replace(DAY, aht_s=4.0))]).fte_reduction == pytest.approx(-4)


def test_growth_is_volume_and_never_a_saving() -> None:
    found = workload.fte_reduction([(DAY, replace(DAY, contacts=7200))])
    assert (found.fte_reduction, found.volume_effect) == (pytest.approx(0), pytest.approx(4))


def test_logarithms_of_nothing_are_refused_in_favour_of_shapley() -> None:
    with pytest.raises(ValueError, match="Shapley"):
        workload.lmdi_fte([(DAY, replace(DAY, containment=1))])
    with pytest.raises(ValueError, match="Shapley"):
        workload.log_mean(0, 1)


@settings(deadline=None)
@given(PRACTICES, PRACTICES)
def test_both_decompositions_have_the_same_sum(base: Practice, now: Practice) -> None:
    if min(base.contacts, now.contacts, base.aht_s, now.aht_s, 1 - base.containment, 1 - now.containment) < 1e-6:
        return
    one, other = workload.five_factors([(base, now)]), workload.lmdi_fte([(base, now)])
    total = workload.required_fte(base) + workload.required_fte(now)
    assert sum(one.values()) == pytest.approx(sum(other.values()), abs=1e-8 * (1 + total))


def test_people_are_rounded_up_once_and_not_for_a_hair() -> None:
    found = workload.seed_capacity(aht_s=288, productive_hours=8, contacts=10_000)
    assert (found.capacity_exact, found.agents_exact, found.agents_exact_ceil) == (100, 100, 100)
    assert workload.seed_capacity(aht_s=288, productive_hours=8, contacts=10_001).agents_exact_ceil == 101


def test_who_finishes_no_contact_a_day_gives_no_whole_capacity() -> None:
    found = workload.seed_capacity(aht_s=3600 * 9, productive_hours=8, contacts=8)
    assert (found.capacity_floor, found.agents_from_floor, found.agents_exact_ceil) == (0, None, 9)


@pytest.mark.parametrize("wrong", [{"aht_s": 0}, {"productive_hours": -1}, {"contacts": -1}])
def test_time_that_runs_backwards_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="above 0"):
        workload.seed_capacity(**{"aht_s": 300, "productive_hours": 8, "contacts": 1} | wrong)


def test_the_decline_with_ai_of_the_definition_holds_in_every_figure() -> None:
    before = Practice(contacts=200_000, containment=0, aht_s=300, occupancy=0.8, shrinkage=0.3, paid_hours_per_fte=160)
    now = Practice(contacts=180_000, containment=0.3, aht_s=270, occupancy=0.85, shrinkage=0.28, paid_hours_per_fte=160)
    found, five = workload.fte_reduction([(before, now)]), workload.five_factors([(before, now)])
    needs = (found.required_base, found.required_now, found.counterfactual, found.volume_effect, found.fte_reduction)
    assert [round(fte, 1) for fte in needs] == [186.0, 96.5, 167.4, -18.6, 70.9]
    assert [round(found.parts[name], 1) for name in workload.PARTS] == [45.7, 13.7, 7.9, 3.7]
    assert [round(five[name], 1) for name in workload.FACTORS] == [-14.5, -48.3, -14.5, -8.3, -3.9]
    assert round(sum(five.values()), 1) == -89.5


def test_the_founding_texts_floored_capacity_needs_95_to_cover_the_load() -> None:
    found = workload.seed_capacity(aht_s=270, productive_hours=8, contacts=10_000)
    assert (found.capacity_floor, found.agents_from_floor_ceil, found.agents_exact_ceil) == (106, 95, 94)
