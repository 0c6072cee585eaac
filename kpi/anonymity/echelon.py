"""What can be worked out from sums: the row space of released memberships, exactly, in whole numbers.

A released figure about a set of classes is an equation. Adding and scaling equations gives everything that follows from them: their row
space. It is kept as a reduced echelon basis whose rows are whole numbers without a common divisor, so no rounding decides a secret.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import gcd, lcm

Row = dict[int, int]  # column -> coefficient; absent means 0
Remainder = tuple[tuple[int, int], ...]  # pairs (column, coefficient), the scale under column -1; () means nothing is left
SCALE = -1


class Echelon:
    """Equations over numbered columns. Row `p` of `rows` is the only one with a coefficient in column `p`, and there it is positive."""

    def __init__(self, rows: Mapping[int, Row] | None = None) -> None:
        self.rows: dict[int, Row] = dict(rows or {})

    def copy(self) -> Echelon:
        """Shares the rows, which are never changed in place."""
        return Echelon(self.rows)

    def split(self, column: int, new: int) -> None:
        """Column `column` stood for two: `new` takes the same coefficient everywhere."""
        self.rows = {pivot: {**row, new: row[column]} if column in row else row for pivot, row in self.rows.items()}

    def add(self, columns: Iterable[int]) -> bool:
        """One more equation, the sum of these columns; False when it followed from the others already."""
        left = self._reduced(dict.fromkeys(columns, 1))
        if not left:
            return False
        pivot = min(left)
        new = _lowest_terms(left, pivot)
        self.rows = {place: _without(pivot, row, new, place) for place, row in self.rows.items()}
        self.rows[pivot] = new
        return True

    def remainder(self, column: int) -> Remainder:
        """What of this column no equation explains. Empty: it can be worked out. Two that cancel: their sum can be worked out."""
        row = self.rows.get(column)
        if row is None:
            return ((SCALE, 1), (column, 1))
        left = sorted((place, -value) for place, value in row.items() if place != column)
        return ((SCALE, row[column]), *left) if left else ()

    def _reduced(self, row: Row) -> Row:
        """`row` less what the basis explains, in one pass: no row of the basis touches the pivot of another."""
        used = [column for column in row if column in self.rows]
        scale = lcm(*(self.rows[pivot][pivot] for pivot in used))
        left = {column: value * scale for column, value in row.items()}
        for pivot in used:
            by = self.rows[pivot]
            factor = row[pivot] * scale // by[pivot]
            for column, value in by.items():
                left[column] = left.get(column, 0) - factor * value
        return {column: value for column, value in left.items() if value}


def opposite(remainder: Remainder) -> Remainder:
    """The remainder that cancels this one."""
    return tuple((place, value if place == SCALE else -value) for place, value in remainder)


def _without(pivot: int, row: Row, by: Row, own: int) -> Row:
    """`row` with its coefficient in `pivot` taken out by the row `by`; in column `own` it stays positive."""
    factor = row.get(pivot, 0)
    if not factor:
        return row
    scale = by[pivot]
    found = {column: value * scale for column, value in row.items()}
    for column, value in by.items():
        found[column] = found.get(column, 0) - factor * value
    return _lowest_terms({column: value for column, value in found.items() if value}, own)


def _lowest_terms(row: Row, positive: int) -> Row:
    divisor = gcd(*row.values())
    if row[positive] < 0:
        divisor = -divisor
    return row if divisor == 1 else {column: value // divisor for column, value in row.items()}
