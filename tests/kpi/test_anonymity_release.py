"""What may be released beside what was released before (metrics.md C5)."""

import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.anonymity import ReleasedSets, Verdict, judge_release
from tests.kpi.algebra import gives_away

SITE = range(25)
ALLOWED = Verdict(True, "ok")
TEAMS = {team: 3 + team % 9 for team in range(12)}  # respondents of twelve teams in one wave: 3 to 11


def refused(reason: str) -> Verdict:
    return Verdict(False, reason)


def test_nine_people_are_too_few_whatever_was_released() -> None:
    assert judge_release(range(9), []) == refused("below_k")
    assert judge_release(range(10), []) == ALLOWED
    assert judge_release([], []) == refused("below_k")


def test_a_team_that_leaves_nine_of_its_site_is_refused_and_one_that_leaves_ten_is_not() -> None:
    assert judge_release(range(16), [SITE]) == refused("nested_difference")
    assert judge_release(range(15), [SITE]) == ALLOWED


def test_a_site_that_adds_nine_to_a_released_team_is_refused_too() -> None:
    assert judge_release(SITE, [range(16)]) == refused("nested_difference")


def test_two_sets_and_their_union_would_tell_about_the_six_they_share() -> None:
    assert judge_release(range(34), [range(20), range(14, 34)]) == refused("linear_combination")


def test_two_teams_may_not_leave_a_few_of_their_site() -> None:
    assert judge_release(range(15, 30), [range(34), range(15)]) == refused("linear_combination")


def test_two_groups_that_only_come_out_together_are_as_small_as_their_sum() -> None:
    """Eight people a and b: all - c - d = a + b. Neither comes out alone: a is told apart only together with e."""
    a, b, c, d, e = range(4), range(4, 8), range(8, 30), range(30, 50), range(50, 70)
    f = range(70, 90)
    released = [[*a, *b, *c, *d], [*a, *e], [*c, *f], d]
    assert judge_release(f, released) == refused("linear_combination")
    assert judge_release(f, [[*a, *b, *c, *d, *range(90, 92)], *released[1:]]) == ALLOWED  # ten people now


def test_the_same_question_may_be_asked_again() -> None:
    log = ReleasedSets(10, stored=[SITE])
    assert [log.release(SITE), log.release(reversed(SITE))] == [ALLOWED] * 2
    assert log.stored == (frozenset(SITE),)


def test_asking_releases_nothing() -> None:
    log = ReleasedSets()
    assert log.judge(SITE) == ALLOWED
    assert log.stored == ()
    assert log.judge(range(16)) == ALLOWED


def test_of_two_answers_that_do_not_go_together_the_first_asked_is_given() -> None:
    log = ReleasedSets()
    assert [log.release(SITE), log.release(range(16))] == [ALLOWED, refused("nested_difference")]
    log = ReleasedSets()
    assert [log.release(range(16)), log.release(SITE)] == [ALLOWED, refused("nested_difference")]


def test_a_refusal_leaves_no_trace_in_later_decisions() -> None:
    log, fresh = ReleasedSets(10, stored=[SITE]), ReleasedSets(10, stored=[SITE])
    log.release(range(16))
    assert log.stored == fresh.stored
    assert log.judge(range(15)) == fresh.judge(range(15)) == ALLOWED


def test_teams_count_for_the_people_who_answered_in_them() -> None:
    people = {"lark": 16, "wren": 4, "heron": 9}
    log = ReleasedSets(10, people)
    assert log.release(people) == ALLOWED
    assert log.judge(["wren"]) == refused("below_k")
    assert log.judge(["lark", "wren"]) == refused("nested_difference")
    assert log.judge(["lark"]) == ALLOWED  # wren and heron remain: thirteen


def test_a_team_without_answers_changes_nothing() -> None:
    log = ReleasedSets(10, {"lark": 16, "wren": 0})
    assert log.release(["lark", "wren"]) == ALLOWED
    assert log.release(["lark"]) == ALLOWED
    assert log.stored == (frozenset({"lark"}),)


def test_waves_are_apart_until_a_year_to_date_joins_them() -> None:
    spring, autumn = [("spring", person) for person in range(20)], [("autumn", person) for person in range(20)]
    log = ReleasedSets(10, stored=[spring])
    assert log.release(autumn) == ALLOWED
    assert log.release(spring + autumn) == ALLOWED
    assert log.release(spring + autumn[:12]) == refused("nested_difference")
    assert log.release(spring[:10] + autumn[:10]) == ALLOWED
    assert log.release(spring[:10] + autumn[:16]) == refused("nested_difference")


def test_a_log_that_k_was_raised_above_releases_nothing_more() -> None:
    stored = [SITE, range(15)]
    assert ReleasedSets(10, stored=stored).judge(SITE) == ALLOWED
    assert ReleasedSets(12, stored=stored).judge(SITE) == refused("linear_combination")
    assert ReleasedSets(12, stored=stored).judge(range(100, 120)) == refused("linear_combination")


def test_k_below_the_floor_and_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 5"):
        ReleasedSets(4)
    with pytest.raises(ValueError, match="0 or more"):
        ReleasedSets(10, {"lark": -1})


SOME_TEAMS = st.frozensets(st.sampled_from(sorted(TEAMS)), min_size=1)
SOME_PEOPLE = st.builds(lambda start, size: frozenset(range(start, start + size)), st.integers(0, 14), st.integers(4, 16))


@settings(deadline=None, max_examples=60)
@given(st.lists(SOME_TEAMS, max_size=14), st.integers(5, 14))
def test_no_order_of_questions_about_teams_gives_a_small_group_away(questions: list[frozenset[int]], k: int) -> None:
    log, released = ReleasedSets(k, TEAMS), list[frozenset[int]]()
    for asked in questions:
        verdict = log.release(asked)
        assert verdict == by_hand(asked, released, k, TEAMS)
        released += [asked] if verdict.allowed and asked not in released else []
    assert list(log.stored) == released
    assert not gives_away(released, k, TEAMS)


@settings(deadline=None, max_examples=40)
@given(st.lists(SOME_PEOPLE, max_size=8))
def test_nor_does_any_order_of_questions_about_overlapping_people(questions: list[frozenset[int]]) -> None:
    log = ReleasedSets(5)
    for asked in questions:
        assert log.judge(asked) == by_hand(asked, [*log.stored], 5, {})
        log.release(asked)
    assert not gives_away([*log.stored], 5, {})


@settings(deadline=None)
@given(st.lists(SOME_TEAMS, max_size=10), SOME_TEAMS, st.randoms(use_true_random=False))
def test_a_log_decides_the_same_in_whatever_order_it_is_read_back(
    stored: list[frozenset[int]], asked: frozenset[int], chance: random.Random
) -> None:
    shuffled = chance.sample(stored, len(stored))
    assert ReleasedSets(10, TEAMS, stored).judge(asked) == ReleasedSets(10, TEAMS, shuffled).judge(asked)


@settings(deadline=None)
@given(st.lists(SOME_TEAMS, max_size=10), SOME_TEAMS)
def test_teams_with_counts_and_their_people_one_by_one_are_judged_alike(stored: list[frozenset[int]], asked: frozenset[int]) -> None:
    def people(teams: Iterable[int]) -> list[tuple[int, int]]:
        return [(team, place) for team in teams for place in range(TEAMS[team])]

    by_people = ReleasedSets(10, stored=[people(teams) for teams in stored])
    assert by_people.judge(people(asked)) == ReleasedSets(10, TEAMS, stored).judge(asked)


def by_hand(asked: frozenset[int], released: list[frozenset[int]], k: int, people: dict[int, int]) -> Verdict:
    """C5 word by word."""

    def count(members: frozenset[int]) -> int:
        return sum(people.get(person, 1) for person in members)

    if count(asked) < k:
        return refused("below_k")
    pairs = [(min(asked, other, key=len), max(asked, other, key=len)) for other in released]
    if asked not in released and any(less < more and 0 < count(more - less) < k for less, more in pairs):
        return refused("nested_difference")
    return refused("linear_combination") if gives_away([*released, asked], k, people) else ALLOWED
