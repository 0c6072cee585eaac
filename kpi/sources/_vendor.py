"""What the sources of several vendors share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import polars as pl

from kpi import cells
from kpi.source import Reading

NO_QUEUE = "(none)"  # a contact that never entered a queue has one all the same in our records
SECONDS = re.compile(r"[0-9]{1,10}")
MOST_EPOCH = 4_102_444_800  # the year 2100


def no_queue(name: str) -> pl.Expr:
    return pl.col(name).fill_null(NO_QUEUE)


def truth(value: pl.Expr) -> pl.Expr:
    """A yes or no that a source worked out, as the text of a cell."""
    return pl.when(value).then(pl.lit("true")).when(~value).then(pl.lit("false"))


def is_true(name: str) -> pl.Expr:
    """A cell that says yes; empty is no."""
    return pl.col(name).str.to_lowercase().is_in(["true", "yes", "y", "1"]).fill_null(value=False)


def epoch(text: str | None) -> str | None:
    """Seconds since 1970 as a moment; anything else stays as it is, to be rejected by name."""
    if text is None or not SECONDS.fullmatch(text) or int(text) > MOST_EPOCH:
        return text
    return datetime.fromtimestamp(int(text), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_clock(name: str) -> pl.Expr:
    """HH:MM:SS as seconds; anything else stays as it is."""
    parts = pl.col(name).str.extract_groups(r"^([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])$")
    hours, minutes, seconds = (parts.struct[place].cast(pl.Int64) for place in range(3))
    return pl.coalesce((hours * 3600 + minutes * 60 + seconds).cast(pl.String), name).alias(name)


def void(words: str, where: pl.Expr, otherwise: pl.Expr) -> pl.Expr:
    """Who handled a contact, or that the row is none."""
    return pl.when(where.fill_null(value=False)).then(pl.lit(words)).otherwise(otherwise)


def in_order(*moments: str) -> Callable[[Reading], Mapping[str, pl.Expr]]:
    """A check: none of these moments of a contact lies before its start."""

    def check(reading: Reading) -> Mapping[str, pl.Expr]:
        return {
            name: cells.first_problem((pl.col(name) < pl.col("started_at"), "ends_before_start" if name == "ended_at" else "before_start"))
            for name in moments
        }

    return check
