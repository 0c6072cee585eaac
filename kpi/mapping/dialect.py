"""What kind of text a file is: its encoding and its delimiter, each with what shows it. What it does not show is left to be chosen."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.mapping.words import DELIMITER_WORDS
from kpi.reading.encoding import find_encoding, refuse_containers
from kpi.reading.header import DELIMITERS
from kpi.reading.limits import KIB, LIMITS
from kpi.reading.stream import as_utf8, open_bytes
from kpi.source import Refused

WRITTEN_BY = {  # what a file without a mark may be in, where it is not UTF-8
    "cp1252": gettext_lazy("Windows, Western Europe (also Latin-1)"),
    "iso8859-15": gettext_lazy("Latin-9, Western Europe"),
    "cp1250": gettext_lazy("Windows, Central Europe"),
    "cp850": gettext_lazy("DOS, Western Europe"),
    "mac-roman": gettext_lazy("Macintosh, Western Europe"),
}
WORD = re.compile(r"[\w.'-]{0,20}[^\x00-\x7f][\w.'-]{0,20}")
LINES = 200  # looked at for the delimiter
WORDS = 5
MOSTLY = 0.95


@dataclass(frozen=True)
class Reads:
    """An encoding the file may be in, and how its words read in it."""

    encoding: str
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Encoded:
    """The encoding with what shows it; where it has to be chosen `name` is empty."""

    name: str
    why: str
    choices: tuple[Reads, ...] = ()


@dataclass(frozen=True)
class Delimited:
    """The delimiter with what shows it; where it has to be chosen `mark` is empty. `counts` are columns of the header under each."""

    mark: str
    why: str
    counts: tuple[tuple[str, int], ...] = ()


def find_encoded(path: Path) -> Encoded:
    """By its mark, its zero bytes, or because every byte of it is valid UTF-8. Refused where it is no text."""
    head = next(open_bytes(path, LIMITS), b"")[: 4 * KIB]
    refuse_containers(head, path.name)
    if not head.strip():
        raise Refused(_("%(file)s: the file is empty.") % {"file": path.name})
    found = find_encoding(head, "", path.name)
    if found.name != "utf-8":
        why = _("a mark at the start says so") if "order mark" in found.evidence.english else _("every second byte is zero")
        return Encoded(found.name, why)
    if head.startswith(codecs.BOM_UTF8):
        return Encoded("utf-8", _("a mark at the start says so"))
    wrong = list(_not_utf8(path))
    if not wrong:
        return Encoded("utf-8", _("the whole file is valid UTF-8"))
    line, byte = wrong[0][0], wrong[0][1]
    why = _("It is not UTF-8: line %(line)d has the byte %(byte)s. Choose how its words read rightly.") % {
        "line": line, "byte": f"0x{byte:02X}",
    }  # fmt: skip
    lines = [raw for _line, _byte, raw in wrong]
    return Encoded("", why, tuple(_readings(lines[:1] if line == 1 else lines)))  # names of columns rather than words of rows


def _not_utf8(path: Path) -> Iterator[tuple[int, int, bytes]]:
    """(line, byte, the line) of the first lines that are not UTF-8."""
    line, rest, found = 0, b"", 0
    for piece in open_bytes(path, LIMITS):
        *whole, rest = (rest + piece).split(b"\n")
        for raw in whole:
            line += 1
            if (byte := _wrong_byte(raw)) is not None:
                yield line, byte, raw
                found += 1
        if found >= WORDS:
            return
    if (byte := _wrong_byte(rest)) is not None:
        yield line + 1, byte, rest


def _wrong_byte(raw: bytes) -> int | None:
    if raw.isascii():
        return None
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return raw[error.start]
    return None


def _readings(lines: list[bytes]) -> Iterator[Reads]:
    """Every encoding under which these lines are text, the likelier first; those that read alike are named once."""
    seen: set[tuple[str, ...]] = set()
    for name, label in WRITTEN_BY.items():
        try:
            texts = [raw.decode(name) for raw in lines]
        except UnicodeDecodeError:
            continue
        words = tuple(dict.fromkeys(word for text in texts for word in WORD.findall(text)))[:WORDS]
        if words not in seen and all(text.replace("\t", "").rstrip("\r").isprintable() for text in texts):
            seen.add(words)
            yield Reads(name, str(label), words)


def find_delimited(path: Path, encoding: str) -> Delimited:
    """The one character under which the header and nearly all first lines have the same number of columns, more than one."""
    text = _first_lines(path, encoding)
    shapes = {mark: _shape(text, mark) for mark in DELIMITERS}
    fits = {mark: shape for mark, shape in shapes.items() if shape and shape[0] > 1 and shape[1] >= MOSTLY}
    counts = tuple((mark, shape[0] if shape else 1) for mark, shape in shapes.items())
    if len(fits) == 1:
        mark, (width, share, lines) = next(iter(fits.items()))
        why = _("%(mark)s: under it the first line and %(same)d of the next %(lines)d have %(width)d columns") % {
            "mark": DELIMITER_WORDS[mark], "same": round(share * lines), "lines": lines, "width": width,
        }  # fmt: skip
        return Delimited(mark, why, counts)
    _refuse_lines_above(path, text, shapes)
    if fits:
        named = ", ".join(str(DELIMITER_WORDS[mark]) for mark in fits)
        return Delimited("", _("Under several characters the lines have the same number of columns: %(marks)s.") % {"marks": named}, counts)
    return Delimited("", _("Under no character the lines have the same number of columns, more than one."), counts)


def _first_lines(path: Path, encoding: str) -> str:
    head = b""
    for piece in as_utf8(open_bytes(path, LIMITS), encoding, path.name):
        head += piece
        if head.count(b"\n") > 2 * LINES or len(head) > 4 * KIB * KIB:
            break
    return head.decode(errors="replace").lstrip("\r\n")


def _shape(text: str, mark: str) -> tuple[int, float, int] | None:
    """(columns of the header, share of the following lines with as many, how many lines)"""
    rows = _rows(text, mark)
    if not rows:
        return None
    width, rest = len(rows[0]), [row for row in rows[1:] if row]
    same = sum(len(row) == width for row in rest)
    return width, same / len(rest) if rest else 1.0, len(rest)


def _rows(text: str, mark: str) -> list[list[str]]:
    try:
        return [row for row, _n in zip(csv.reader(text.splitlines(keepends=True), delimiter=mark), range(LINES + 1), strict=False)]
    except csv.Error:
        return []


def _refuse_lines_above(path: Path, text: str, shapes: dict[str, tuple[int, float, int] | None]) -> None:
    """A title, a date or an empty table above the header is no name of a column."""
    for mark, shape in shapes.items():
        rows = [row for row in _rows(text, mark) if row]
        widths = Counter(len(row) for row in rows)
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        if shape and width > 1 and len(rows) > 2 and count / len(rows) > 0.8 and shape[0] < width:
            first = next(place for place, row in enumerate(rows) if len(row) == width) + 1
            raise Refused(
                _(
                    "%(file)s: above the names of the columns stand %(lines)d lines with something else (line %(first)d is the first "
                    "with %(width)d columns). Delete them, or export without a title, and send the file again."
                )
                % {"file": path.name, "lines": first - 1, "first": first, "width": width}
            )
