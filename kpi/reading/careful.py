"""Record by record with the csv module, strict: for blocks whose quotes cannot be trusted.

Exactly the bad row is named, on the line where its quote opened, and reading goes on with the line after it: a quote that is
never closed swallows nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kpi.reading.limits import Limits
from kpi.reading.lines import Lines


@dataclass(frozen=True)
class BadRow:
    """A row that could not be cut into cells. Its content is not kept: nobody knows which part of it is a name."""

    line: int
    problem: str
    found: str

    @classmethod
    def ragged(cls, line: int, fields: int, width: int) -> BadRow:
        return cls(line, "ragged_row", f"{fields} fields found, {width} expected")

    @classmethod
    def too_long(cls, line: int) -> BadRow:
        return cls(line, "line_too_long", "a longer row")

    @classmethod
    def quote(cls, line: int) -> BadRow:
        return cls(line, "broken_quote", "a quote opened on this line and not closed as it should be")


@dataclass
class Careful:
    """What was read, what was not, and what to read with the next block."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    broken: list[BadRow] = field(default_factory=list)
    left: bytes = b""
    left_line: int = 0

    @property
    def bad(self) -> tuple[BadRow, ...]:
        return tuple(self.broken)


class _TooLong(Exception):
    """The record is longer than a record may be."""


class _Feed:
    """Hands lines to the csv reader and remembers how far it went."""

    def __init__(self, texts: Sequence[bytes], place: int, limit: int) -> None:
        self.texts, self.place, self.start, self.limit, self.size = texts, place, place, limit, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.place == len(self.texts):
            raise StopIteration
        text = self.texts[self.place]
        self.size += len(text)
        self.place += 1
        if self.size > self.limit:
            raise _TooLong
        return text.decode()

    def begin(self) -> None:
        """A record is complete; the next one starts here."""
        self.start, self.size = self.place, 0


def read_carefully(block: Lines, delimiter: str, width: int, limits: Limits) -> Careful:
    """Every record of the block that can be read; each that cannot, by its line."""
    texts = [text + b"\n" for text in block.text.split(b"\n")[:-1]]
    found, place = Careful(), 0
    while place < len(texts):
        feed = _Feed(texts, place, limits.max_record + 1)
        place = _read_until_broken(feed, found, block, delimiter, width)
    return found


def _read_until_broken(feed: _Feed, found: Careful, block: Lines, delimiter: str, width: int) -> int:
    """Reads on to the first bad quote; gives the place to start again from."""
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if len(row) != width and feed.place - feed.start > 1:
                found.broken.append(BadRow.quote(block.first + feed.start))
                return feed.start + 1
            if row:
                _keep(row, block.first + feed.start, found, width)
            feed.begin()
    except _TooLong:
        if feed.place - feed.start == 1:
            found.broken.append(BadRow.too_long(block.first + feed.start))
            return feed.place
        return _broken(feed, found, block, delimiter)
    except csv.Error:
        if feed.place == len(feed.texts) and not block.last and _trace(feed.texts[feed.start :], delimiter)[1]:
            found.left, found.left_line = b"".join(feed.texts[feed.start :]), block.first + feed.start
            return feed.place
        return _broken(feed, found, block, delimiter)
    return feed.place


def _keep(row: list[str], line: int, found: Careful, width: int) -> None:
    if len(row) == width:
        found.rows.append(row)
        found.lines.append(line)
    else:
        found.broken.append(BadRow.ragged(line, len(row), width))


def _broken(feed: _Feed, found: Careful, block: Lines, delimiter: str) -> int:
    opened, _ = _trace(feed.texts[feed.start : feed.place], delimiter)
    found.broken.append(BadRow.quote(block.first + feed.start + opened))
    return feed.start + opened + 1


def _trace(texts: Sequence[bytes], delimiter: str) -> tuple[int, bool]:
    """The line of the last quote that opened a cell before something was wrong (or the text ended), and whether it is still open."""
    mark, quote = ord(delimiter), ord('"')
    opened, closing, at_start, line = False, False, True, 0
    for place, text in enumerate(texts):
        for char in text.removesuffix(b"\n"):
            if closing:
                if char not in (quote, mark):
                    return line, False
                opened, closing, at_start = char == quote, False, char == mark
            elif opened:
                closing = char == quote
            elif char == quote and at_start:
                opened, at_start, line = True, False, place
            else:
                at_start = char == mark
        if closing or not opened:
            opened, closing, at_start = False, False, True
    return line, opened
