"""From pieces of text to blocks of whole physical lines, each with the number of its first line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext_noop as _

from kpi.reading.limits import MIB, Limits
from kpi.reading.stream import validate
from kpi.source import Refused

TOO_LONG = _("%(file)s, line %(line)s: longer than %(most)s MiB; this is not a table of rows.")
NEWLINE = 10


@dataclass(frozen=True)
class Lines:
    """Whole lines, each ended by one newline; a NUL stands where a NUL or a lone carriage return was."""

    text: bytes
    first: int
    last: bool  # nothing follows


@dataclass
class _Pending:
    pieces: list[bytes] = field(default_factory=list)
    count: int = 0
    tail: int = 0  # bytes since the last newline

    def add(self, piece: bytes, newlines: int) -> None:
        self.pieces.append(piece)
        self.count += newlines
        self.tail = len(piece) - piece.rfind(b"\n") - 1 if newlines else self.tail + len(piece)

    def take(self) -> bytes:
        text = b"".join(self.pieces)
        self.pieces, self.count, self.tail = [], 0, 0
        return text


def line_blocks(pieces: Iterator[bytes], rows: int, limits: Limits, name: str, first: int = 1) -> Iterator[Lines]:
    """Blocks of `rows` lines; the last one is marked, and may be empty."""
    pending = _Pending()
    for whole in pieces:
        piece = whole
        newlines = piece.count(b"\n")
        while pending.count + newlines >= rows:
            wanted = rows - pending.count
            cut = int(np.flatnonzero(np.frombuffer(piece, np.uint8) == NEWLINE)[wanted - 1]) + 1
            pending.add(piece[:cut], wanted)
            newlines -= wanted
            yield _finish(pending.take(), first, name, last=False)
            first += rows
            piece = piece[cut:]
        pending.add(piece, newlines)
        if pending.tail > limits.max_line:
            raise Refused(TOO_LONG, file=name, line=first + pending.count, most=limits.max_line // MIB)
    yield _finish(pending.take(), first, name, last=True)


def _finish(text: bytes, first: int, name: str, *, last: bool) -> Lines:
    validate(text, first, name)
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\0")
    if text and not text.endswith(b"\n"):
        text += b"\n"
    return Lines(text, first, last)
