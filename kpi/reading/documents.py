"""JSON files as rows: one object a line, objects one after the other, an array, or one object with a list inside.

Every record has a number, counted from 1, which stands where tables have the line: several records may share a line. Reading needs
memory for one block of records, whatever the file's size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

import polars as pl
from django.utils.translation import gettext_noop as _

from kpi.reading.careful import BadRow
from kpi.reading.cutting import Broken, Cut, Cutter
from kpi.reading.header import describes_agent_emotion, emotion_refused
from kpi.reading.limits import Limits
from kpi.reading.lines import line_blocks
from kpi.reading.parsing import Parsed, Texts, Wrong, at, by_path, parse
from kpi.reading.records import LINE, Records
from kpi.sentences import Sentence
from kpi.source import Document, Refused

LINES_READ = 1000  # physical lines taken at once where each is a record
SHORT = 200  # records looked at for the names they use
FORMS = {
    "lines": _("JSON, one record a line"),
    "stream": _("JSON, records in a list or one after the other"),
}


def is_document(head: bytes) -> bool:
    """JSON begins with a bracket; a header does not."""
    return head.lstrip()[:1] in (b"{", b"[")


refused_name = lru_cache(maxsize=20_000)(describes_agent_emotion)  # records use the same names again and again


@dataclass
class Documents:
    """The records of one opened file; `names` are the columns, each with what else it may be called."""

    pieces: Iterator[bytes]
    document: Document
    names: Mapping[str, tuple[str, ...]]
    limits: Limits
    file: str
    form: str = ""

    def parsed(self) -> Iterator[Parsed]:
        first = next(self.pieces, b"")
        self.form = "lines" if self._is_lines(first) else "stream"
        pieces = chain([first], self.pieces)
        cuts = self._by_line(pieces) if self.form == "lines" else self._as_stream(pieces)
        for number, cut in enumerate(cuts, 1):
            yield cut(number) if callable(cut) else parse(cut, number, refused_name, self._complain)

    def records(self, parsed: Iterator[Parsed], rows: int) -> Iterator[Records]:
        """What a record holds beside its columns is let go at once."""
        texts: list[Texts] = []
        numbers: list[int] = []
        bad: list[BadRow] = []
        for record in parsed:
            try:
                if record.bad:
                    raise Wrong(record.bad.problem, record.bad.found)
                texts.append(self.texts(record))
                numbers.append(record.number)
            except Wrong as wrong:
                bad.append(BadRow(record.number, wrong.problem, wrong.found))
            if len(numbers) + len(bad) == rows:
                yield self._block(texts, numbers, bad)
                texts, numbers, bad = [], [], []
        if numbers or bad:
            yield self._block(texts, numbers, bad)

    def texts(self, record: Parsed) -> Texts:
        """The columns of one record."""
        value = record.value or {}
        if self.document.row:
            made = self.document.row(value)
            return {name: made.get(name) or None for name in self.names}
        return by_path(value, {name: (name, *others) for name, others in self.names.items()})

    def _block(self, texts: Sequence[Texts], numbers: Sequence[int], bad: Sequence[BadRow]) -> Records:
        columns = {name: pl.Series(name, [row[name] for row in texts], dtype=pl.String) for name in self.names}
        frame = pl.DataFrame({**columns, LINE: pl.Series(LINE, numbers, dtype=pl.Int64)})
        return Records(frame, tuple(bad), ascii=False, has_control=True)

    def _complain(self, path: str, line: int) -> None:
        raise emotion_refused(self.file, line, path)

    def _cutter(self, line: int = 1) -> Cutter:
        return Cutter(self.document.at, self.limits.max_line, line)

    def _is_lines(self, first: bytes) -> bool:
        """The first line that is not blank is whole by itself."""
        line, newline, _ = first.lstrip().partition(b"\n")
        if not newline:
            return False
        try:
            return bool(list(self._cutter().feed(line, last=True)))
        except Broken:
            return False

    def _by_line(self, pieces: Iterator[bytes]) -> Iterator[Cut | Callable[[int], Parsed]]:
        """A line that is no JSON is rejected by itself; the lines after it are read."""
        for block in line_blocks(pieces, LINES_READ, self.limits, self.file):
            for place, text in enumerate(block.text.split(b"\n")):
                if text.strip():
                    yield from self._line(text, block.first + place)

    def _line(self, text: bytes, line: int) -> Iterator[Cut | Callable[[int], Parsed]]:
        """Nearly always one record and nothing else; brackets are only counted where it is not."""
        whole = parse(Cut(text, line, deep=False), 0, refused_name, self._complain)
        if whole.value is not None and not (self.document.at and isinstance(at(whole.value, self.document.at), list)):
            yield lambda number: replace(whole, number=number)
            return
        try:
            yield from list(self._cutter(line).feed(text, last=True))
        except Broken as broken:
            found = broken.found
            yield lambda number: Parsed(number, line, bad=BadRow(number, "not_json", f"line {line}: {found}"))

    def _as_stream(self, pieces: Iterator[bytes]) -> Iterator[Cut]:
        cutter, count = self._cutter(), 0
        try:
            for piece in pieces:
                for cut in cutter.feed(piece):
                    count += 1
                    yield self._valid(cut)
            for cut in cutter.feed(b"", last=True):
                count += 1
                yield self._valid(cut)
        except Broken as broken:
            text = _(
                "%(file)s, line %(line)s (after %(count)s records): found %(found)s; expected %(remedy)s. Nothing of this file is read."
            )
            facts = {"count": count, "found": Sentence(broken.found), "remedy": Sentence(broken.remedy)}
            raise Refused(text, file=self.file, line=broken.line, **facts) from broken

    def _valid(self, cut: Cut) -> Cut:
        try:
            cut.text.decode()
        except UnicodeDecodeError as error:
            line = cut.line + cut.text.count(b"\n", 0, error.start)
            text = _(
                "%(file)s, line %(line)s: byte 0x%(byte)s is not valid UTF-8; JSON is UTF-8: export the file anew, or choose its encoding "
                "for the source (for instance cp1252 or utf-16)."
            )
            raise Refused(text, file=self.file, line=line, byte=f"{cut.text[error.start]:02x}") from error
        return cut
