"""Rejected rows that were downloaded, corrected and sent as a file: of which run they are. The file of rejected rows says it itself."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from kpi.reading.header import RUN, delimiter_of_rejected, is_of_rejected
from kpi.reading.limits import KIB, LIMITS
from kpi.reading.stream import open_bytes
from kpi.source import Refused

LOOKED_AT = 1024 * KIB  # of a longer file: all its rows were downloaded together
LONGEST = 18  # digits of a number of a run


def runs_of(path: Path) -> frozenset[int]:
    """The runs whose rejected rows are in this file; none of any other file, and of one that cannot be read: whoever reads it says why."""
    try:
        head = _head(path)
        if not is_of_rejected(head[: 4 * KIB]):
            return frozenset()
        text = head.decode("utf-8-sig", errors="replace").lstrip("\r\n")
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter_of_rejected(text.partition("\n")[0].rstrip("\r")))
        return frozenset(int(said) for row in rows if (said := (row.get(RUN) or "").strip()).isdecimal() and len(said) <= LONGEST)
    except (Refused, OSError, csv.Error):
        return frozenset()


def _head(path: Path) -> bytes:
    """As much as is looked at, whole lines."""
    found = b""
    for piece in open_bytes(path, LIMITS):
        found += piece
        if len(found) >= LOOKED_AT:
            return found[:LOOKED_AT].rpartition(b"\n")[0]
    return found
