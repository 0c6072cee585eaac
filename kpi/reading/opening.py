"""Opens a file the same way for looking and for reading: past the header, at its first row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext_noop as _

from kpi.reading.limits import MIB, Limits
from kpi.reading.lines import TOO_LONG, Lines, line_blocks
from kpi.reading.records import Records, Shape, record_blocks
from kpi.reading.stream import Progress, as_utf8, open_bytes, validate
from kpi.source import Refused, Titles

HEADER_LINES = 100


@dataclass
class Opened:
    """The header's text, and everything after it."""

    header: bytes
    next_line: int
    rest: Iterator[bytes]
    limits: Limits
    name: str

    def records(self, shape: Shape, columns: Sequence[str], rows: int) -> Iterator[Records]:
        blocks: Iterator[Lines] = line_blocks(self.rest, rows, self.limits, self.name, self.next_line)
        return record_blocks(blocks, shape, columns, self.limits)

    def titles(self, wanted: Titles, names: Sequence[str], delimiter: str) -> list[list[str]]:
        """Takes the further rows of the header off."""
        found: list[list[str]] = []
        while len(found) < wanted.most:
            row, after = self._next_row()
            cells = next(csv.reader([row.decode(errors="replace")], delimiter=delimiter), [])
            if not row or not wanted.is_title(dict(zip(names, cells, strict=False))):
                self.rest = chain([row, after], self.rest)
                break
            found.append(cells)
            self.rest = chain([after], self.rest)
            self.next_line += row.count(b"\n")
        return found

    def _next_row(self) -> tuple[bytes, bytes]:
        """The next row with its newline, and what was read beyond it."""
        head = b""
        for piece in self.rest:
            head += piece
            end = _header_end(head)
            if end is not None:
                return head[:end], head[end:]
            if len(head) > self.limits.max_line:
                break
        return head, b""


def open_text(path: Path, encoding: str, limits: Limits, progress: Progress | None = None) -> tuple[bytes, Iterator[bytes]]:
    """What the file begins with, and the whole file as UTF-8."""
    pieces = as_utf8(open_bytes(path, limits, progress), encoding, path.name)
    head = b""
    for piece in pieces:
        head += piece
        if head.strip() or len(head) > limits.max_line:
            break
    return head[:MIB], chain([head], pieces)


def open_table(pieces: Iterator[bytes], path: Path, limits: Limits) -> Opened:
    """Reads up to the end of the header: the first line that is not blank, with what a quote in it may add."""
    head, line = b"", 1
    for piece in pieces:
        head += piece
        while (blank := _blank(head)) is not None:
            head, line = head[blank:], line + 1
        end = _header_end(head)
        if end is not None:
            return _opened(head[:end], head[end:], line, pieces, path.name, limits)
        if len(head) > limits.max_line:
            raise Refused(TOO_LONG, file=path.name, line=line, most=limits.max_line // MIB)
    if not head.strip():
        raise Refused(_("%(file)s: the file is empty; a header line is expected."), file=path.name)
    return _opened(head, b"", line, pieces, path.name, limits)


def _blank(head: bytes) -> int | None:
    return next((len(end) for end in (b"\n", b"\r\n") if head.startswith(end)), None)


def _header_end(head: bytes) -> int | None:
    """Where the header ends: at the first newline that is not inside quotes."""
    end = head.find(b"\n")
    for _line in range(HEADER_LINES):
        if end < 0:
            return None
        if head.count(b'"', 0, end) % 2 == 0:
            return end + 1
        end = head.find(b"\n", end + 1)
    return head.find(b"\n") + 1


def _opened(header: bytes, rest: bytes, line: int, pieces: Iterator[bytes], name: str, limits: Limits) -> Opened:
    validate(header, line, name)
    if b"\r" in header.rstrip(b"\r\n"):
        text = _("%(file)s, line %(line)s: lines end with a carriage return alone; save the file with line feeds (LF or CRLF).")
        raise Refused(text, file=name, line=line)
    return Opened(header.rstrip(b"\r\n"), line + max(1, header.count(b"\n")), chain([rest], pieces), limits, name)
