"""What a cell of a file may be, and how a text is kept from running as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from kpi import cells
from kpi.cells.inert import DANGEROUS, LOOKALIKE

Value = str | int | float | None
Row = tuple[Value, ...]

BOM = "\ufeff"
# Where another country's spreadsheet splits at the semicolon, or a reader drops what it cannot print, a cell begins in mid-text.
BEGINS_ANEW = re.compile(rf"([;\t\r\n]\s*)(?=[{re.escape(DANGEROUS.strip() + LOOKALIKE)}])")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")


def inert(cell: Value) -> Value:
    """The cell as a spreadsheet may have it: what would start a formula, at its beginning or behind a separator, gets an apostrophe."""
    if not isinstance(cell, str):
        return cell
    text = str(cell)
    begins = cells.inert(UNPRINTABLE.sub("", text)).startswith("'") and not text.startswith("'")
    return BEGINS_ANEW.sub(r"\1'", f"'{text}" if begins else text)


def render_csv(rows: Iterable[Sequence[Value]]) -> str:
    """UTF-8 text with a byte order mark, every text quoted, no text that a spreadsheet would run."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return out.getvalue()
