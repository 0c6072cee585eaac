"""Children of a published parent, and sets that cut published blocks (metrics.md C3, C5 b)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.anonymity import Suppression, leaves_a_few, suppress_1d, suppress_children


def test_the_worked_example_hides_the_small_child_and_the_next() -> None:
    assert suppress_children({"a": 7, "b": 12, "c": 20}, 10) == ("primary", frozenset({"a", "b"}))


def test_nothing_is_hidden_when_every_child_is_large_enough() -> None:
    assert suppress_children({1: 10, 2: 11}, 10).hidden == frozenset()


def test_a_parent_below_k_hides_all_children_with_answers() -> None:
    assert suppress_children({1: 4, 2: 5, 3: 0}, 10) == ("parent_suppressed", frozenset({1, 2}))


def test_children_without_answers_are_not_hidden() -> None:
    assert 3 not in suppress_children({1: 4, 2: 30, 3: 0}, 10).hidden


def test_when_all_must_be_hidden_it_says_so() -> None:
    assert suppress_children({1: 4, 2: 12}, 10).reason == "children_withheld"


def test_k_has_a_floor_in_the_code() -> None:
    with pytest.raises(ValueError, match="at least 5"):
        suppress_children({1: 4}, 4)


def test_a_set_whose_remainder_is_small_gives_it_away() -> None:
    respondents = {1: 16, 2: 9}
    everyone = frozenset({1, 2})
    assert leaves_a_few(frozenset({1}), [everyone], respondents, 10)
    assert not leaves_a_few(frozenset({1}), [everyone], {1: 15, 2: 10}, 10)


def test_a_set_that_adds_a_few_to_a_published_team_gives_them_away() -> None:
    assert leaves_a_few(frozenset({1, 2}), [frozenset({1})], {1: 16, 2: 4}, 10)


def test_named_children_come_back_in_alphabetical_order_with_a_status() -> None:
    assert suppress_1d({"C": 20, "B": 12, "A": 7}) == Suppression(("A", "B"), "ok")
    assert suppress_1d({"A": 7, "B": 8}) == suppress_1d({"A": 7, "B": 8, "C": 0}) == Suppression(("A", "B"), "children_withheld")
    assert suppress_1d({"A": 3, "B": 4}).status == "parent_suppressed"


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        suppress_children({"A": -1, "B": 30}, 10)


@settings(deadline=None)
@given(st.dictionaries(st.integers(1, 9), st.integers(0, 30), max_size=8), st.integers(5, 15))
def test_what_is_hidden_is_nobody_or_two_and_k_or_all_there_is(children: dict[int, int], k: int) -> None:
    hidden = suppress_children(children, k).hidden
    filled = {child for child, n in children.items() if n}
    assert all(child in hidden for child in filled if children[child] < k)
    assert not hidden or hidden == filled or (len(hidden) >= 2 and sum(children[int(child)] for child in hidden) >= k)
