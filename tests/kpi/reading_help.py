"""Small files for the tests of reading, and one call that reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from kpi.reading import LIMITS, Limits, look, read_blocks
from kpi.source import DateOrder, FileFacts, Reading, Rejected, Source
from kpi.sources.interactions_csv import SOURCE as INTERACTIONS

DATA = Path(__file__).resolve().parents[1] / "data"
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "real" / "interactions"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = b"a key for tests, of no other use"
ROW = {"external_id": "c1", "started_at": "2026-11-20T09:00:00Z", "channel": "voice", "queue": "care"}


@dataclass(frozen=True)
class Read:
    """What became of a file."""

    accepted: pl.DataFrame
    rejected: tuple[Rejected, ...]
    lines: int
    joined: int
    facts: FileFacts

    @property
    def problems(self) -> list[tuple[int, str, str]]:
        return [(item.line, item.column, item.problem) for item in self.rejected]


def read(
    path: Path,
    source: Source = INTERACTIONS,
    *,
    zone: str | None = None,
    rows: int = 100,
    limits: Limits = LIMITS,
    encoding: str = "",
    delimiter: str = "",
    date_order: DateOrder = DateOrder.UNKNOWN,
) -> Read:
    """Look and read, as the import does."""
    facts = look(path, source, encoding=encoding, delimiter=delimiter, date_order=date_order, zone=zone, limits=limits)
    reading = Reading(zone or source.zone, NOW.timestamp(), KEY, facts.date_order, facts.decimal_comma)
    blocks = list(read_blocks(path, source, facts, reading, rows=rows, limits=limits))
    accepted = pl.concat([block.accepted for block in blocks]) if blocks else pl.DataFrame()
    rejected = tuple(item for block in blocks for item in block.rejected)
    return Read(accepted, rejected, sum(block.lines for block in blocks), sum(block.joined for block in blocks), facts)


def table(rows: list[Mapping[str, str]], delimiter: str = ",") -> str:
    """Rows as a file; columns in the order in which they first appear."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    return "".join(delimiter.join(line) + "\n" for line in lines)


def file_of(folder: Path, *rows: Mapping[str, str], delimiter: str = ",") -> Path:
    """A file of interactions: each row is a good one with some cells set otherwise."""
    path = folder / "interactions.csv"
    path.write_text(table([{**ROW, "external_id": f"c{place}", **row} for place, row in enumerate(rows, 1)], delimiter))
    return path


def cell(folder: Path, column: str, text: str, **others: str) -> Read:
    """One row with one cell of interest."""
    return read(file_of(folder, {column: text, **others}))
