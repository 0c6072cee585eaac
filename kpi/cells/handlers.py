"""Who handled a contact, or why a row is none: what a source works out of several columns before its cells are read."""

from __future__ import annotations

import polars as pl

from kpi.cells.reader import Reader, first_problem
from kpi.source import Cell, Reading

HANDLERS = ("ai", "human", "hybrid")
NO_CONTACT = "no contact of a customer"
LEGS_MISSING = "another leg is named and not in the file"
VOID = {NO_CONTACT: "not_a_contact", LEGS_MISSING: "legs_missing"}


def _handled(text: pl.Expr, reading: Reading) -> Cell:
    value = pl.when(text.is_in(HANDLERS)).then(text)
    void = [(text == words, code) for words, code in VOID.items()]
    return Cell(value, first_problem(*void, (text.is_not_null() & value.is_null(), "unknown_value")))


def handler(machine: pl.Expr, person: pl.Expr) -> pl.Expr:
    """The word for who took part; unknown where nobody is known to have."""
    machine, person = machine.fill_null(value=False), person.fill_null(value=False)
    words = pl.when(machine & person).then(pl.lit("hybrid")).when(person).then(pl.lit("human"))
    return words.when(machine).then(pl.lit("ai"))


handled = Reader("choice", _handled, values=HANDLERS)
