"""Who found a new role, and who finished a course."""

from __future__ import annotations

from typing import Any

import pytest

from staffing.reskilling import Reskilling, reskilling

HALF: dict[str, Any] = {"displaced": 24, "entered": 15, "completed": 13, "redeployed_6m": 12}


def test_twelve_of_twenty_four_in_a_new_role_are_half() -> None:
    assert reskilling(**HALF) == Reskilling(0.5, 13 / 15)


def test_without_displaced_people_absorption_does_not_apply() -> None:
    assert reskilling(displaced=0, entered=4, completed=3, redeployed_6m=0) == Reskilling(None, 0.75)


def test_without_entries_completion_does_not_apply() -> None:
    assert reskilling(displaced=4, entered=0, completed=0, redeployed_6m=1) == Reskilling(0.25, None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"completed": 16}, "16 people finished a course and only 15 entered one: at most 15 would be right"),
        ({"redeployed_6m": 25}, "25 people hold a new role and only 24 lost theirs"),
        ({"displaced": -1}, "displaced people cannot be -1: a whole number"),
        ({"entered": 15.5}, "entered people cannot be 15.5"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        reskilling(**HALF | wrong)
