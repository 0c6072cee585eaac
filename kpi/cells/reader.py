"""What every reader of a cell is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from kpi.source import Cell, Reading


@dataclass(frozen=True)
class Reader:
    """A reader with its kind (text, person, number, time, day ...), so that looking at a file knows which columns hold dates.

    `batch` reads a whole column at once, values and problems together, where looking at the data first is worth it.
    """

    kind: str
    build: Callable[[pl.Expr, Reading], Cell]
    batch: Callable[[pl.Series, Reading], tuple[pl.Series, pl.Series]] | None = None
    values: tuple[str, ...] = ()  # of a closed list
    meant: Callable[[pl.Expr], pl.Expr] | None = None  # what a text of a mapped column stands for, where it is translated first

    def __call__(self, text: pl.Expr, reading: Reading) -> Cell:
        return self.build(text, reading)


def first_problem(*cases: tuple[pl.Expr, str]) -> pl.Expr:
    """The code of the first case that holds, else null. A case that is unknown (null) does not hold."""
    return pl.coalesce(*[pl.when(case).then(pl.lit(code)) for case, code in cases], pl.lit(None, pl.String))


def has_blanks(text: pl.Expr) -> pl.Expr:
    """Blanks around the value, of any kind Unicode knows."""
    return text.str.strip_chars() != text
