"""Two-way tables with published totals: which cells must be hidden so that no small one can be worked out (metrics.md C4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from kpi.anonymity.echelon import Echelon, opposite
from kpi.anonymity.thresholds import DEFAULT_K, smallest_group

Cell = tuple[int, int]  # (row, column)
Counts = Sequence[Sequence[int]]


@dataclass(frozen=True)
class TableSuppression:
    """Cells hidden, in order. `collapse`: no table of this shape is safe; `line` is the row or column to merge with another."""

    suppressed: tuple[Cell, ...]
    status: str  # ok, collapse
    line: str = ""  # "row 0", "column 2"


class _CannotComply(Exception):
    """A line has nothing left to hide."""


def suppress_2d(cells: Counts, k: int = DEFAULT_K) -> TableSuppression:
    """Primary cells, then secondary ones line by line, then those the audit asks for, until the audit finds nothing."""
    k, filled = smallest_group(k), _filled(cells)
    hidden = {cell for cell, n in filled.items() if n < k}
    try:
        _sweep(filled, hidden, k)
        while (found := disclosed(cells, hidden, k)) is not None:
            hidden.add(_smallest_open(filled, hidden, *found[0]))
            _sweep(filled, hidden, k)
    except _CannotComply as refusal:
        return TableSuppression(tuple(sorted(filled)), "collapse", str(refusal))
    return TableSuppression(tuple(sorted(hidden)), "ok")


def disclosed(cells: Counts, hidden: set[Cell], k: int = DEFAULT_K) -> tuple[Cell, ...] | None:
    """The first small cell, else the first pair with fewer than k together, that follows from totals and open cells."""
    known = Echelon()
    places = {cell: number for number, cell in enumerate(sorted(hidden))}
    for line in _lines(cells):
        known.add(places[cell] for cell in line if cell in hidden)
    small = {cell: known.remainder(places[cell]) for cell in sorted(hidden) if 0 < cells[cell[0]][cell[1]] < k}
    for cell, left in small.items():
        if not left:
            return (cell,)
    for one, other in combinations(small, 2):
        if small[one] == opposite(small[other]) and cells[one[0]][one[1]] + cells[other[0]][other[1]] < k:
            return one, other
    return None


def merged_rows(cells: Counts, first: int, second: int) -> list[list[int]]:
    """The table after a collapse: row `second` counted with row `first`. Columns: transpose before and after."""
    if first == second:
        raise ValueError(f"row {first} cannot be merged with itself")
    both = [a + b for a, b in zip(cells[first], cells[second], strict=True)]
    return [both if place == first else list(row) for place, row in enumerate(cells) if place != second]


def _filled(cells: Counts) -> dict[Cell, int]:
    if len({len(row) for row in cells}) > 1:
        raise ValueError("every row of a table has the same number of columns")
    if any(n < 0 for row in cells for n in row):
        raise ValueError("a number of respondents is 0 or more")
    return {(row, column): n for row, counts in enumerate(cells) for column, n in enumerate(counts) if n}


def _lines(cells: Counts) -> Iterator[list[Cell]]:
    """Rows top to bottom, then columns left to right."""
    columns = range(len(cells[0]) if cells else 0)
    yield from ([(row, column) for column in columns] for row in range(len(cells)))
    yield from ([(row, column) for row in range(len(cells))] for column in columns)


def _sweep(filled: dict[Cell, int], hidden: set[Cell], k: int) -> None:
    """Step 3 of C3 in every line with hidden cells, until nothing changes."""
    rows, columns = (sorted({cell[axis] for cell in filled}) for axis in (0, 1))
    lines = {f"row {row}": [cell for cell in filled if cell[0] == row] for row in rows}
    lines |= {f"column {column}": [cell for cell in filled if cell[1] == column] for column in columns}
    before = -1
    while before < len(hidden):
        before = len(hidden)
        for name, line in lines.items():
            _fill(name, line, filled, hidden, k)


def _fill(name: str, line: list[Cell], filled: dict[Cell, int], hidden: set[Cell], k: int) -> None:
    inside = [cell for cell in line if cell in hidden]
    while inside and (len(inside) < 2 or sum(filled[cell] for cell in inside) < k):
        rest = [cell for cell in line if cell not in hidden]
        if not rest:
            raise _CannotComply(name)
        inside.append(min(rest, key=lambda cell: (filled[cell], cell)))
        hidden.add(inside[-1])


def _smallest_open(filled: dict[Cell, int], hidden: set[Cell], row: int, column: int) -> Cell:
    """Of the row, else of the column."""
    for line in ([cell for cell in filled if cell[0] == row], [cell for cell in filled if cell[1] == column]):
        if rest := [cell for cell in line if cell not in hidden]:
            return min(rest, key=lambda cell: (filled[cell], cell))
    raise _CannotComply(f"row {row}")
