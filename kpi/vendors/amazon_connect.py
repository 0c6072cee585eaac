"""Amazon Connect contact records in S3, where a stream writes them: objects are listed, then read in the order in which they came.

The legs of one contact may lie in several objects, so a pull takes what came in the day before its position along: a contact is whole
once all its legs are in one file, and one that is not is rejected there and stored by the next.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from django.utils.translation import gettext_lazy as _

from kpi.vendor import Ask, Order, Page, Problem, Request, Vendor
from kpi.vendors._asked import at, moment
from kpi.vendors._signing import signed

HOST = re.compile(r"s3\.(?P<region>[a-z0-9-]{4,30})\.amazonaws\.com(\.cn)?")
OVERLAP = timedelta(days=1)
OBJECT_MOST, UNPACKED_MOST, LISTED_MOST = 130 * 10**6, 400 * 10**6, 2_000_000
GZIP = b"\x1f\x8b"
SPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"


@dataclass(frozen=True)
class Stored:
    """An object of the bucket."""

    key: str
    came: datetime
    size: int


def pages(ask: Ask, order: Order) -> Iterator[Page]:
    """Nothing where no object is newer than the position: what lies before it was read already."""
    found = [item for item in _listed(ask, order) if order.since <= item.came < order.until and item.size]
    known = moment(order.position["at"], "at") if "at" in order.position else order.since
    if not any(item.came >= known for item in found):
        yield Page(b"", 0, at(order.until), last=True)
        return
    found.sort(key=lambda item: (item.came, item.key))
    for place, item in enumerate(found, 1):
        last = place == len(found)
        body = _unpacked(_read(ask, order, item))
        yield Page(body, 1, at(order.until if last else item.came), last, mark=item.key)


def _listed(ask: Ask, order: Order) -> Iterator[Stored]:
    asked, count = {"list-type": "2", "max-keys": "1000", **({"prefix": order.prefix} if order.prefix else {})}, 0
    while True:
        page = _xml(ask(Request(f"/{quote(order.bucket)}?{urlencode(sorted(asked.items()), quote_via=quote)}")).body)
        for item in page.iter(f"{SPACE}Contents"):
            count += 1
            yield Stored(_text(item, "Key"), moment(_text(item, "LastModified"), "LastModified"), _number(_text(item, "Size")))
        if page.findtext(f"{SPACE}IsTruncated") != "true":
            return
        if count > LISTED_MOST:
            raise Problem("too_many_objects", most=LISTED_MOST)
        token = _text(page, "NextContinuationToken")
        if token == asked.get("continuation-token"):
            raise Problem("loop")
        asked["continuation-token"] = token


def _xml(body: bytes) -> ElementTree.Element:
    """A list has neither document type nor entities: whatever brings one is no list."""
    if b"<!" in body:
        raise Problem("changed", field="ListBucketResult")
    try:
        page = ElementTree.fromstring(body)  # noqa: S314 - without a document type nothing can be expanded
    except ElementTree.ParseError:
        raise Problem("changed", field="ListBucketResult") from None
    if page.tag != f"{SPACE}ListBucketResult":
        raise Problem("changed", field="ListBucketResult")
    return page


def _text(item: ElementTree.Element, name: str) -> str:
    if not (text := item.findtext(f"{SPACE}{name}")):
        raise Problem("changed", field=name)
    return text


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,15}", text):
        raise Problem("changed", field="Size")
    return int(text)


def _read(ask: Ask, order: Order, item: Stored) -> bytes:
    if item.size > OBJECT_MOST:
        raise Problem("too_large", most=OBJECT_MOST // 10**6)
    body = ask(Request(f"/{quote(order.bucket)}/{quote(item.key)}", limit=OBJECT_MOST)).body
    if len(body) != item.size:
        raise Problem("cut_off", passing=True)
    return body


def _unpacked(body: bytes) -> bytes:
    """A stream may be told to compress what it writes; how much comes out is counted while it comes."""
    if not body.startswith(GZIP):
        return body
    made = bytearray()
    while body:
        reader = zlib.decompressobj(31)
        try:
            made += reader.decompress(body, UNPACKED_MOST + 1 - len(made))
        except zlib.error:
            raise Problem("not_gzip") from None
        if len(made) > UNPACKED_MOST or reader.unconsumed_tail:
            raise Problem("too_large", most=UNPACKED_MOST // 10**6)
        if not reader.eof:
            raise Problem("not_gzip")
        body = reader.unused_data
    return bytes(made)


def sign(request: Request, order: Order, now: datetime) -> dict[str, str]:
    match = HOST.fullmatch(order.host)
    if match is None:
        raise Problem("foreign_host", host=order.host)
    return signed(order.host, request.path, {}, key=order.login, secret=order.secret, region=match["region"], now=now)


VENDOR = Vendor(
    format="amazon_connect",
    name="Amazon Connect",
    host=HOST,
    sample="s3.eu-central-1.amazonaws.com",
    login=_("the access key id of a user who may list the bucket and read its objects, and nothing else"),
    secret=_("the secret access key"),
    asks=_("ListObjectsV2 of the bucket below the prefix, then GetObject for each object that came since, with those of the day before"),
    unverified=_(
        "that a contact's legs arrive within a day of each other: a contact whose legs lie further apart stays rejected; how the stream "
        "names its objects (only their LastModified is used)"
    ),
    sign=sign,
    pages=pages,
    bucket=True,
    overlap=OVERLAP,
)
