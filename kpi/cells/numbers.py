"""Numbers, counts, durations and closed lists. Never a guess: what is not plainly a number is a problem."""

from __future__ import annotations

import polars as pl

from kpi.cells.reader import Reader, first_problem
from kpi.source import Cell, Reading

DAY_S = 86_400.0
MONTH_S = 30 * DAY_S
INT32 = 2**31 - 1
YES, NO = ("true", "yes", "y", "1"), ("false", "no", "n", "0")


def decimal(text: pl.Expr, reading: Reading) -> pl.Expr:
    """The number as float, null where it is none. With a decimal comma the point is no digit of a number at all."""
    if reading.decimal_comma:
        text = pl.when(~text.str.contains(".", literal=True)).then(text.str.replace(",", ".", literal=True))
    return text.cast(pl.Float64, strict=False)


def _bounded(low: float, high: float, below: str, above: str, *, open_low: bool = False) -> Reader:
    def build(text: pl.Expr, reading: Reading) -> Cell:
        value = decimal(text, reading)
        problem = first_problem(
            (text.is_not_null() & value.is_null(), "not_a_number"),
            (~value.is_finite(), "not_finite"),
            ((value <= low) if open_low else (value < low), below),
            (value > high, above),
        )
        return Cell(value, problem)

    return Reader("number", build)


def seconds(most: float = DAY_S) -> Reader:
    """A duration from 0 to `most` seconds; 0 stays 0, empty stays unknown."""
    return _bounded(0, most, "negative", "duration_too_long")


def number(low: float, high: float) -> Reader:
    return _bounded(low, high, "out_of_range", "out_of_range")


def positive(high: float) -> Reader:
    return _bounded(0, high, "not_positive", "too_large", open_low=True)


score = number
share = number(0, 1)
sentiment = number(-1, 1)


def _count(text: pl.Expr, reading: Reading) -> Cell:
    value = text.cast(pl.Int64, strict=False)
    problem = first_problem(
        (text.is_not_null() & value.is_null(), "not_a_whole_number"), (value < 0, "negative"), (value > INT32, "too_large")
    )
    return Cell(value, problem)


def _boolean(text: pl.Expr, reading: Reading) -> Cell:
    word = text.str.to_lowercase()
    value = pl.when(word.is_in(YES)).then(pl.lit(True)).when(word.is_in(NO)).then(pl.lit(False))
    return Cell(value, first_problem((text.is_not_null() & value.is_null(), "not_a_boolean")))


def _clock(text: pl.Expr, reading: Reading) -> Cell:
    parts = text.str.extract_groups(r"^([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])$")
    hours, minutes, rest = (parts.struct[place].cast(pl.Float64) for place in range(3))
    value = hours * 3600 + minutes * 60 + rest
    problem = first_problem((text.is_not_null() & value.is_null(), "not_a_duration"), (value > DAY_S, "duration_too_long"))
    return Cell(value, problem)


def one_of(*values: str) -> Reader:
    """One of a closed list of words; capitals do not matter."""

    def build(text: pl.Expr, reading: Reading) -> Cell:
        word = text.str.to_lowercase()
        return Cell(word, first_problem((~word.is_in(values), "unknown_value")))

    return Reader("choice", build, values=values)


count = Reader("count", _count)
boolean = Reader("boolean", _boolean)
clock_duration = Reader("duration", _clock)
