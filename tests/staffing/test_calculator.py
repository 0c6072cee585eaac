"""The founding texts' own figures, in their rounding and in ours, and the assumption they leave out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing import calculator
from staffing.calculator import Claim, Load, Mode, people_needed

SLOW, FAST = Load(contacts=10_000, aht_s=300), Load(contacts=10_000, aht_s=270)
SEED = Claim(ai_resolution=0.6, throughput_gain=0.3)
TWELFTHS = 7 / 12
LOADS = st.builds(Load, st.floats(0, 1e6), st.floats(1, 3600), st.floats(4, 24), st.floats(0.3, 1), st.floats(0, 0.6))


@pytest.mark.parametrize(
    ("mode", "load", "capacity", "people"),
    [
        ("seed", SLOW, 96, 104),
        ("seed", FAST, 106, 94),
        ("plan", SLOW, 96, 105),
        ("plan", FAST, 106.67, 94),
        ("exact", SLOW, 96, 104.17),
        ("exact", FAST, 106.67, 93.75),
    ],
)
def test_every_mode_gives_its_figures(mode: str, load: Load, capacity: float, people: float) -> None:
    found = people_needed(load, Mode(mode))
    assert (round(found.capacity, 2), round(found.people, 2)) == (capacity, people)


@pytest.mark.parametrize(("load", "finished", "left"), [(SLOW, 9984, 16), (FAST, 9964, 36)])
def test_the_rounding_of_the_founding_texts_leaves_work_undone(load: Load, finished: int, left: int) -> None:
    found = people_needed(load, Mode.SEED)
    assert (found.finished, found.shortfall) == (finished, left)
    assert "nearest" in found.assumptions[-1]
    assert found.assumptions[:2] == ("occupancy 100\u202f%", "shrinkage 0\u202f%")


def test_ten_percent_is_the_cut_of_handling_time_and_capacity_rises_by_eleven() -> None:
    found = calculator.compare_aht(SLOW, 270)
    assert (found.aht_change, found.capacity_change, found.people_change) == pytest.approx((-0.1, 1 / 9, -0.1))
    assert calculator.compare_aht(SLOW, 270, Mode.SEED).people_change == pytest.approx(94 / 104 - 1)


def test_with_real_occupancy_and_shrinkage_it_is_175_and_158() -> None:
    real = replace(SLOW, occupancy=0.85, shrinkage=0.3)
    found = calculator.compare_aht(real, 270)
    assert (round(found.before.people, 1), round(found.after.people, 1)) == (175.1, 157.6)
    assert people_needed(real).people == 176


@given(LOADS)
def test_a_plan_leaves_nothing_undone_and_has_less_than_one_person_too_many(load: Load) -> None:
    plan, exact = people_needed(load, Mode.PLAN), people_needed(load, Mode.EXACT)
    assert (plan.shortfall, exact.shortfall) == (0, 0)
    assert exact.people - 1e-6 <= plan.people < exact.people + 1


@given(st.floats(1, 1e5), st.floats(1, 3600))
def test_in_the_seed_mode_what_is_left_is_never_more_than_half_a_persons_day(contacts: float, aht_s: float) -> None:
    found = people_needed(Load(contacts, aht_s), Mode.SEED)
    assert 0 <= found.shortfall <= found.capacity / 2 + 1e-3
    assert found.finished + found.shortfall >= contacts * (1 - 1e-8)


@pytest.mark.parametrize(
    ("share", "claim", "after"),
    [
        (TWELFTHS, SEED, 50.0),
        (1, SEED, 30.8),
        (TWELFTHS, Claim(0.6, 0.15), 56.5),
        (TWELFTHS, Claim(0.6, 0.3, 0.2), 55.4),
        (0.4761904762, Claim(0.6, calculator.gain_of_aht(0.7)), 50.0),
        (0, Claim(0.0), 100.0),
    ],
)
def test_a_hundred_people_become_so_many(share: float, claim: Claim, after: float) -> None:
    assert round(calculator.ai_fte(fte_before=100, simple_share=share, claim=claim), 1) == after


@pytest.mark.parametrize(
    ("claim", "percent"), [(SEED, 58.3), (Claim(0.6, 0.3, 0.2), 72.9), (Claim(0.6, calculator.gain_of_aht(0.7)), 47.6)]
)
def test_fifty_of_a_hundred_hide_a_simple_share_of_the_workload(claim: Claim, percent: float) -> None:
    found = calculator.simple_share_needed(fte_before=100, fte_after=50, claim=claim)
    assert found.feasible
    assert round(100 * (found.simple_share or 0), 1) == percent


def test_targets_out_of_reach_name_the_impossible_share() -> None:
    def needed(after: float, claim: Claim) -> calculator.Needed:
        return calculator.simple_share_needed(fte_before=100, fte_after=after, claim=claim)

    assert needed(10, SEED) == calculator.Needed(pytest.approx(1.45), False)
    assert needed(90, SEED) == calculator.Needed(pytest.approx(-0.17 / 0.6), False)
    assert needed(50, Claim(0.0, 0.3)) == calculator.Needed(None, False)
    assert needed(50, Claim(0.6, 0.3, returned_share=1)) == calculator.Needed(None, False)
    assert needed(80, Claim(0.0, 0.25)) == calculator.Needed(0.0, True)


@given(st.floats(1, 1e4), st.floats(0, 1), st.builds(Claim, st.floats(0.01, 1), st.floats(0, 2), st.floats(0, 0.9)))
def test_the_needed_share_is_the_inverse_of_the_need(before: float, share: float, claim: Claim) -> None:
    after = calculator.ai_fte(fte_before=before, simple_share=share, claim=claim)
    found = calculator.simple_share_needed(fte_before=before, fte_after=after, claim=claim)
    assert found.feasible
    assert found.simple_share == pytest.approx(share, abs=1e-9)


def test_the_claim_is_read_in_five_ways() -> None:
    found = calculator.readings(fte_before=100, fte_after=50, claim=SEED)
    assert [round(reading.fte_after, 1) for reading in found] == [50.0, 30.8, 56.5, 55.4, 45.5]
    assert [round(100 * (reading.needed.simple_share or 0), 1) for reading in found] == [58.3, 58.3, 70.8, 72.9, 47.6]
    with pytest.raises(ValueError, match="no simple share from 0 to 1 takes 100 FTE to 10"):
        calculator.readings(fte_before=100, fte_after=10, claim=SEED)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"contacts": -1}, "contacts a day cannot be -1"),
        ({"aht_s": -300}, "handling time in seconds cannot be -300: more than 0"),
        ({"hours": 25}, "working day cannot have 25 hours: above 0 and at most 24"),
        ({"occupancy": 1.1}, "occupancy cannot be 1.1"),
        ({"shrinkage": 1}, "shrinkage cannot be 1"),
    ],
)
def test_a_load_that_cannot_be_is_refused_with_a_sentence(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(SLOW, **wrong)


def test_the_seed_mode_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="know no occupancy or shrinkage"):
        people_needed(replace(SLOW, occupancy=0.85), Mode.SEED)
    with pytest.raises(ValueError, match="nobody finishes a contact"):
        people_needed(replace(SLOW, aht_s=30_000), Mode.SEED)
    with pytest.raises(ValueError, match="rounds to nobody"):
        calculator.compare_aht(replace(SLOW, contacts=10), 270, Mode.SEED)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ai_resolution": 60}, "AI resolution is a share and cannot be 60: from 0 to 1 would be right, 0.2 for 20 %"),
        ({"returned_share": -0.1}, "comes back"),
        ({"throughput_gain": -1}, "gain of throughput of -1 cannot be"),
        ({"throughput_gain": 30}, "0.3 for 30 %"),
    ],
)
def test_a_claim_that_cannot_be_is_refused_with_a_sentence(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(SEED, **wrong)
