"""What a reader is told when a published value changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.metric import Unit
from kpi.restatement import Action, Revisions, decide, revisions

SHARES = st.one_of(st.none(), st.floats(0, 1))


def decided(published: float | None, revised: float | None, days: int, half: float | None = 0.01, **more: object) -> Action:
    return decide(published, revised, ci_half_width=half, days_since_period_end=days, **more)


@pytest.mark.parametrize(
    ("revised", "action"),
    [
        (0.8124, Action.NO_CHANGE),  # 81.2 both
        (0.8125, Action.UPDATE_MARKED_REVISED),  # 81.3, half up
        (0.8115, Action.NO_CHANGE),
        (0.8114, Action.UPDATE_MARKED_REVISED),  # 81.1
        (0.5, Action.UPDATE_MARKED_REVISED),
    ],
)
def test_before_the_twenty_eighth_day_what_is_displayed_decides(revised: float, action: Action) -> None:
    assert decided(0.812, revised, 27) is action


def test_on_the_twenty_eighth_day_a_value_is_final() -> None:
    assert decided(0.812, 0.808, 27) is Action.UPDATE_MARKED_REVISED
    assert decided(0.812, 0.808, 28) is Action.LOG_ONLY


@pytest.mark.parametrize(
    ("revised", "half", "action"),
    [
        (0.807, 0.02, Action.RESTATE_WITH_NOTICE),  # half a point, and 0.02/4 is no more
        (0.8071, 0.02, Action.LOG_ONLY),
        (0.807, 0.04, Action.LOG_ONLY),  # 0.04/4 is a whole point
        (0.802, 0.04, Action.RESTATE_WITH_NOTICE),
        (0.807, None, Action.RESTATE_WITH_NOTICE),
    ],
)
def test_a_final_value_is_restated_when_the_change_is_material(revised: float, half: float | None, action: Action) -> None:
    assert decided(0.812, revised, 40, half) is action


def test_an_index_counts_in_points_of_a_hundred() -> None:
    assert decided(58.0, 58.04, 3, 2.0, unit=Unit.INDEX) is Action.NO_CHANGE
    assert decided(58.0, 58.4, 40, 1.0, unit=Unit.INDEX) is Action.LOG_ONLY
    assert decided(58.0, 58.5, 40, 1.0, unit=Unit.INDEX) is Action.RESTATE_WITH_NOTICE


def test_a_changed_definition_breaks_the_series_whatever_the_value() -> None:
    assert decided(0.8, 0.8, 3, definition_changed=True) is Action.SERIES_BREAK
    assert decided(0.8, 0.2, 90, definition_changed=True) is Action.SERIES_BREAK


def test_a_value_that_appears_or_disappears_is_a_change() -> None:
    assert decided(None, 0.8, 3) is Action.UPDATE_MARKED_REVISED
    assert decided(0.8, None, 40) is Action.RESTATE_WITH_NOTICE
    assert decided(None, None, 3) is Action.NO_CHANGE
    assert decided(None, None, 40) is Action.LOG_ONLY


@given(SHARES, SHARES, st.integers(0, 60))
def test_the_direction_of_a_final_change_does_not_matter(one: float | None, other: float | None, days: int) -> None:
    assert decided(one, other, days) is decided(other, one, days)


@pytest.mark.parametrize(
    ("published", "half", "days", "said"),
    [(0.8, 0.01, -1, "only what is over"), (0.8, -0.01, 3, "0 or more"), (float("nan"), 0.01, 3, "a value is a number")],
)
def test_the_impossible_is_refused_with_what_would_be_right(published: float, half: float, days: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        decided(published, 0.8, days, half)


def test_revisions_that_cancel_out_are_still_revisions() -> None:
    assert revisions([(0.5, 0.75), (0.5, 0.25), (0.5, 0.5), (0.5, 0.5)]) == Revisions(4, 0, 0.125)
    assert revisions([]) == Revisions(0, None, None)
