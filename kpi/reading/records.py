"""From lines to records. Three routes that agree on every record: no quotes at all, quotes as they should be, and one by one.

The first two count delimiters with numpy and leave the cutting to polars; whatever they cannot vouch for goes the third way
(kpi/reading/careful.py), which costs more and names the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpi.reading.careful import BadRow, read_carefully
from kpi.reading.limits import Limits
from kpi.reading.lines import NEWLINE, Lines

QUOTE = ord('"')
LINE = "line"
CONTROL = bytes({*range(32), 127} - {*b"\t\n\r"})
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Shape:
    """What a file's records look like."""

    names: tuple[str, ...]  # one per field, made unique
    delimiter: str

    @property
    def width(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Records:
    """The records of a block as text (null = empty) with `line`, those that could not be cut, and the rest to be read with the next."""

    frame: pl.DataFrame
    bad: tuple[BadRow, ...]
    ascii: bool
    has_control: bool  # a cell may hold a control character


def record_blocks(blocks: Iterator[Lines], shape: Shape, columns: Sequence[str], limits: Limits) -> Iterator[Records]:
    """Every record of the file, a block at a time; a record that crosses a block's end is read with the next one."""
    left, left_line = b"", 0
    for fresh in blocks:
        block = Lines(left + fresh.text, left_line, fresh.last) if left else fresh
        if not block.text:
            continue
        records, left, left_line = _cut(block, shape, columns, limits)
        if records.frame.height or records.bad:
            yield records


def _cut(block: Lines, shape: Shape, columns: Sequence[str], limits: Limits) -> tuple[Records, bytes, int]:
    bytes_ = np.frombuffer(block.text, np.uint8)
    ends = np.flatnonzero(bytes_ == NEWLINE)
    if b'"' not in block.text:
        return _records(_plain(block, bytes_, ends, shape, columns, limits), block), b"", 0
    quoted = _quoted(block, bytes_, ends, shape, columns, limits)
    if quoted is not None:
        frame, left, left_line = quoted
        return _records((frame, ()), block), left, left_line
    careful = read_carefully(block, shape.delimiter, shape.width, limits)
    frame = _frame_of(careful.rows, careful.lines, shape, columns)
    return _records((frame, careful.bad), block), careful.left, careful.left_line


def _records(found: tuple[pl.DataFrame, tuple[BadRow, ...]], block: Lines) -> Records:
    frame, bad = found
    return Records(frame, bad, block.text.isascii(), may_hold_control(block.text))


def may_hold_control(text: bytes) -> bool:
    """Looked at once for the whole block: hardly any file has one. The others of Unicode begin with C2."""
    return b"\xc2" in text or len(text.translate(None, CONTROL)) < len(text)


def _fields(bytes_: NDArray[np.uint8], ends: Places, delimiter: str, outside: NDArray[np.bool_] | None = None) -> Places:
    """How many fields each record has."""
    is_delimiter = bytes_ == ord(delimiter)
    if outside is not None:
        is_delimiter &= outside
    return np.diff(np.searchsorted(np.flatnonzero(is_delimiter), ends), prepend=0) + 1


def _plain(
    block: Lines, bytes_: NDArray[np.uint8], ends: Places, shape: Shape, columns: Sequence[str], limits: Limits
) -> tuple[pl.DataFrame, tuple[BadRow, ...]]:
    """No quote anywhere: every line is a record."""
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    lengths = ends - starts
    fields = _fields(bytes_, ends, shape.delimiter)
    lines = np.arange(block.first, block.first + len(ends), dtype=np.int64)
    long = lengths > limits.max_record
    blank = lengths == 0
    wrong = ~blank & (long | (fields != shape.width))
    bad = tuple(
        BadRow.too_long(int(lines[place])) if long[place] else BadRow.ragged(int(lines[place]), int(fields[place]), shape.width)
        for place in np.flatnonzero(wrong)
    )
    good = ~(wrong | blank)
    text = block.text if good.all() else _without(block.text, starts, ends, good)
    return _parse(text, lines[good], shape, columns, quote=None), bad


def _without(text: bytes, starts: Places, ends: Places, good: NDArray[np.bool_]) -> bytes:
    """The text of the good lines only, copied in as few pieces as possible."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(np.int8)))
    runs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return b"".join(text[starts[begin] : ends[end - 1] + 1] for begin, end in runs)


def _quoted(
    block: Lines, bytes_: NDArray[np.uint8], ends: Places, shape: Shape, columns: Sequence[str], limits: Limits
) -> tuple[pl.DataFrame, bytes, int] | None:
    """Every quote opens at the start of a cell and closes at its end: parity tells records apart. None: not so, or not sure."""
    inside = np.bitwise_xor.accumulate((bytes_ == QUOTE).view(np.uint8)).view(np.bool_)
    closed = ~inside[ends]
    record_ends = ends[closed]
    used = int(record_ends[-1]) + 1 if len(record_ends) else 0
    rest = len(block.text) - used
    if rest > limits.max_record or (rest and block.last) or not _well_formed(bytes_[:used], ord(shape.delimiter)):
        return None
    starts = np.concatenate(([0], record_ends[:-1] + 1)) if used else record_ends
    lengths = record_ends - starts
    fields = _fields(bytes_[:used], record_ends, shape.delimiter, ~inside[:used])
    if (lengths > limits.max_record).any() or (lengths == 0).any() or (fields != shape.width).any():
        return None
    first = np.searchsorted(ends, starts)  # which physical line each record starts on
    frame = _parse(block.text[:used], first + block.first, shape, columns, quote='"')
    return frame, block.text[used:], block.first + int(np.searchsorted(ends, used))


def _well_formed(bytes_: NDArray[np.uint8], delimiter: int) -> bool:
    places = np.flatnonzero(bytes_ == QUOTE)
    if len(places) % 2:
        return False
    padded = np.concatenate((np.array([NEWLINE], np.uint8), bytes_, np.array([NEWLINE], np.uint8)))
    before, after = padded[places[::2]], padded[places[1::2] + 2]
    ok = (NEWLINE, delimiter, QUOTE)
    return bool(np.isin(before, ok).all() and np.isin(after, ok).all())


def _parse(text: bytes, lines: Places, shape: Shape, columns: Sequence[str], *, quote: str | None) -> pl.DataFrame:
    if not len(lines):
        return _frame_of([], [], shape, columns)
    numbered = {f"column_{shape.names.index(name) + 1}": name for name in columns}
    frame = pl.read_csv(
        text,
        has_header=False,
        schema=dict.fromkeys((f"column_{place + 1}" for place in range(shape.width)), pl.String),
        columns=list(numbered),
        separator=shape.delimiter,
        quote_char=quote,
    )
    cells = {name: pl.col(number) for number, name in numbered.items()}
    if quote:  # an empty cell is unknown, whether it is written ,, or ,"",
        cells = {name: pl.when(text != "").then(text) for name, text in cells.items()}
    return frame.select(**cells).with_columns(pl.Series(LINE, lines, dtype=pl.Int64))


def _frame_of(rows: Sequence[Sequence[str]], lines: Sequence[int], shape: Shape, columns: Sequence[str]) -> pl.DataFrame:
    places = {name: shape.names.index(name) for name in columns}
    data = {name: pl.Series(name, [row[place] or None for row in rows], dtype=pl.String) for name, place in places.items()}
    return pl.DataFrame({**data, LINE: pl.Series(LINE, lines, dtype=pl.Int64)})
