"""The plain types of fetching from a vendor: what is asked, what came, where the next time begins. No network and no database here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Text
else:
    Text = str

PAGE_MOST = 64 * 10**6  # bytes of one answer
Position = Mapping[str, Any]  # where the next pull begins: {"at": moment in ISO 8601, UTC} and what the vendor gave for it


class Problem(Exception):
    """A pull stops. `code` has its sentence in kpi/pulls/words.py; `details` are names and numbers of ours, never what was received."""

    def __init__(self, code: str, *, passing: bool = False, wait_s: float | None = None, **details: str | int) -> None:
        super().__init__(code)
        self.code, self.passing, self.wait_s, self.details = code, passing, wait_s, details

    def kept(self) -> dict[str, str | int | bool]:
        """As a row keeps it."""
        told = {} if self.wait_s is None else {"told_to_wait": True}
        return {"code": self.code, "passing": self.passing, **told, **self.details}


@dataclass(frozen=True)
class Request:
    """One question to the vendor's host. `path` is encoded and holds the query; `limit` is how many bytes are read of the answer."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    limit: int = PAGE_MOST


@dataclass(frozen=True)
class Answer:
    """What came, whole; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Ask = Callable[[Request], Answer]


@dataclass(frozen=True)
class Order:
    """What to fetch: everything that changed from `since` on, until `until`."""

    host: str
    login: str
    secret: str = field(repr=False)
    bucket: str
    prefix: str
    position: Position
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Page:
    """A piece of the file. `position` is where to go on after it, None where the pull may not stop here; `mark` is what names this page:
    the same one twice means that the vendor's pages go in a circle."""

    body: bytes
    records: int
    position: Position | None
    last: bool
    mark: str = ""


@dataclass(frozen=True)
class Vendor:
    """How records of one format are fetched. `host` is the whole of what the secret may be sent to."""

    format: str  # the key of the source that reads the file
    name: str
    host: re.Pattern[str]
    sample: str
    login: Text | str  # what the user name is; empty where there is none
    secret: Text | str
    asks: Text | str
    unverified: Text | str
    sign: Callable[[Request, Order, datetime], Mapping[str, str]]
    pages: Callable[[Ask, Order], Iterator[Page]]
    bucket: bool = False
    stretches: bool = True  # whether the vendor can be asked for what changed until a moment; where not, `until` is now
    overlap: timedelta = timedelta(0)  # how far before its position a pull looks again
