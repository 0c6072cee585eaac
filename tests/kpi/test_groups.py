"""Groups that may be shown (metrics.md C2, C3, C5 b)."""

import pytest

from kpi.groups import leaves_a_few, suppress_children


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
