"""Cells of a two-way table that may be shown beside its totals (metrics.md C4)."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from kpi.anonymity import Feasible, TableSuppression, audit_2d, disclosed, merged_rows, suppress_2d
from tests.kpi.algebra import in_row_space

Cell = tuple[int, int]
Counts = list[list[int]]
WORKED = [[12, 3, 20], [15, 14, 11], [30, 12, 18]]
# A table with the totals and open cells of the vector sdctable_w_b; hidden are two cells and more in every line.
W_B = [[50, 47, 44, 89], [79, 124, 16, 31], [92, 100, 59, 85], [800, 991, 651, 685]]
W_B_HIDDEN = {(0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 1), (2, 3), (3, 1), (3, 3)}


def test_the_worked_example_leaves_three_cells_open() -> None:
    found = suppress_2d(WORKED, 10)
    assert found == TableSuppression(((0, 0), (0, 1), (1, 0), (1, 2), (2, 1), (2, 2)), "ok")
    assert [WORKED[row][column] for row in range(3) for column in range(3) if (row, column) not in found.suppressed] == [20, 14, 30]


def test_a_table_without_small_cells_stays_as_it_is() -> None:
    assert suppress_2d([[12, 13], [14, 15]]) == TableSuppression((), "ok")
    assert suppress_2d([]) == suppress_2d([[0, 0]]) == TableSuppression((), "ok")


def test_of_equal_cells_the_first_is_hidden() -> None:
    assert suppress_2d([[4, 15, 15], [20, 20, 20]]).suppressed == ((0, 0), (0, 1), (1, 0), (1, 1))


def test_empty_cells_are_not_hidden_and_hide_nothing() -> None:
    found = suppress_2d([[4, 0, 20], [20, 0, 20]])
    assert found.suppressed == ((0, 0), (0, 2), (1, 0), (1, 2))


def test_a_row_of_seven_people_has_to_be_merged_with_another() -> None:
    cells = [[4, 3], [16, 20], [12, 14]]
    assert suppress_2d(cells) == TableSuppression(((0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)), "collapse", "row 0")
    assert merged_rows(cells, 1, 0) == [[20, 23], [12, 14]]
    assert suppress_2d(merged_rows(cells, 1, 0)) == TableSuppression((), "ok")


def test_a_column_of_seven_people_has_to_be_merged_too() -> None:
    assert suppress_2d([[7, 20], [0, 30]]).line == "column 0"


def test_two_hidden_cells_in_every_line_are_not_enough() -> None:
    """230 + 250 less what is open there, less the same of two columns: the cell is 47."""
    assert audit_2d(shown(W_B, W_B_HIDDEN), [230, 250, 336, 3127], [1021, 1262, 770, 890], (0, 1)) == Feasible(47, 47)
    assert disclosed(W_B, W_B_HIDDEN, 48) == ((0, 1),)
    assert disclosed(W_B, W_B_HIDDEN, 47) is None


def test_one_more_hidden_cell_mends_it() -> None:
    hidden = W_B_HIDDEN | {(1, 3)}
    found = audit_2d(shown(W_B, hidden), [230, 250, 336, 3127], [1021, 1262, 770, 890], (0, 1))
    assert (found, found.exact) == (Feasible(0, 78), False)
    assert disclosed(W_B, hidden, 48) is None


def test_a_pair_is_given_away_where_neither_cell_is() -> None:
    """Two small cells alone in their block of columns: its total less the open cells is their sum, 3 + 4."""
    cells = [[3, 20, 30], [4, 30, 20], [40, 15, 15]]
    hidden = {(0, 0), (1, 0), (0, 1), (1, 1)}
    assert disclosed(cells, hidden, 10) == ((0, 0), (1, 0))
    assert disclosed(cells, hidden, 7) is None


def test_what_the_audit_finds_hides_one_cell_more() -> None:
    """Row 1 and row 2 less column 0: 21 + 18 - 30 is the 6 and the 3 together."""
    cells = [[20, 20, 15], [15, 6, 15], [15, 20, 3]]
    swept = {(0, 1), (0, 2), (1, 0), (1, 1), (2, 0), (2, 2)}
    assert disclosed(cells, swept, 10) == ((1, 1), (2, 2))
    assert suppress_2d(cells, 10) == TableSuppression(tuple(sorted(swept | {(1, 2)})), "ok")


def test_a_cell_hidden_for_the_audit_takes_another_of_its_column_with_it() -> None:
    """The 3 and the 6 come out together; the 12 beside the 3 is hidden, and in its column the smaller 20."""
    cells = [[12, 12, 3, 12], [20, 20, 11, 11], [12, 30, 20, 6]]
    swept = {(0, 0), (0, 2), (1, 2), (1, 3), (2, 0), (2, 3)}
    assert disclosed(cells, swept, 10) == ((0, 2), (2, 3))
    assert suppress_2d(cells, 10).suppressed == tuple(sorted(swept | {(0, 1), (1, 1)}))


def test_a_shown_cell_is_no_secret_and_impossible_totals_are_refused() -> None:
    assert audit_2d([[3, None], [None, None]], [7, 3], [5, 5], (0, 0)).exact
    with pytest.raises(ValueError, match="do not add up"):
        audit_2d([[None, None], [None, None]], [7, 3], [5, 6], (0, 0))
    with pytest.raises(ValueError, match="2 row totals and 1 column totals"):
        audit_2d([[None, None], [None, None]], [7, 3], [5], (0, 0))


def test_tables_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="same number of columns"):
        suppress_2d([[12, 13], [14]])
    with pytest.raises(ValueError, match="0 or more"):
        suppress_2d([[12, -1]])
    with pytest.raises(ValueError, match="k is at least 5"):
        suppress_2d([[12, 13]], 4)
    with pytest.raises(ValueError, match="itself"):
        merged_rows(WORKED, 1, 1)


TABLES = st.tuples(st.integers(2, 5), st.integers(2, 4)).flatmap(
    lambda shape: st.lists(st.lists(st.integers(0, 30), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0])
)


@settings(deadline=None, max_examples=150)
@given(TABLES, st.integers(5, 12))
def test_no_small_cell_or_pair_follows_from_what_is_left(cells: Counts, k: int) -> None:
    found = suppress_2d(cells, k)
    hidden = list(found.suppressed)
    small = [cell for cell in hidden if count(cells, cell) < k]
    assert all(cell in hidden for cell, n in every(cells) if 0 < n < k)
    if found.status == "collapse":
        return
    sums = equations(hidden, len(cells), len(cells[0]))
    asked = [(cell,) for cell in small] + [pair for pair in combinations(small, 2) if sum(count(cells, cell) for cell in pair) < k]
    assert not [group for group in asked if in_row_space([int(cell in group) for cell in hidden], sums)]


@settings(deadline=None, max_examples=25)
@given(TABLES, st.integers(5, 12))
def test_nor_does_a_solver_pin_a_small_cell_down(cells: Counts, k: int) -> None:
    found = suppress_2d(cells, k)
    if found.status == "collapse":
        return
    hidden = list(found.suppressed)
    sums = np.array(equations(hidden, len(cells), len(cells[0])))
    for cell in (cell for cell in hidden if count(cells, cell) < k):
        aim = np.array([float(other == cell) for other in hidden])
        assert linprog(aim, A_eq=sums, b_eq=sums @ [count(cells, cell) for cell in hidden], bounds=(None, None)).status == 3  # no bound


@settings(deadline=None)
@given(TABLES, st.integers(5, 12))
def test_every_line_hides_nobody_or_two_cells_and_k_people(cells: Counts, k: int) -> None:
    found = suppress_2d(cells, k)
    for axis in (0, 1):
        for line in {cell[axis] for cell in found.suppressed} if found.status == "ok" else ():
            inside = [count(cells, cell) for cell in found.suppressed if cell[axis] == line]
            assert len(inside) >= 2
            assert sum(inside) >= k


@settings(deadline=None)
@given(TABLES, st.integers(5, 12))
def test_a_table_with_a_line_that_is_too_small_by_itself_is_collapsed(cells: Counts, k: int) -> None:
    lines = [*cells, *zip(*cells, strict=True)]
    alone = any(0 < min((n for n in line if n), default=0) < k and (sum(line) < k or sum(n > 0 for n in line) < 2) for line in lines)
    assert not alone or suppress_2d(cells, k).status == "collapse"


def count(cells: Counts, cell: Cell) -> int:
    return cells[cell[0]][cell[1]]


def every(cells: Counts) -> list[tuple[Cell, int]]:
    return [((row, column), n) for row, counts in enumerate(cells) for column, n in enumerate(counts)]


def shown(cells: Counts, hidden: set[Cell]) -> list[list[float | None]]:
    return [[None if (row, column) in hidden else n for column, n in enumerate(counts)] for row, counts in enumerate(cells)]


def equations(hidden: list[Cell], rows: int, columns: int) -> list[list[int]]:
    """One for each total: which hidden cells it holds."""
    by_row = [[int(cell[0] == row) for cell in hidden] for row in range(rows)]
    return by_row + [[int(cell[1] == column) for cell in hidden] for column in range(columns)]
