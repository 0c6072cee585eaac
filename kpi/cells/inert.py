"""A text that a spreadsheet would run as a formula gets an apostrophe in front, and loses exactly that one on its way back."""

from __future__ import annotations

import re
import unicodedata

DANGEROUS = "=+-@\t\r\n"
LOOKALIKE = "⁼₌﹦＝⁺₊﬩﹢＋﹣－﹫＠"  # what compatibility makes of them
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?(e[+-]?\d+)?", re.IGNORECASE)
PROTECTED = re.compile(rf"'+\s*[{re.escape(DANGEROUS + LOOKALIKE)}]")
PROTECTION = r"^'('*\s*[=+\-@\t\r\n" + LOOKALIKE + "])"  # for polars: replace by $1


def inert(cell: str) -> str:
    """For a file that is read in a spreadsheet; a number stays a number."""
    if NUMBER.fullmatch(cell):
        return cell
    seen = unicodedata.normalize("NFKC", cell.lstrip()[:1])
    return f"'{cell}" if (seen and seen in DANGEROUS) or cell[:1] in ("\t", "\r", "\n") else cell


def protected(cell: str) -> str:
    """For a file that comes back: as `inert`, and a cell that itself begins with such an apostrophe gets one more."""
    return f"'{cell}" if PROTECTED.match(cell) else inert(cell)
