"""Reading and writing packed rows of totals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db import connection

from kpi.frames import array
from kpi.models import Rollup
from kpi.rollup.vectors import ROW, Long, pack_rows, unpack_rows

DAY, WEEK = "d", "w"
INSERT = "INSERT INTO kpi_rollup (subject, dimension, grain, member, start, data) VALUES (%s, %s, %s, %s, %s, %s)"


def read_starts(subject: str, grain: str, starts: Iterable[date]) -> Long:
    """The stored totals of these days, or of the weeks that begin on them."""
    rows = Rollup.objects.filter(subject=subject, grain=grain, start__in=list(starts))
    return unpack_rows([(name, member, start, bytes(data)) for name, member, start, data in rows.values_list(*ROW, "data")])


def read_rows(subject: str, grain: str, keys: pl.DataFrame) -> Long:
    """The stored totals of these rows."""
    wanted, params = _wanted(keys)
    sql = (
        f"SELECT r.dimension, r.member, k.start, r.data FROM {wanted} CROSS JOIN kpi_rollup r "  # noqa: S608
        "WHERE r.subject = %s AND r.dimension = k.dimension AND r.grain = %s AND r.member = k.member AND r.start = k.start"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, subject, grain])
        rows = cursor.fetchall()
    return unpack_rows([(name, member, _day(start), data) for name, member, start, data in rows])


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _wanted(keys: pl.DataFrame) -> tuple[str, list[Any]]:
    """Rows of keys as a table k in a statement."""
    columns = keys.select(pl.col("dimension").cast(pl.String), "member", "start")
    if connection.vendor == "postgresql":
        return "unnest(%s::text[], %s::int[], %s::date[]) k(dimension, member, start)", [array(column) for column in columns]
    parts = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(ROW))
    rows = columns.with_columns(pl.col("start").cast(pl.String)).rows()
    return f"(SELECT {parts} FROM json_each(%s)) k", [json.dumps(rows)]  # noqa: S608


def delete_rows(subject: str, grain: str, keys: pl.DataFrame) -> None:
    wanted, params = _wanted(keys)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = (
                f"DELETE FROM kpi_rollup r USING {wanted} "  # noqa: S608
                "WHERE r.subject = %s AND r.dimension = k.dimension AND r.grain = %s AND r.member = k.member AND r.start = k.start"
            )
            cursor.execute(sql, [*params, subject, grain])
            return
        sql = "DELETE FROM kpi_rollup WHERE subject = %s AND dimension = %s AND grain = %s AND member = %s AND start = %s"
        cursor.executemany(sql, [(subject, name, grain, member, str(start)) for name, member, start in keys.select(ROW).iter_rows()])


def delete_starts(subject: str, grain: str, starts: Iterable[date]) -> None:
    wanted = sorted(starts)
    for first in range(0, len(wanted), 300):
        rows = Rollup.objects.filter(subject=subject, grain=grain, start__in=wanted[first : first + 300])
        rows._raw_delete(rows.db)


def insert(subject: str, grain: str, long: Long) -> int:
    """Adds rows that do not exist yet."""
    rows = [(subject, name, grain, member, start, data) for name, member, start, data in pack_rows(long)]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(INSERT, [(*row[:4], str(row[4]), row[5]) for row in rows])
            return len(rows)
        with cursor.copy("COPY kpi_rollup (subject, dimension, grain, member, start, data) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["varchar", "varchar", "varchar", "int4", "date", "bytea"])
            for row in rows:
                copy.write_row(row)
    return len(rows)


def other_days(weeks: Sequence[date], days: Iterable[date]) -> list[date]:
    """The days of the weeks that are not among `days`."""
    known = set(days)
    return [day for week in weeks for day in (week + timedelta(step) for step in range(7)) if day not in known]
