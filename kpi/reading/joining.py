"""Rows that are one record are brought together before they are read, wherever in the file they stand.

The file is read twice: once to count the rows of each record (eight bytes a row), once to wait for the last of them. Rows that wait are
bounded; a file in which too many wait at once must be sorted first.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from django.utils.translation import gettext_noop as _

from kpi.reading.records import LINE, Records
from kpi.source import RECORD, Refused

MOST_WAITING = 200_000
KEY, HASH, ROWS = "#key", "#hash", "#rows"


def joined(first: Iterator[Records], again: Iterator[Records], key: pl.Expr, file: str, most: int = MOST_WAITING) -> Iterator[Records]:
    """The same rows with the line of their record; all rows of a record in one block."""
    counts = _repeated(first, key)
    waiting: pl.DataFrame | None = None
    for records in again:
        frame = _keyed(records.frame, key)
        frame = pl.concat([waiting, frame]) if waiting is not None else frame
        frame = frame.join(counts, on=HASH, how="left", maintain_order="left")
        complete = pl.col(ROWS).is_null() | (pl.len().over(HASH) >= pl.col(ROWS))
        waiting = frame.filter(~complete).drop(ROWS)
        if waiting.height > most:
            text = _(
                "%(file)s, line %(line)s: more than %(most)s rows wait for further rows of the same record; sort the file so that the rows "
                "of one record stand close together."
            )
            raise Refused(text, file=file, line=frame[LINE][-1], most=f"{most:,}")
        ready = frame.filter(complete).drop(ROWS)
        if ready.height or records.bad:
            yield Records(_told(ready), records.bad, records.ascii, records.has_control)
    if waiting is not None and waiting.height:
        yield Records(_told(waiting), (), ascii=False, has_control=True)


def _keyed(frame: pl.DataFrame, key: pl.Expr) -> pl.DataFrame:
    alone = pl.concat_str(pl.lit("\0"), pl.col(LINE).cast(pl.String))
    return frame.with_columns(pl.coalesce(key, alone).alias(KEY)).with_columns(pl.col(KEY).hash().alias(HASH))


def _repeated(blocks: Iterator[Records], key: pl.Expr) -> pl.DataFrame:
    """How many rows the records of more than one row have."""
    hashes = [_keyed(records.frame, key)[HASH] for records in blocks]
    every = pl.concat(hashes) if hashes else pl.Series(HASH, [], dtype=pl.UInt64)
    counted = pl.DataFrame({HASH: every}).group_by(HASH).agg(pl.len().alias(ROWS))
    return counted.filter(pl.col(ROWS) > 1)


def _told(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(LINE).with_columns(pl.col(LINE).min().over(KEY).alias(RECORD)).drop(KEY, HASH)
