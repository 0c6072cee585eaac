"""The smallest group that may be shown (metrics.md C2)."""

import pytest

from kpi.anonymity import DEFAULT_K, FLOOR, OPERATIONAL_K, enough_people, smallest_group, suppress_1d


def test_ten_answers_are_needed_where_nobody_says_and_five_agents_for_their_work() -> None:
    assert (smallest_group(), DEFAULT_K, OPERATIONAL_K, FLOOR) == (10, 10, 5, 5)


@pytest.mark.parametrize("k", [4, 1, 0, -10])
def test_nobody_may_lower_k_below_five(k: int) -> None:
    for ask in (smallest_group, lambda k: suppress_1d({"A": 4}, k), lambda k: enough_people(40, k=k)):
        with pytest.raises(ValueError, match=f"a group of {k} may not be shown: k is at least 5"):
            ask(k)


def test_k_may_be_raised_and_lowered_to_the_floor() -> None:
    assert (smallest_group(25), smallest_group(5)) == (25, 5)


def test_ten_answers_are_enough_and_nine_are_not() -> None:
    assert enough_people(10, headcount=10)
    assert not enough_people(9, headcount=40)


def test_a_lowered_k_still_needs_ten_people_in_the_group() -> None:
    assert enough_people(6, headcount=10, k=5)
    assert not enough_people(6, headcount=9, k=5)


def test_more_answers_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="21 answers cannot come from 20 people"):
        enough_people(21, headcount=20)
    with pytest.raises(ValueError, match="0 or more"):
        enough_people(-1)
