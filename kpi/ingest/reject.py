"""Rejected lines: kept with the run, shown in the outcome, written as a CSV that can be corrected and sent again."""

# ruff: noqa: S608 - names of tables and columns come from the models, values are parameters or ids

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TextIO

import polars as pl

from kpi.cells import CLASH, protected
from kpi.ingest.outcome import SHOWN, BadRow
from kpi.ingest.staging import BAD, postgres, quoted, sql, values
from kpi.models import RejectedRow
from kpi.reading import RUN, found_in_words
from kpi.source import Reading, Rejected, Source

EXTRA = ("line", "problem", RUN)  # columns of the CSV that no source reads


class Clashes:
    """Ids that occur in a file with different content: every line of them is rejected and names the others.

    `source` reads the file once more and finds these lines, so that they are kept as they were written.
    """

    def __init__(self, source: Source, found: Sequence[tuple[str, str]]) -> None:
        groups = [sorted({int(line) for line in text.split()}) for _, text in found]
        self.others = {line: [other for other in group if other != line] for group in groups for line in group}
        self.source = replace(source, check=self._check)

    def _check(self, reading: Reading) -> Mapping[str, pl.Expr]:
        return {self.source.identity[0]: pl.when(pl.col("line").is_in(list(self.others))).then(pl.lit("clash"))}

    def only(self, rejected: Iterable[Rejected]) -> Iterable[Rejected]:
        for item in rejected:
            if item.line in self.others:
                others = ", ".join(map(str, self.others[item.line])) or "the same line"
                yield replace(item, expected=CLASH % {"lines": others})


def keep(run: int) -> None:
    """All rejected lines of this file, in place of those of an earlier attempt."""
    RejectedRow.objects.filter(run_id=run).delete()
    problems = "json_agg(problem::jsonb)" if postgres() else "json_group_array(json(problem))"
    row = "max(fields)::jsonb" if postgres() else "max(fields)"
    table = quoted(RejectedRow._meta.db_table)
    columns = f"run_id, line, problems, {quoted('row')}"
    sql(f"INSERT INTO {table} ({columns}) SELECT {run}, line, {problems}, {row} FROM {BAD} GROUP BY line ORDER BY line")


def first_rejected() -> tuple[BadRow, ...]:
    """The first lines with all their problems."""
    rows = values(
        f"SELECT line, problem, fields FROM {BAD} WHERE line IN (SELECT DISTINCT line FROM {BAD} ORDER BY line LIMIT {SHOWN}) ORDER BY line"
    )
    found: dict[int, tuple[list[Mapping[str, str]], Mapping[str, str]]] = {}
    for line, problem, fields in rows:
        found.setdefault(int(line), ([], json.loads(fields)))[0].append(json.loads(problem))
    return tuple(BadRow(line, tuple(problems), row) for line, (problems, row) in found.items())


def stored_rejected(run: int) -> tuple[BadRow, ...]:
    """The first rejected lines of a run of before."""
    return tuple(
        BadRow(item.line, tuple(item.problems), item.row) for item in RejectedRow.objects.filter(run_id=run).order_by("line")[:SHOWN]
    )


def write_csv(run: int, file: TextIO) -> int:
    """The rejected rows of a run with their line and problems, none of which runs in a spreadsheet; the number of rows."""
    rows = RejectedRow.objects.filter(run_id=run).order_by("line")
    columns: Mapping[str, str] = next((row.row for row in rows.iterator(chunk_size=2000) if row.row), {})
    writer = csv.DictWriter(file, [*columns, *(name for name in EXTRA if name not in columns)], extrasaction="ignore", restval="")
    writer.writeheader()
    count = 0
    for row in rows.iterator(chunk_size=2000):
        problem = "; ".join(f"{item['column']}: {found_in_words(item)}, expected {item['expected']}" for item in row.problems)
        cells = {name: protected(str(cell)) for name, cell in row.row.items()}
        writer.writerow({**cells, "line": row.line, "problem": protected(problem), RUN: run})
        count += 1
    return count


def as_json(rejected: Sequence[BadRow]) -> list[dict[str, Any]]:
    return [{"line": item.line, "problems": list(item.problems), "row": dict(item.row)} for item in rejected]
