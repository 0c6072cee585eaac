"""Reading and writing packed rows of totals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import psycopg
from django.db import connection

from kpi.frames import array
from kpi.models import Rollup
from kpi.rollup import pairs
from kpi.rollup.vectors import ROW, Long, Row, pack_rows, unpack_rows

DAY, WEEK = "d", "w"
INSERT = "INSERT INTO kpi_rollup (subject, dimension, grain, member, start, data) VALUES (%s, %s, %s, %s, %s, %s)"
SAME = "r.subject = %s AND r.dimension = k.dimension AND r.grain = %s AND r.member = k.member AND r.start = k.start"
KEY = "subject = %s AND dimension = %s AND grain = %s AND member = %s AND start = %s"


def read_starts(subject: str, grain: str, starts: Iterable[date]) -> Long:
    """The stored totals of these days, or of the weeks that begin on them."""
    rows = Rollup.objects.filter(subject=subject, grain=grain, start__in=list(starts))
    return unpack_rows([(name, member, start, bytes(data)) for name, member, start, data in rows.values_list(*ROW, "data")])


def read_rows(subject: str, grain: str, keys: pl.DataFrame) -> Long:
    """The stored totals of these rows."""
    found = zip(keys.select(ROW).iter_rows(), read_vectors(subject, grain, keys), strict=True)
    return unpack_rows([(*key, data) for key, data in found if data is not None])


def read_vectors(subject: str, grain: str, keys: pl.DataFrame) -> list[bytes | None]:
    """The packed vector of each of these rows, in their order; None where there is no such row."""
    wanted, params = _wanted(keys)
    sql = f"SELECT k.place, r.data FROM {wanted} CROSS JOIN kpi_rollup r WHERE {SAME}"  # noqa: S608
    vectors: list[bytes | None] = [None] * keys.height
    for place, data in _fetched(sql, [*params, subject, grain]):
        vectors[place - 1] = data
    return vectors


def _fetched(sql: str, params: Sequence[Any]) -> list[tuple[int, bytes]]:
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with psycopg.Cursor(connection.connection) as cursor:  # in binary form, where a byte is a byte
            return cursor.execute(sql.encode(), list(params), binary=True, prepare=False).fetchall()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[int, bytes]] = cursor.fetchall()
    return found


def _wanted(keys: pl.DataFrame) -> tuple[str, list[Any]]:
    """Rows of keys as a table k in a statement; `place` counts them from 1."""
    columns = keys.select(pl.col("dimension").cast(pl.String), "member", "start")
    if connection.vendor == "postgresql":
        table = "unnest(%s::text[], %s::int[], %s::date[]) WITH ORDINALITY k(dimension, member, start, place)"
        return table, [array(column) for column in columns]
    parts = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(ROW))
    rows = columns.with_columns(pl.col("start").cast(pl.String)).rows()
    return f"(SELECT {parts}, key + 1 AS place FROM json_each(%s)) k", [json.dumps(rows)]  # noqa: S608


def delete_rows(subject: str, grain: str, keys: pl.DataFrame) -> None:
    wanted, params = _wanted(keys)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM kpi_rollup r USING {wanted} WHERE {SAME}", [*params, subject, grain])  # noqa: S608
            return
        rows = [(subject, name, grain, member, str(start)) for name, member, start in keys.select(ROW).iter_rows()]
        cursor.executemany(f"DELETE FROM kpi_rollup WHERE {KEY}", rows)  # noqa: S608


def delete_starts(subject: str, grain: str, starts: Iterable[date]) -> None:
    wanted = sorted(starts)
    for first in range(0, len(wanted), 300):
        rows = Rollup.objects.filter(subject=subject, grain=grain, start__in=wanted[first : first + 300])
        rows._raw_delete(rows.db)


def insert(subject: str, grain: str, long: Long) -> int:
    """Adds rows that do not exist yet."""
    return _insert(subject, grain, pack_rows(long))


def _insert(subject: str, grain: str, packed: Sequence[Row]) -> int:
    rows = [(subject, name, grain, member, start, data) for name, member, start, data in packed]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(INSERT, [(*row[:4], str(row[4]), row[5]) for row in rows])
            return len(rows)
        with cursor.copy("COPY kpi_rollup (subject, dimension, grain, member, start, data) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["varchar", "varchar", "varchar", "int4", "date", "bytea"])
            for row in rows:
                copy.write_row(row)
    return len(rows)


def add(subject: str, grain: str, difference: Long, counts: Mapping[int, int], highest: Long | None = None) -> pl.DataFrame:
    """Adds a difference to the stored rows it concerns; `highest` are values (each slot once) of slots whose peak is kept.

    Gives back the rows (columns of ROW) whose sums are beyond what a difference is exact for: they have to be added up anew.
    """
    peaks = difference.clear() if highest is None else highest
    rows = pl.concat([difference.select(ROW), peaks.select(ROW)]).unique().sort(ROW)
    vectors = read_vectors(subject, grain, rows)
    change = pairs.of_rows(difference, rows)
    summed = pairs.combined(pairs.unpacked(vectors), change, np.add)
    whole = pairs.combined(summed, pairs.of_rows(peaks, rows), np.maximum)
    _write(subject, grain, rows, vectors, pairs.packed(pairs.alive(whole, counts), rows.height))
    return rows[pairs.inexact(change, summed)]


def _write(subject: str, grain: str, rows: pl.DataFrame, former: Sequence[bytes | None], vectors: Sequence[bytes]) -> None:
    """What stands in each row from now on; empty: the row goes."""
    keys = list(zip(rows.select(ROW).iter_rows(), former, vectors, strict=True))
    _insert(subject, grain, [(*key, now) for key, was, now in keys if was is None and now])
    _update(subject, grain, [(*key, now) for key, was, now in keys if was is not None and now and was != now])
    delete_rows(subject, grain, rows.filter(pl.Series([was is not None and not now for _, was, now in keys], dtype=pl.Boolean)))


def _update(subject: str, grain: str, rows: Sequence[Row]) -> None:
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            values = [(data, subject, name, grain, member, str(start)) for name, member, start, data in rows]
            cursor.executemany(f"UPDATE kpi_rollup SET data = %s WHERE {KEY}", values)  # noqa: S608
        return
    wanted = "unnest(%s::text[], %s::int[], %s::date[], %b::bytea[]) k(dimension, member, start, data)"
    sql = f"UPDATE kpi_rollup r SET data = k.data FROM {wanted} WHERE {SAME}"  # noqa: S608
    names, members, starts, vectors = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql.encode(), [names, members, starts, vectors, subject, grain], prepare=False)


def other_days(weeks: Sequence[date], days: Iterable[date]) -> list[date]:
    """The days of the weeks that are not among `days`."""
    known = set(days)
    return [day for week in weeks for day in (week + timedelta(step) for step in range(7)) if day not in known]
