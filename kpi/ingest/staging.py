"""Temporary tables a file is read into before anything of it is stored. They vanish with the connection."""

# ruff: noqa: S608 - names of tables and columns come from the models, values are parameters or ids

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import Any

import polars as pl
from django.db import DatabaseError, connection, transaction

from kpi.ingest.layout import Layout
from kpi.source import Rejected

BAD = "cw_bad"
SLICE = 20_000  # rows turned into Python at once on SQLite
MANY = 10_000  # new rows; fewer change no plan
UNSAFE = r"[\\\t\n\r]"


def postgres() -> bool:
    return connection.vendor == "postgresql"


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def sql(text: str, params: Iterable[Any] = ()) -> int:
    """Run one statement; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(text, list(params) or None)
        return int(cursor.rowcount)


def values(text: str, params: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, list(params) or None)
        return list(cursor.fetchall())


def number(text: str) -> int:
    return int(values(text)[0][0])


@contextmanager
def temporary() -> Iterator[None]:
    """A transaction that touches temporary tables only: on SQLite it must not take the lock of the database."""
    if postgres() or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    sql("BEGIN DEFERRED")
    try:
        yield
    except BaseException:
        sql("ROLLBACK")
        raise
    sql("COMMIT")


def drop(*tables: str) -> None:
    for table in tables:
        sql(f"DROP TABLE IF EXISTS {table}")


def make(table: str, layout: Layout) -> None:
    """An empty staging table with the column types of the record's own table and no index."""
    rid = "rid bigint" if postgres() else "rid INTEGER PRIMARY KEY"
    columns = ["external_id text", *(f"{quoted(str(item.column))} {item.db_type(connection)}" for item in layout.content)]
    sql(f"CREATE TEMP TABLE {table} ({rid}, line bigint, {', '.join(columns)})")


def fill(table: str, frame: pl.DataFrame) -> None:
    """Append shaped rows. Columns that are empty in the whole block are left out: reading nothing costs as much as reading text."""
    if frame.height:
        given = frame.select(name for name in frame.columns if frame[name].null_count() < frame.height)
        (_copy if postgres() else _insert)(table, given)


def plan_generously() -> None:
    """For the rest of this transaction: one pass over a million rows in memory, and no compiling of what runs once."""
    if postgres():
        sql("SET LOCAL work_mem = '256MB'")
        sql("SET LOCAL jit = off")


def know_size(table: str, came: int) -> None:
    """After a file that made the table much larger. What is rolled up next is planned by how large the table is known to be, and the
    database's own look at it comes minutes later, or never where it is switched off: a first import of 5 M contacts was then
    rolled up at half the speed."""
    if not postgres() or came < MANY:
        return
    with suppress(DatabaseError):  # the file is stored, and a slower plan is no reason to say otherwise
        known = float(values("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])[0][0])
        if came > known / 10:
            sql(f"ANALYZE {quoted(table)}")


def _copy(table: str, frame: pl.DataFrame) -> None:
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    unsafe = frame.select(pl.col(name).str.contains(UNSAFE).any() for name in texts).row(0)
    escaped = [_escaped(name) for name, bad in zip(texts, unsafe, strict=True) if bad]
    data = BytesIO()
    frame.with_columns(escaped).write_csv(data, include_header=False, separator="\t", quote_style="never", null_value="\\N")
    names = ", ".join(quoted(name) for name in frame.columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        copy.write(data.getbuffer())


def _escaped(name: str) -> pl.Expr:
    text = pl.col(name)
    for raw, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.str.replace_all(raw, written, literal=True)
    return text


def _insert(table: str, frame: pl.DataFrame) -> None:
    names = ", ".join(quoted(name) for name in frame.columns)
    statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * frame.width)})"
    frame = frame.select(_plain(name, kind) for name, kind in frame.schema.items())
    with temporary(), connection.cursor() as cursor:
        for part in frame.iter_slices(SLICE):
            cursor.connection.executemany(statement, part.rows())


def _plain(name: str, kind: pl.DataType) -> pl.Expr:
    """As the ORM writes it on SQLite: moments and days as text in UTC, truth as 0 and 1."""
    column = pl.col(name)
    if kind == pl.Boolean:
        return column.cast(pl.Int8)
    if kind == pl.Date:
        return column.dt.to_string("%Y-%m-%d")
    if kind == pl.Datetime:
        whole = column.dt.to_string("%Y-%m-%d %H:%M:%S")
        return pl.when(column.dt.microsecond() == 0).then(whole).otherwise(column.dt.to_string("%Y-%m-%d %H:%M:%S%.6f"))
    return column


def make_bad() -> None:
    drop(BAD)
    sql(f"CREATE TEMP TABLE {BAD} (line bigint, problem text, fields text)")


def keep_bad(rejected: Iterable[Rejected], *, private: bool = False) -> None:
    """Rejected cells wait in a table, not in memory. Of what people answered about themselves only the place is kept."""
    rows = [(item.line, _problem(item, private=private), "{}" if private else _json(item.row)) for item in rejected]
    if not rows:
        return
    if postgres():
        _copy(BAD, pl.DataFrame(rows, schema={"line": pl.Int64, "problem": pl.String, "fields": pl.String}, orient="row"))
        return
    with temporary(), connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {BAD} (line, problem, fields) VALUES (%s, %s, %s)", rows)


def _problem(item: Rejected, *, private: bool) -> str:
    found = "" if private else item.found
    return _json({"column": item.column, "found": found, "problem": item.problem, "expected": str(item.expected)})


def _json(value: Any) -> str:
    """NUL has no place in a database: it is written as its symbol."""
    return json.dumps(dict(value), ensure_ascii=False, default=str).replace("\\u0000", "␀")
