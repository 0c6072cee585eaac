"""One way to the rows of a file, whatever its form: a table of text, or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path

import polars as pl
from django.utils.translation import gettext_noop as _

from kpi.reading.documents import FORMS, SHORT, Documents, is_document
from kpi.reading.header import Header, document_header, read_header, wanted_columns
from kpi.reading.limits import Limits
from kpi.reading.opening import open_table, open_text
from kpi.reading.parsing import Parsed, Wrong, paths
from kpi.reading.records import LINE, Records
from kpi.reading.stream import Progress
from kpi.source import Document, Refused, Source


@dataclass(frozen=True)
class Rows:
    """The names of an opened file, and its rows: blocks of so many, once."""

    header: Header
    records: Callable[[int], Iterator[Records]]
    names: list[str]


def open_rows(path: Path, source: Source, encoding: str, delimiter: str, limits: Limits, progress: Progress | None = None) -> Rows:
    """Opens the file up to its first row; refuses what the source cannot read."""
    head, pieces = open_text(path, encoding, limits, progress)
    if is_document(head):
        if source.document is None:
            text = _("%(file)s: this is JSON; %(source)s reads a table of text: export it as CSV, or choose a source that reads JSON.")
            raise Refused(text, file=path.name, source=source.key)
        return _document(pieces, source, source.document, path.name, limits)
    opened = open_table(pieces, path, limits)
    titles = partial(opened.titles, source.titles) if source.titles else None
    header = read_header(opened.header, source, path.name, delimiter, limits, titles)
    known = list(header.columns)
    absent = [name for name in wanted_columns(source) if name not in header.columns] if source.extra else []
    return Rows(header, lambda rows: _filled(opened.records(header.shape, known, rows), absent), [*known, *absent])


def _filled(blocks: Iterator[Records], absent: list[str]) -> Iterator[Records]:
    """With columns that this file does not have and the source's own work needs: unknown in every row."""
    if not absent:
        yield from blocks
        return
    for block in blocks:
        unknown = [pl.lit(None, pl.String).alias(name) for name in absent]
        yield replace(block, frame=block.frame.select(pl.exclude(LINE), *unknown, LINE))


def _document(pieces: Iterator[bytes], source: Source, document: Document, file: str, limits: Limits) -> Rows:
    names = {name: aliases for name, (_, aliases) in wanted_columns(source).items()}
    documents = Documents(pieces, document, names, limits, file)
    parsed = documents.parsed()
    first = list(islice(parsed, SHORT))
    used = dict.fromkeys(path for record in first if record.value for path in paths(record.value))
    header = document_header(source, _seen(documents, first), list(used), FORMS[documents.form], file)
    return Rows(header, lambda rows: documents.records(chain(first, parsed), rows), list(header.columns))


def _seen(documents: Documents, first: list[Parsed]) -> set[str]:
    """The columns that hold something."""
    found: set[str] = set()
    for record in first:
        try:
            found |= {name for name, text in documents.texts(record).items() if text is not None}
        except Wrong:
            continue
    return found
