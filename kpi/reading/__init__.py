"""Reading a file: look at it first, then read its blocks. No database, no settings, no clock.

`look` says what the file is, with evidence, or raises `Refused`; `read_blocks` gives every row a fate. One reader for all
sources: a source is a table of columns (kpi/source.py), a column's cells are read by kpi/cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_noop as _

from kpi.reading.blocks import Maker
from kpi.reading.corrected import runs_of
from kpi.reading.header import OF_REJECTED, RUN, describes_agent_emotion
from kpi.reading.hours import told_hours
from kpi.reading.joining import joined
from kpi.reading.keeping import found_in_words, was_kept
from kpi.reading.limits import LIMITS, Limits
from kpi.reading.looking import checksum, look
from kpi.reading.parsing import as_text, at, by_path
from kpi.reading.rows import open_rows
from kpi.reading.stream import Progress
from kpi.source import Block, FileFacts, Reading, Refused, Source

BLOCK_ROWS = 20_000  # larger blocks are hardly faster and break the memory bar of an import (250 MB)
__all__ = [
    "BLOCK_ROWS", "LIMITS", "RUN", "Limits", "as_text", "at", "by_path", "checksum", "describes_agent_emotion", "found_in_words", "look",
    "read_blocks", "runs_of", "told_hours", "was_kept",
]  # fmt: skip


def read_blocks(
    path: Path | str,
    source: Source,
    facts: FileFacts,
    reading: Reading,
    *,
    rows: int = BLOCK_ROWS,
    progress: Progress | None = None,
    limits: Limits = LIMITS,
) -> Iterator[Block]:
    """Every row of the file, `rows` lines at a time. `progress` hears how many bytes of the file (of `facts.size`) are read."""
    path = Path(path)
    opened = open_rows(path, source, facts.encoding, facts.delimiter, limits, progress)
    header = opened.header
    if header.raw != facts.header:
        raise Refused(_("%(file)s: the file has changed since it was looked at; look at it again."), file=path.name)
    present = opened.names
    maker = Maker(source, reading, present, corrected=set(header.raw) >= OF_REJECTED)
    blocks = opened.records(rows)
    if source.join:
        counted = open_rows(path, source, facts.encoding, facts.delimiter, limits).records(rows)
        blocks = joined(counted, blocks, source.join.key, path.name)
    for records in blocks:
        yield from maker.blocks(records)
