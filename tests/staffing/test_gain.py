"""Where the gain went: hours that add up exactly, and two warnings."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from staffing.gain import Alerts, Window, alerts, allocate

BEFORE = Window(contacts=100_000, containment=0, aht_s=300, paid_hours=15_000)
CUT: dict[str, Any] = {"phase": "decline", "freed_h": 2000, "growth_absorbed_h": -100, "released_h": 1700, "relief_h": 400}


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """In exact fractions, so that an identity can be asked for exactly."""
    paid = draw(st.fractions(1, 10**6))
    contacts, contained, aht = draw(st.fractions(0, 10**5)), draw(st.fractions(0, 1)), draw(st.fractions(0, 3600))
    assume(contacts * (1 - contained) * aht / 3600 <= paid)
    return Window(contacts, contained, aht, paid)


def test_the_example_frees_2111_hours() -> None:
    found = allocate(BEFORE, Window(contacts=100_000, containment=0.2, aht_s=280, paid_hours=12_500))
    assert [round(hours) for hours in (found.freed_h, found.growth_absorbed_h, found.released_h, found.relief_h)] == [2111, 0, 1389, 722]


@given(windows(), windows())
def test_what_is_freed_is_exactly_the_sum_of_its_parts(base: Window, now: Window) -> None:
    found = allocate(base, now)
    parts = (found.growth_absorbed_h, found.released_h, found.relief_h)
    assert all(isinstance(part, Fraction) for part in parts)
    assert sum(parts) == found.freed_h


@given(windows())
def test_where_nothing_changed_nothing_was_freed(window: Window) -> None:
    found = allocate(window, window)
    assert (found.freed_h, found.growth_absorbed_h, found.released_h, found.relief_h) == (0, 0, 0, 0)


def test_growth_takes_the_gain_and_more_from_those_who_stay() -> None:
    found = allocate(BEFORE, Window(contacts=130_000, containment=0.15, aht_s=290, paid_hours=15_000))
    assert (found.growth_absorbed_h, found.released_h) == (2500, 0)
    assert found.relief_h == pytest.approx(found.freed_h - 2500)
    assert found.relief_h < 0


def test_the_redeployed_are_a_part_of_the_released() -> None:
    now = replace(BEFORE, containment=0.2, paid_hours=12_500)
    assert allocate(BEFORE, now, redeployed_h=300).redeployed_h == 300
    for wrong in (-1, 1500):
        with pytest.raises(ValueError, match="from 0 to the released hours"):
            allocate(BEFORE, now, redeployed_h=wrong)


def test_a_gain_mostly_taken_out_in_decline_warns_of_substitution() -> None:
    assert alerts(**CUT) == Alerts(0.85, 0.2, True, False)


@pytest.mark.parametrize(
    "milder",
    [
        {"phase": "growth"},
        {"phase": "undetermined"},
        {"released_h": 1000, "growth_absorbed_h": 600},
        {"relief_h": 500, "growth_absorbed_h": -200},
    ],
    ids=["growth", "unknown phase", "half released", "a quarter relief"],
)
def test_no_substitution_is_called_at_the_limit_or_in_growth(milder: dict[str, Any]) -> None:
    assert not alerts(**CUT | milder).substitution_alert


def test_nothing_freed_has_no_shares_but_still_warns_of_intensification() -> None:
    found = alerts(phase="plateau", freed_h=0, growth_absorbed_h=50, released_h=0, relief_h=-50)
    assert found == Alerts(None, None, False, True)


@given(windows(), windows(), st.sampled_from(["growth", "plateau", "decline", "undetermined", "insufficient"]))
def test_intensification_is_called_exactly_when_people_work_denser(base: Window, now: Window, phase: str) -> None:
    found = allocate(base, now)
    hours = {name: float(getattr(found, name)) for name in ("freed_h", "growth_absorbed_h", "released_h", "relief_h")}
    assert alerts(phase=phase, **hours).intensification_alert == (now.utilisation > base.utilisation)


def test_parts_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="add up to the freed hours"):
        alerts(**CUT | {"freed_h": 2500})
    with pytest.raises(ValueError, match="'shrinking' is no phase: one of growth"):
        alerts(**CUT | {"phase": "shrinking"})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"contacts": -1}, "contacts"),
        ({"containment": 1.2}, "containment is a share"),
        ({"aht_s": -5}, "handling time"),
        ({"paid_hours": 0}, "paid hours cannot be 0"),
        ({"paid_hours": 8000}, "8333.3 hours of handling do not fit into 8000.0 paid hours"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(BEFORE, **wrong)
