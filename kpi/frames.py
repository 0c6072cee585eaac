"""Reads a query into a polars frame, fast on both databases; null stays null and empty text stays empty.

PostgreSQL: fixed-width columns travel as binary arrays, nulls as a value that cannot occur, without a loop over rows;
queries with text travel as CSV. SQLite: rows are fetched and turned into columns.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import psycopg
from django.db import connection
from numpy.typing import NDArray

MOMENT = pl.Datetime("us", "UTC")
Schema = Mapping[str, Any]  # column: polars type
INT32_NULL, INT64_NULL = -(2**31), -(2**63)
DATE_NULL, MOMENT_NULL = 2**31 - 1, 2**63 - 1  # how PostgreSQL sends infinity
DAYS_TO_2000, MICROSECONDS_TO_2000 = 10_957, 946_684_800_000_000
HEADER = 20  # bytes before the first element of a binary array


def read_frame(sql: str, params: Sequence[Any], schema: Schema) -> pl.DataFrame:
    """The rows of a query; its columns must have the names, and the order, of `schema`.

    Types: Int16, Int32, Int64, Float64, Boolean, Date, MOMENT, String, and Enum (text of few known values; others
    become null).
    """
    if connection.vendor != "postgresql":
        return _from_rows(sql, params, schema)
    if any(kind == pl.String for kind in schema.values()):
        return _from_csv(sql, params, schema)
    return _from_arrays(sql, params, schema)


def is_in(column: str, values: Iterable[Any]) -> tuple[str, list[Any]]:
    """A condition that takes any number of values, and its parameter."""
    found = list(values)
    if not found:
        return "1 = 0", []
    if connection.vendor == "postgresql":
        kind = "date" if isinstance(found[0], date) else "bigint"
        return f"{column} = ANY(%s::{kind}[])", [array(pl.Series(found))]
    return f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(found, default=str)]  # noqa: S608


def array(values: pl.Series) -> str:
    """A PostgreSQL array as text: much faster than a list of parameters."""
    texts = values.dt.strftime("%Y-%m-%d %H:%M:%S%.6f+00") if values.dtype == pl.Datetime else values.cast(pl.String)
    return "{" + ",".join(texts.fill_null("NULL").to_list()) + "}"


def _copy(statement: str, params: Sequence[Any]) -> bytes:
    with connection.cursor() as cursor, cursor.copy(statement, list(params)) as copy:
        return b"".join(copy)


def _from_csv(sql: str, params: Sequence[Any], schema: Schema) -> pl.DataFrame:
    """Quoted empty is "", unquoted empty is null; times travel as microseconds."""
    columns = ", ".join(_csv_column(name, kind) for name, kind in schema.items())
    texts = ", ".join(f'"{name}"' for name, kind in schema.items() if kind == pl.String)
    data = _copy(f"COPY (SELECT {columns} FROM ({sql}) q) TO STDOUT (FORMAT CSV, FORCE_QUOTE ({texts}))", params)  # noqa: S608
    if not data:
        return pl.DataFrame(schema=schema)
    plain = {name: _csv_type(kind) for name, kind in schema.items()}
    frame = pl.read_csv(io.BytesIO(data), has_header=False, schema=plain)
    return frame.select(_csv_value(name, kind) for name, kind in schema.items())


def _csv_column(name: str, kind: Any) -> str:
    if kind == pl.Datetime:
        return f'(extract(epoch FROM "{name}") * 1000000)::bigint AS "{name}"'
    return f'"{name}"::int AS "{name}"' if kind == pl.Boolean else f'"{name}"'


def _csv_type(kind: Any) -> Any:
    if kind == pl.Datetime:
        return pl.Int64
    if kind == pl.Boolean:
        return pl.Int8
    return pl.String if isinstance(kind, pl.Enum) or kind == pl.Date else kind


def _csv_value(name: str, kind: Any) -> pl.Expr:
    column = pl.col(name)
    if kind == pl.Date:
        return column.str.to_date("%Y-%m-%d")
    if kind == pl.Datetime:
        return column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return column.cast(kind, strict=not isinstance(kind, pl.Enum))


def _from_arrays(sql: str, params: Sequence[Any], schema: Schema) -> pl.DataFrame:
    """Each column as one array in binary form: one message for all rows, and no loop over them here."""
    columns = ", ".join(f"array_agg({_binary_column(name, kind)})" for name, kind in schema.items())
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(f"SELECT {columns} FROM ({sql}) q".encode(), list(params), binary=True, prepare=False)  # noqa: S608
        found = [cursor.pgresult.get_value(0, place) for place in range(len(schema))] if cursor.pgresult else []
    if not found or found[0] is None:
        return pl.DataFrame(schema=schema)
    return pl.DataFrame(
        [_series(name, kind, _elements(data or b"", kind)) for (name, kind), data in zip(schema.items(), found, strict=True)]
    )


def _elements(data: bytes, kind: Any) -> NDArray[Any]:
    """The values of an array without nulls: each follows its length."""
    element = np.dtype([("length", ">i4"), ("value", _binary_type(kind))])
    return np.frombuffer(data, dtype=element, offset=HEADER)["value"]


def _binary_column(name: str, kind: Any) -> str:
    if isinstance(kind, pl.Enum):
        known = ", ".join(f"'{value}'" for value in kind.categories)
        return f'coalesce(array_position(ARRAY[{known}]::text[], "{name}"::text), {INT32_NULL})::int'
    casts = {
        pl.Int16: f'coalesce("{name}", {INT32_NULL})::int',
        pl.Int32: f'coalesce("{name}", {INT32_NULL})::int',
        pl.Int64: f'coalesce("{name}", {INT64_NULL})::bigint',
        pl.Float64: f"coalesce(\"{name}\", 'NaN')::float8",
        pl.Boolean: f'coalesce("{name}"::int, {INT32_NULL})::int',
        pl.Date: f"coalesce(\"{name}\", 'infinity')::date",
        pl.Datetime: f"coalesce(\"{name}\", 'infinity')::timestamptz",
    }
    return next(text for known, text in casts.items() if kind == known)


def _binary_type(kind: Any) -> str:
    if kind == pl.Float64:
        return ">f8"
    return ">i8" if kind in (pl.Int64, pl.Datetime) else ">i4"


def _series(name: str, kind: Any, values: NDArray[Any]) -> pl.Series:
    numbers = pl.Series(name, values.astype(values.dtype.newbyteorder("=")))
    if kind == pl.Float64:
        return numbers.fill_nan(None)
    null = {pl.Date: DATE_NULL, pl.Datetime: MOMENT_NULL, pl.Int64: INT64_NULL}
    unknown = next((value for known, value in null.items() if kind == known), INT32_NULL)
    column = pl.when(pl.col(name) != unknown).then(pl.col(name))
    if kind == pl.Date:
        value = (column + DAYS_TO_2000).cast(pl.Int32).cast(pl.Date)
    elif kind == pl.Datetime:
        value = (column + MICROSECONDS_TO_2000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    elif isinstance(kind, pl.Enum):
        value = (column - 1).cast(pl.UInt32).cat.to(kind)
    else:
        value = column.cast(kind)
    return numbers.to_frame().select(value.alias(name)).to_series()


def _from_rows(sql: str, params: Sequence[Any], schema: Schema) -> pl.DataFrame:
    columns = ", ".join(_sqlite_column(name, kind) for name, kind in schema.items())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM ({sql}) q", list(params))  # noqa: S608
        rows = cursor.fetchall()
    if not rows:
        return pl.DataFrame(schema=schema)
    values = zip(*rows, strict=True)
    return pl.DataFrame([_sqlite_series(name, kind, list(found)) for (name, kind), found in zip(schema.items(), values, strict=True)])


def _sqlite_column(name: str, kind: Any) -> str:
    """As stored: a cast keeps the driver from making objects of every cell."""
    if kind in (pl.Date, pl.Datetime):
        return f'CAST("{name}" AS text)'
    return f'CAST("{name}" AS integer)' if kind == pl.Boolean else f'"{name}"'


def _sqlite_series(name: str, kind: Any, values: list[Any]) -> pl.Series:
    if kind == pl.Date:
        return pl.Series(name, values, dtype=pl.String).str.to_date("%Y-%m-%d")
    if kind == pl.Datetime:
        texts = pl.Series(name, values, dtype=pl.String).str.replace("T", " ", literal=True)
        return texts.str.slice(0, 26).str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us").dt.replace_time_zone("UTC")
    if kind == pl.Boolean:
        return pl.Series(name, values, dtype=pl.Int8).cast(pl.Boolean)
    if isinstance(kind, pl.Enum):
        return pl.Series(name, values, dtype=pl.String).cast(kind, strict=False)
    return pl.Series(name, values, dtype=kind)
