"""Hours that clocks pass twice in autumn and never in spring: how many lines of a file have a time in one, with the first of them.

How such times are read is the rule of kpi/cells/times.py: of an hour that comes twice the first is meant, one that never was is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kpi.cells import Reader, wall
from kpi.reading.formats import EXAMPLES, Seen
from kpi.reading.limits import LIMITS, Limits
from kpi.reading.rows import open_rows
from kpi.source import Column, FileFacts, Reading, Source

ROWS = 50_000
TWICE, NEVER = "twice", "never"


@dataclass
class Hours:
    """Lines by the kind of hour, and the first cells that show it."""

    lines: dict[str, int] = field(default_factory=lambda: dict.fromkeys((TWICE, NEVER), 0))
    first: dict[str, list[Seen]] = field(default_factory=lambda: {TWICE: [], NEVER: []})

    def as_json(self) -> dict[str, object]:
        """{kind: {lines, cells}} of the kinds there are."""
        return {
            kind: {"lines": count, "cells": [[seen.line, seen.column, seen.text] for seen in self.first[kind]]}
            for kind, count in self.lines.items()
            if count
        }


def find_hours(path: Path, source: Source, facts: FileFacts, reading: Reading, limits: Limits = LIMITS) -> Hours:
    """Looks through the whole file. Nothing where every time carries its offset, or the file is no table of one line a record."""
    found = Hours()
    if not reading.zone or source.join or source.document:
        return found
    for block in open_rows(path, source, facts.encoding, facts.delimiter, limits).records(ROWS):
        frame = source.prepare(block.frame) if source.prepare else block.frame
        _count(frame, _times(source, frame.columns), reading, found)
    return found


def told_hours(path: Path, source: Source, facts: FileFacts, reading: Reading) -> dict[str, object]:
    """{"hours": what was found}; empty where nothing was, and of what people answered about themselves."""
    found = {} if source.private else find_hours(path, source, facts, reading).as_json()
    return {"hours": found} if found else {}


def _times(source: Source, present: Sequence[str]) -> dict[str, Column]:
    """By the name of the column: one that fills two fields is looked at once."""
    times = (column for column in source.columns if column.name in present and _kind(column) == "time")
    return {column.name: column for column in times}


def _kind(column: Column) -> str:
    return column.read.kind if isinstance(column.read, Reader) else ""


def _count(frame: pl.DataFrame, times: Mapping[str, Column], reading: Reading, found: Hours) -> None:
    for kind in (TWICE, NEVER) if times and frame.height else ():
        marks = frame.select("line", **{name: _lies(kind, column, reading) for name, column in times.items()})
        hit = marks.filter(pl.any_horizontal(*times))
        found.lines[kind] += hit.height
        for name in times if hit.height else ():
            lines = hit.filter(pl.col(name))["line"].head(EXAMPLES - len(found.first[kind]))
            cells = frame.filter(pl.col("line").is_in(lines.implode())).select("line", name).rows()
            found.first[kind] += [Seen(line, name, text) for line, text in cells]


def _lies(kind: str, column: Column, reading: Reading) -> pl.Expr:
    """Whether the time of a cell lies in such an hour."""
    text = pl.col(column.name)
    if isinstance(column.read, Reader) and column.read.meant:
        text = column.read.meant(text)
    local = wall(text, reading)
    assert reading.zone is not None
    first, last = (local.dt.replace_time_zone(reading.zone, ambiguous=which, non_existent="null") for which in ("earliest", "latest"))
    lies = first != last if kind == TWICE else first.is_null() & local.is_not_null()
    return lies.fill_null(value=False)
