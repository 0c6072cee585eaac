"""Which encoding a file is in: seen by its mark or its zero bytes, or chosen for the source; never guessed from its letters."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from kpi.sentences import Sentence
from kpi.source import Refused

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CONTAINERS = {
    b"PK\x03\x04": _("a workbook (.xlsx) or another zip archive"),
    b"PK\x05\x06": _("an empty zip archive"),
    b"\xd0\xcf\x11\xe0": _("a workbook of an old kind (.xls)"),
    b"%PDF": _("a PDF"),
    b"PAR1": _("a Parquet file"),
}
ZEROS = _("every second byte is zero, no mark")
MOSTLY = 0.4  # of the bytes of Latin text in UTF-16 half are zero, all on the same side


@dataclass(frozen=True)
class Encoding:
    name: str
    evidence: Sentence


def refuse_containers(head: bytes, file: str) -> None:
    """What is no text at all is named, instead of quoting its bytes as a header."""
    for mark, kind in CONTAINERS.items():
        if head.startswith(mark):
            text = _("%(file)s: this is %(kind)s, not a table of text; open it, save the sheet or table as CSV (UTF-8) and send that.")
            raise Refused(text, file=file, kind=Sentence(kind))


def find_encoding(head: bytes, chosen: str, file: str) -> Encoding:
    """The encoding of a file that begins with `head`."""
    if chosen:
        return Encoding(_known(chosen, head, file), Sentence(_("chosen for the source")))
    for mark, name in MARKS:
        if head.startswith(mark):
            return Encoding(name, Sentence(_("byte order mark at the start")))
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd / half > MOSTLY and even == 0:
        return Encoding("utf-16-le", Sentence(ZEROS))
    if even / half > MOSTLY and odd == 0:
        return Encoding("utf-16-be", Sentence(ZEROS))
    return Encoding("utf-8", Sentence(_("no mark; every line is checked to be valid UTF-8")))


def encoding_name(chosen: str) -> str:
    """The one name of an encoding of texts; Refused where there is none."""
    try:
        name = codecs.lookup(chosen).name
        "".encode(name).decode(name)
    except (LookupError, TypeError, UnicodeError, ValueError) as error:
        raise Refused(_("“%(name)s” is not an encoding; write one like utf-8, utf-16 or cp1252."), name=chosen) from error
    return "utf-8" if name in ("utf-8", "utf-8-sig", "ascii") else name


def _known(chosen: str, head: bytes, file: str) -> str:
    try:
        name = encoding_name(chosen)
    except Refused as refused:
        raise Refused("%(file)s: %(why)s", file=file, why=refused.said or str(refused)) from refused
    marked = next((known for mark, known in MARKS if head.startswith(mark)), name)
    if not name.startswith("utf") and marked != name:
        text = _("%(file)s: the file begins with the mark of %(found)s and is not %(name)s, which is chosen for the source.")
        raise Refused(text, file=file, found=marked, name=name)
    if name in ("utf-16", "utf-32"):
        order = "be" if head.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)) else "le"
        return f"{name}-{order}"
    return name
