"""Pieces of a merge: what one record has of the texts in its rows. A cell that cannot be worked with is handed on as it stands."""

from __future__ import annotations

import polars as pl

from kpi.reading.records import LINE
from kpi.source import RECORD

MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|\+00:?00)?$"


def merge(frame: pl.DataFrame, *columns: pl.Expr) -> pl.DataFrame:
    """One row for each record, in the order of the file."""
    return frame.group_by(RECORD, maintain_order=True).agg(*columns).rename({RECORD: LINE})


def newest(frame: pl.DataFrame, stamp: pl.Expr, *of: str) -> pl.DataFrame:
    """Of several rows with the same `of` inside one record the one with the latest stamp; of equal ones the last in the file."""
    ordered = frame.with_columns(stamp.alias("#stamp")).sort("#stamp", LINE, nulls_last=False)
    return ordered.unique([RECORD, *of], keep="last", maintain_order=True).sort(LINE).drop("#stamp")


def first(name: str) -> pl.Expr:
    """The first that is known."""
    return pl.col(name).drop_nulls().first()


def last(name: str) -> pl.Expr:
    return pl.col(name).drop_nulls().last()


def instant(name: str) -> pl.Expr:
    """A moment in UTC so that moments are in the order of these texts; null where it is none."""
    text = pl.col(name)
    whole = text.str.slice(0, 19).str.replace(" ", "T", literal=True)
    part = text.str.extract(r"\.([0-9]+)").fill_null("").str.pad_end(9, "0")
    return pl.when(text.str.contains(MOMENT)).then(pl.concat_str(whole, pl.lit("."), part))


def _unless_unread(name: str, value: pl.Expr) -> pl.Expr:
    text = pl.col(name)
    return pl.coalesce(text.filter(text.is_not_null() & instant(name).is_null()).first(), value).alias(name)


def earliest(name: str) -> pl.Expr:
    return _unless_unread(name, pl.col(name).sort_by(instant(name), nulls_last=True).first())


def latest(name: str) -> pl.Expr:
    return _unless_unread(name, pl.col(name).sort_by(instant(name), nulls_last=False).last())


def total(name: str) -> pl.Expr:
    """The sum of what is known; a text that is no number from zero on stays, to be rejected by name."""
    text = pl.col(name)
    number = text.cast(pl.Float64, strict=False)
    wrong = text.filter(text.is_not_null() & ~(number.is_finite() & (number >= 0)).fill_null(value=False)).first()
    return pl.coalesce(wrong, pl.when(text.count() > 0).then(as_text(number.sum()))).alias(name)


def as_text(number: pl.Expr) -> pl.Expr:
    """A number as it would stand in a file."""
    whole = number == number.floor()
    return pl.when(whole).then(number.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(number.cast(pl.String))


def newest_row(frame: pl.DataFrame, stamp: str) -> pl.DataFrame:
    """One row for each record: the one with the latest stamp."""
    return newest(frame, instant(stamp)).with_columns(pl.col(RECORD).alias(LINE)).drop(RECORD)


def _moment(name: str) -> pl.Expr:
    return instant(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)


def seconds_between(start: str, end: str) -> pl.Expr:
    """As a text; unknown where one of the two is, and never guessed from a moment that cannot be read."""
    return as_text((_moment(end) - _moment(start)).dt.total_milliseconds() / 1000)


def plus_seconds(start: str, seconds: str) -> pl.Expr:
    """A moment so many seconds later, in UTC; unknown where one of the two is."""
    later = _moment(start) + pl.duration(milliseconds=(pl.col(seconds).cast(pl.Float64, strict=False) * 1000).round().cast(pl.Int64))
    return later.dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
