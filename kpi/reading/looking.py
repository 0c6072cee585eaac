"""Looks at a file before a row of it is read: what it is, with the evidence, or why it is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path

import polars as pl
from django.utils.translation import gettext_noop as _

from kpi import zones
from kpi.reading.encoding import Encoding, find_encoding, refuse_containers
from kpi.reading.formats import columns_of, find_date_order, find_decimal_comma, has_numbered_dates, refuse_without_zone
from kpi.reading.header import BY_FORMAT, Header, is_of_rejected
from kpi.reading.limits import KIB, LIMITS, Limits
from kpi.reading.rows import Rows, open_rows
from kpi.reading.stream import is_gzip, open_bytes
from kpi.sentences import NAMED, Sentence
from kpi.source import DateOrder, FileFacts, Refused, Source

Tell = Callable[[Iterable[pl.DataFrame]], Mapping[str, Sentence]]
SEEN = (_("encoding"), _("date order"), _("decimal mark"), _("rows"), _("compression"))  # what the keys of the evidence are called
ORDERS = {DateOrder.ISO: _("year first"), DateOrder.DAY_FIRST: _("day first"), DateOrder.MONTH_FIRST: _("month first")}
CHOSEN = Sentence(_("chosen for the source"))
SAMPLE_ROWS = 1000
WHOLE_ROWS = 50_000


def look(
    path: Path | str,
    source: Source,
    *,
    encoding: str = "",
    delimiter: str = "",
    date_order: DateOrder | str = DateOrder.UNKNOWN,
    zone: str | None = None,
    decimal_comma: bool | None = None,
    limits: Limits = LIMITS,
) -> FileFacts:
    """Everything that is fixed for the file before its first row. What was chosen for the source wins over what is seen."""
    path = Path(path)
    _check_zone(zone, path.name)
    size = path.stat().st_size
    unpacked = _unpacked(path, limits)
    head = _head(path, limits)
    refuse_containers(head, path.name)
    found = _encoding(head, encoding, source, path.name)
    opened = open_rows(path, source, found.name, delimiter, limits)
    header = opened.header
    if source.refuse:
        why = source.refuse(_frames(path, source, found.name, header, limits))
        raise Refused("%(file)s: %(why)s", file=path.name, why=why)
    sample = _sample(opened)
    if not (zone or source.zone):
        refuse_without_zone(sample, source, columns_of(source, sample.columns, "time"), path.name)
    rows = {} if sample.height else {"rows": Sentence(_("the file has a header and no rows"))}
    order, order_why = _date_order(path, source, found, header, sample, DateOrder(date_order), limits)
    comma, comma_why = _decimal_comma(source, header, sample, source.decimal_comma if decimal_comma is None else decimal_comma)
    evidence = {
        "encoding": Sentence(NAMED, {"what": found.name, "why": found.evidence}),
        **header.evidence,
        "date_order": order_why,
        "decimal_mark": comma_why,
        **rows,
    }
    if unpacked is not None:
        evidence["compression"] = Sentence(_("gzip: %(packed)s bytes hold %(unpacked)s"), {"packed": size, "unpacked": unpacked})
    if source.evidence:
        evidence |= _evidence(source.evidence, path, _frames(path, source, found.name, header, limits))
    return FileFacts(found.name, header.delimiter, header.raw, unpacked is not None, order, comma, evidence, size, checksum(path))


def checksum(path: Path | str) -> str:
    """sha256 of the bytes as sent."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _encoding(head: bytes, chosen: str, source: Source, file: str) -> Encoding:
    """Rejected rows that come back are a file of ours, whatever the format writes."""
    return find_encoding(head, "" if is_of_rejected(head) else chosen or source.encoding, file)


def _unpacked(path: Path, limits: Limits) -> int | None:
    """How much a gzip file holds. It is unpacked once to its end, so that one that is cut or too large costs no row."""
    return sum(map(len, open_bytes(path, limits))) if is_gzip(path) else None


def _head(path: Path, limits: Limits) -> bytes:
    return next(open_bytes(path, limits), b"")[: 4 * KIB]


def _evidence(told: Tell, path: Path, frames: Iterator[pl.DataFrame]) -> Mapping[str, Sentence]:
    """What only the whole file can tell; a source that refuses it names the line, the file is named here."""
    try:
        return told(frames)
    except Refused as refused:
        if str(refused).startswith(path.name):
            raise
        raise Refused("%(file)s, %(why)s", file=path.name, why=refused.said or str(refused)) from refused


def _check_zone(zone: str | None, file: str) -> None:
    if zone and not zones.is_zone(zone):
        text = _("%(file)s: “%(zone)s” is not a time zone; write one like %(like)s.")
        raise Refused(text, file=file, zone=zone, like=zones.like(zone))


def _frames(path: Path, source: Source, encoding: str, header: Header, limits: Limits) -> Iterator[pl.DataFrame]:
    opened = open_rows(path, source, encoding, header.delimiter, limits)
    return (item.frame for item in opened.records(WHOLE_ROWS))


def _sample(opened: Rows) -> pl.DataFrame:
    empty = pl.DataFrame(schema={**dict.fromkeys(opened.names, pl.String), "line": pl.Int64})
    return pl.concat(chain([empty], islice((item.frame for item in opened.records(SAMPLE_ROWS)), 1)))


def _date_order(
    path: Path, source: Source, found: Encoding, header: Header, sample: pl.DataFrame, chosen: DateOrder, limits: Limits
) -> tuple[DateOrder, Sentence]:
    if chosen is not DateOrder.UNKNOWN:
        return chosen, Sentence(NAMED, {"what": Sentence(ORDERS[chosen]), "why": CHOSEN})
    if source.date_order is not DateOrder.UNKNOWN:
        return source.date_order, Sentence(NAMED, {"what": Sentence(ORDERS[source.date_order]), "why": Sentence(BY_FORMAT)})
    columns = columns_of(source, header.columns, "time", "day")
    if not has_numbered_dates(sample, columns):
        return DateOrder.ISO, Sentence(_("year first: no date of three numbers among the first rows"))
    return find_date_order(_frames(path, source, found.name, header, limits), columns, path.name)


def _decimal_comma(source: Source, header: Header, sample: pl.DataFrame, chosen: bool | None) -> tuple[bool, Sentence]:
    if chosen is not None:
        return chosen, Sentence(NAMED, {"what": Sentence(_("comma") if chosen else _("point")), "why": CHOSEN})
    return find_decimal_comma(sample, columns_of(source, header.columns, "number"))
