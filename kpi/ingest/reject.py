"""Rejected lines: kept with the run, shown in the outcome, written as a CSV that can be corrected and sent again."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from kpi.ingest.merge import Merge
from kpi.ingest.outcome import SHOWN, BadRow
from kpi.ingest.staging import BAD, number, postgres, quoted, sql, values
from kpi.models import RejectedRow
from kpi.source import Rejected, Source

EXTRA = ("line", "problem")  # columns of the CSV that no source reads


def clashes(merge: Merge, source: Source, found: Sequence[tuple[str, str]]) -> Iterable[Rejected]:
    """Both lines of an id that occurs twice with different content are named, none is stored."""
    column = next((item.name for item in source.columns if item.field == source.identity[0]), source.identity[0])
    for identity, text in found:
        lines = sorted({int(line) for line in text.split()})
        for line in lines:
            others = ", ".join(str(other) for other in lines if other != line)
            yield Rejected(line, column, identity, "clash", f"one row per id: line {others} has the same id with other content", {column: identity})


def rejected_lines() -> int:
    return number(f"SELECT count(DISTINCT line) FROM {BAD}")


def keep(run: int) -> None:
    """All rejected lines of this file, in place of those of an earlier attempt."""
    RejectedRow.objects.filter(run_id=run).delete()
    problems = "json_agg(problem::jsonb)" if postgres() else "json_group_array(json(problem))"
    row = "max(fields)::jsonb" if postgres() else "max(fields)"
    table = quoted(RejectedRow._meta.db_table)
    sql(f"INSERT INTO {table} (run_id, line, problems, {quoted('row')}) SELECT {run}, line, {problems}, {row} FROM {BAD} GROUP BY line ORDER BY line")


def first_rejected() -> tuple[BadRow, ...]:
    """The first lines with all their problems."""
    rows = values(f"SELECT line, problem, fields FROM {BAD} WHERE line IN (SELECT DISTINCT line FROM {BAD} ORDER BY line LIMIT {SHOWN}) ORDER BY line")
    found: dict[int, tuple[list[Mapping[str, str]], Mapping[str, str]]] = {}
    for line, problem, fields in rows:
        found.setdefault(int(line), ([], json.loads(fields)))[0].append(json.loads(problem))
    return tuple(BadRow(line, tuple(problems), row) for line, (problems, row) in found.items())


def write_csv(run: int, file: TextIO) -> int:
    """The rejected rows of a run with their line and problems; the number of rows."""
    rows = RejectedRow.objects.filter(run_id=run).order_by("line")
    first = rows.first()
    if first is None:
        return 0
    writer = csv.DictWriter(file, [*first.row, *EXTRA], extrasaction="ignore", restval="")
    writer.writeheader()
    count = 0
    for row in rows.iterator(chunk_size=2000):
        problem = "; ".join(f"{item['column']}: found “{item['found']}”, expected {item['expected']}" for item in row.problems)
        writer.writerow({**row.row, "line": row.line, "problem": problem})
        count += 1
    return count


def as_json(rejected: Sequence[BadRow]) -> list[dict[str, Any]]:
    return [{"line": item.line, "problems": list(item.problems), "row": dict(item.row)} for item in rejected]
