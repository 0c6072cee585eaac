"""Sums that follow from other sums, exactly."""

from itertools import combinations
from math import gcd

from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.anonymity.echelon import Echelon, opposite
from tests.kpi.algebra import in_row_space

WIDTH = 7
EQUATIONS = st.lists(st.sets(st.integers(0, WIDTH - 1), min_size=1), max_size=9)


def known(*equations: set[int]) -> Echelon:
    found = Echelon()
    for columns in equations:
        found.add(columns)
    return found


def row(columns: set[int]) -> list[int]:
    return [int(column in columns) for column in range(WIDTH)]


def test_a_total_less_a_part_gives_the_rest() -> None:
    assert known({0, 1}, {0}).remainder(1) == ()
    assert known({0, 1}).remainder(1) != ()


def test_two_columns_whose_remainders_cancel_come_out_as_a_sum() -> None:
    found = known({0, 1, 2}, {2})
    assert found.remainder(0) == opposite(found.remainder(1)) != ()


def test_half_a_sum_is_no_rounding_error() -> None:
    found = known({0, 1}, {1, 2}, {0, 2})
    assert [found.remainder(column) for column in range(3)] == [(), (), ()]
    assert all(type(value) is int for line in found.rows.values() for value in line.values())


def test_a_column_that_is_told_apart_keeps_its_coefficients_on_both_sides() -> None:
    found = known({0, 1})
    found.split(0, 2)
    assert found.rows == known({0, 1, 2}).rows


def test_a_copy_learns_nothing_from_the_other() -> None:
    first = known({0, 1})
    second = first.copy()
    second.add({0})
    assert (len(first.rows), len(second.rows)) == (1, 2)


@settings(deadline=None)
@given(EQUATIONS)
def test_an_equation_is_new_unless_the_ranks_say_it_follows(equations: list[set[int]]) -> None:
    found = Echelon()
    for place, columns in enumerate(equations):
        follows = in_row_space(row(columns), [row(earlier) for earlier in equations[:place]])
        assert found.add(columns) is not follows


@settings(deadline=None)
@given(EQUATIONS)
def test_remainders_say_what_the_ranks_say_of_every_column_and_every_pair(equations: list[set[int]]) -> None:
    found, rows = known(*equations), [row(columns) for columns in equations]
    left = [found.remainder(column) for column in range(WIDTH)]
    assert [not remainder for remainder in left] == [in_row_space(row({column}), rows) for column in range(WIDTH)]
    for one, other in combinations(range(WIDTH), 2):
        assert (left[one] == opposite(left[other])) == in_row_space(row({one, other}), rows)


@settings(deadline=None)
@given(EQUATIONS)
def test_the_basis_is_whole_and_in_lowest_terms(equations: list[set[int]]) -> None:
    rows = known(*equations).rows
    assert all(gcd(*line.values()) == 1 and line[pivot] > 0 for pivot, line in rows.items())
    assert all(pivot not in line for pivot in rows for place, line in rows.items() if place != pivot)
