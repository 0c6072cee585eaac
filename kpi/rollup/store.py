"""Reading and writing packed rows of totals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import polars as pl
from django.db import connection

from kpi.frames import is_in
from kpi.models import Rollup
from kpi.rollup.vectors import ROW, Long, pack_rows, unpack_rows

DAY, WEEK = "d", "w"
TOGETHER = 5000
INSERT = "INSERT INTO kpi_rollup (subject, dimension, grain, member, start, data) VALUES (%s, %s, %s, %s, %s, %s)"


def read_days(subject: str, dimension: str, days: Iterable[date]) -> Long:
    """The stored totals of these days."""
    rows = Rollup.objects.filter(subject=subject, dimension=dimension, grain=DAY, start__in=list(days))
    return unpack_rows([(member, start, bytes(data)) for member, start, data in rows.values_list("member", "start", "data")])


def read_rows(subject: str, dimension: str, grain: str, keys: pl.DataFrame) -> Long:
    """The stored totals of these (member, start)."""
    found: list[tuple[int, date, bytes]] = []
    for (start,), members in keys.unique().group_by("start"):
        condition, params = is_in("member", members["member"].to_list())
        sql = f"SELECT member, data FROM kpi_rollup WHERE subject = %s AND dimension = %s AND grain = %s AND start = %s AND {condition}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql, [subject, dimension, grain, start, *params])
            found += [(member, start, data) for member, data in cursor.fetchall()]
    return unpack_rows(found)


def delete_starts(subject: str, grain: str, starts: Iterable[date]) -> None:
    wanted = sorted(starts)
    for first in range(0, len(wanted), 300):
        rows = Rollup.objects.filter(subject=subject, grain=grain, start__in=wanted[first : first + 300])
        rows._raw_delete(rows.db)


def delete_rows(subject: str, dimension: str, grain: str, keys: pl.DataFrame) -> None:
    with connection.cursor() as cursor:
        for (start,), members in keys.unique().group_by("start"):
            condition, params = is_in("member", members["member"].to_list())
            cursor.execute(
                f"DELETE FROM kpi_rollup WHERE subject = %s AND dimension = %s AND grain = %s AND start = %s AND {condition}",  # noqa: S608
                [subject, dimension, grain, start, *params],
            )


def insert(subject: str, dimension: str, grain: str, long: Long) -> int:
    """Adds rows that do not exist yet."""
    rows = [(subject, dimension, grain, member, start, data) for member, start, data in pack_rows(long)]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(INSERT, rows)
            return len(rows)
        with cursor.copy("COPY kpi_rollup (subject, dimension, grain, member, start, data) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["varchar", "varchar", "varchar", "int4", "date", "bytea"])
            for row in rows:
                copy.write_row(row)
    return len(rows)


def replace_rows(subject: str, dimension: str, grain: str, touched: pl.DataFrame, long: Long) -> None:
    """The rows of `touched` become those of `long`."""
    delete_rows(subject, dimension, grain, touched.select(ROW))
    insert(subject, dimension, grain, long)


def other_days(weeks: Sequence[date], days: Iterable[date]) -> list[date]:
    """The days of the weeks that are not among `days`."""
    known = set(days)
    return [day for week in weeks for day in (week + timedelta(step) for step in range(7)) if day not in known]
