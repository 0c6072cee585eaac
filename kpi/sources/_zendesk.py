"""Zendesk's words for a rating: satisfied, not satisfied, asked and not answered, never asked."""

from __future__ import annotations

import polars as pl

from kpi import cells
from kpi.source import Cell, Reading

GOOD, BAD = ("good", "good_with_comment", "good with comment"), ("bad", "bad_with_comment", "bad with comment")
OFFERED = ("offered",)
NEVER = ("unoffered",)


def score(text: pl.Expr, reading: Reading) -> Cell:
    """1 for good, 0 for bad."""
    value = pl.when(text.is_in(GOOD)).then(1.0).when(text.is_in(BAD)).then(0.0)
    return Cell(value, cells.first_problem((text.is_not_null() & value.is_null(), "unknown_value")))
