"""Where each record of a JSON text begins and ends: found by its quotes and brackets, a piece of the file at a time.

Records are the objects of the list at `at`, of a list at the top, or else the objects at the top: one for each line, or one after
the other with or without anything between them. What a record holds is not looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from kpi.reading.limits import MIB

TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]"]', re.DOTALL)
DEEPEST = 50
OPENING = b"{["


class Broken(Exception):
    """No record can be told from the next: the line, what was found there, and what would be right."""

    def __init__(self, line: int, found: str, remedy: str) -> None:
        super().__init__(found)
        self.line, self.found, self.remedy = line, found, remedy


@dataclass(frozen=True)
class Cut:
    """The text of one record and the line it begins on; `deep`: it has more levels than are read."""

    text: bytes
    line: int
    deep: bool


class Cutter:
    """Takes a text in pieces and gives the records that are complete."""

    def __init__(self, at: str, longest: int, line: int = 1) -> None:
        self.at, self.longest = tuple(key.encode() for key in at.split(".") if key), longest
        self.line, self.counted = line, 0  # the line at the place `counted` of the buffer
        self.buffer, self.place, self.after = b"", 0, 0  # looked at up to `place`; `after` is where the last value ended
        self.depth, self.deepest, self.first = 0, 0, True
        self.start: int | None = None  # of the record, or of an object that may be one
        self.record = 0  # the depth inside a record; 0: not in one
        self.elements = 0  # the depth of a list of records; 0: none is open
        self.path: list[bytes] = []  # names of the open containers that may lead to the list
        self.key = b""
        self.around = False  # the object at the top held the list: it is no record

    def feed(self, piece: bytes, *, last: bool = False) -> Iterator[Cut]:
        self.buffer += piece
        for found in TOKEN.finditer(self.buffer, self.place):
            token, place = found[0], found.start()
            if token == b'"':
                break  # a string that is not complete yet
            self.place = found.end()
            if token[:1] == b'"':
                self.key = token
            elif token in OPENING:
                self._open(token, place)
            else:
                yield from self._close(place)
        else:
            self.place = len(self.buffer)
        if last:
            self._end()
        self._forget()

    def _open(self, token: bytes, place: int) -> None:
        self.depth += 1
        self.deepest = max(self.deepest, self.depth - max(1, self.record))
        if self.record:
            return
        top, element = self.depth == 1, self.elements and self.depth == self.elements + 1
        if top or element:
            self._between(place)
        if element and token != b"{":
            raise Broken(self._line(place), _("a list"), _("an object {…} for each record"))
        if element or (top and token == b"{" and not self.at):
            self.start, self.record, self.deepest = place, self.depth, 0
        elif top and token == b"{":
            self.start, self.path, self.around, self.deepest = place, [], False, 0
        elif not top:
            self.path.append(self.key[1:-1])
        if token == b"[" and not self.elements and (top or self._is_list()):
            self.elements, self.first, self.after, self.around = self.depth, True, place + 1, not top
            self.start = None

    def _is_list(self) -> bool:
        return len(self.path) == len(self.at) and tuple(self.path) == self.at

    def _close(self, place: int) -> Iterator[Cut]:
        self.depth -= 1
        if self.depth < 0:
            raise Broken(self._line(place), _("a bracket that closes nothing"), _("a JSON text"))
        end = place + 1
        if self.record and self.depth == self.record - 1:
            yield self._cut(end)
            self.record, self.start, self.after, self.first = 0, None, end, False
        elif not self.record and self.elements and self.depth == self.elements - 1:
            if self.buffer[self.after : place].strip():
                raise Broken(self._line(place), _("a value that is no object"), _("an object {…} for each record"))
            self.elements, self.after, self.first = 0, end, self.depth == 0
            if self.path:
                self.path.pop()
        elif not self.record and self.depth == 0:
            if not self.around:
                yield self._cut(end)
            self.start, self.after, self.around, self.first = None, end, False, True
        elif not self.record and self.path:
            self.path.pop()

    def _cut(self, end: int) -> Cut:
        start = self.start or 0
        return Cut(self.buffer[start:end], self._line(start), self.deepest > DEEPEST)

    def _between(self, place: int) -> None:
        """Only blanks may stand before a value, and one comma between two elements of a list."""
        gap = self.buffer[self.after : place].strip()
        if gap != (b"," if self.elements and not self.first else b""):
            raise Broken(
                self._line(place), _("something that belongs to no record"), _("blanks, or one comma between the elements of a list")
            )

    def _line(self, place: int) -> int:
        if place >= self.counted:
            self.line += self.buffer.count(b"\n", self.counted, place)
            self.counted = place
        return self.line

    def _end(self) -> None:
        if self.depth or self.buffer.find(b'"', self.place) >= 0:
            where = self._line(self.start if self.start is not None else self.place)
            raise Broken(where, _("a record that is not closed"), _("the whole file: it may have been cut on the way"))
        if self.buffer[self.after :].strip():
            raise Broken(self._line(len(self.buffer)), _("something that belongs to no record"), _("nothing after the last bracket"))

    def _forget(self) -> None:
        """What was cut is let go; what may still be needed is bounded."""
        keep = self.start if self.start is not None else self.after if self.elements or not self.depth else self.place
        if len(self.buffer) - keep > self.longest:
            raise Broken(self._line(keep), f"one record of more than {self.longest // MIB} MiB", "records of a few kilobytes each")
        self._line(keep)
        self.buffer = self.buffer[keep:]
        self.place, self.after, self.counted = self.place - keep, max(0, self.after - keep), max(0, self.counted - keep)
        if self.start is not None:
            self.start = 0
