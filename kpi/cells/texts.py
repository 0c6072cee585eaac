"""Text kept character by character: "007" stays "007", "NA" and "null" are words, nineteen digits are not rounded."""

from __future__ import annotations

import polars as pl

from kpi.cells.reader import Reader, first_problem, has_blanks
from kpi.source import Cell, Reading


def text(limit: int = 120) -> Reader:
    """A code or a short word of at most `limit` characters."""

    def build(cell: pl.Expr, reading: Reading) -> Cell:
        return Cell(cell, first_problem((has_blanks(cell), "blanks_around"), (cell.str.len_chars() > limit, "too_long")))

    return Reader("text", build)


def _free(cell: pl.Expr, reading: Reading) -> Cell:
    return Cell(cell, pl.lit(None, pl.String))


identifier = text(200)
comment = Reader("comment", _free)
