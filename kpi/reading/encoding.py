"""Which encoding a file is in: seen by its mark or its zero bytes, or chosen for the source; never guessed from its letters."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from kpi.source import Refused

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CONTAINERS = {
    b"PK\x03\x04": "a workbook (.xlsx) or another zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"\xd0\xcf\x11\xe0": "a workbook of an old kind (.xls)",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
}
MOSTLY = 0.4  # of the bytes of Latin text in UTF-16 half are zero, all on the same side


@dataclass(frozen=True)
class Encoding:
    name: str
    evidence: str


def refuse_containers(head: bytes, file: str) -> None:
    """What is no text at all is named, instead of quoting its bytes as a header."""
    for mark, kind in CONTAINERS.items():
        if head.startswith(mark):
            raise Refused(f"{file}: this is {kind}, not a table of text; open it, save the sheet or table as CSV (UTF-8) and send that.")


def find_encoding(head: bytes, chosen: str, file: str) -> Encoding:
    """The encoding of a file that begins with `head`."""
    if chosen:
        return Encoding(_known(chosen, head, file), "chosen for the source")
    for mark, name in MARKS:
        if head.startswith(mark):
            return Encoding(name, "byte order mark at the start")
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd / half > MOSTLY and even == 0:
        return Encoding("utf-16-le", "every second byte is zero, no mark")
    if even / half > MOSTLY and odd == 0:
        return Encoding("utf-16-be", "every second byte is zero, no mark")
    return Encoding("utf-8", "no mark; every line is checked to be valid UTF-8")


def encoding_name(chosen: str) -> str:
    """The one name of an encoding of texts; Refused where there is none."""
    try:
        name = codecs.lookup(chosen).name
        "".encode(name).decode(name)
    except (LookupError, TypeError, UnicodeError, ValueError) as error:
        raise Refused(f"“{chosen}” is not an encoding; write one like utf-8, utf-16 or cp1252.") from error
    return "utf-8" if name in ("utf-8", "utf-8-sig", "ascii") else name


def _known(chosen: str, head: bytes, file: str) -> str:
    try:
        name = encoding_name(chosen)
    except Refused as refused:
        raise Refused(f"{file}: {refused}") from refused
    marked = next((known for mark, known in MARKS if head.startswith(mark)), name)
    if not name.startswith("utf") and marked != name:
        raise Refused(f"{file}: the file begins with the mark of {marked} and is not {name}, which is chosen for the source.")
    if name in ("utf-16", "utf-32"):
        order = "be" if head.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)) else "le"
        return f"{name}-{order}"
    return name
