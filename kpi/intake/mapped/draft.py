"""A mapping that is being made: it lives in the session of whoever makes it, its file in the inbox, and both are gone after an hour."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kpi import ingest
from kpi.ingest.inbox import inbox
from kpi.ingest.receiving import MB, receive
from kpi.intake.sending import LOOKS_UP_TO, Sent
from kpi.mapping.spec import Fill, Spec
from kpi.source import DateOrder, Refused, Source

KEPT = "mapping_drafts"
MOST = 3  # at once in one session
IDLE_S = 55 * 60


class Gone(Refused):
    """The file waited too long, was stored, or is another session's."""


@dataclass
class Draft:
    """What is known so far. `columns` are {field: [column, clock]}; `decimal` and `order` are empty until they are known."""

    token: str
    place: str  # of the file in the inbox
    record: str
    key: str = ""  # of the source this is a further version of
    label: str = ""
    site: str = ""
    encoding: str = ""
    delimiter: str = ""
    columns: dict[str, list[str]] = field(default_factory=dict)
    more: dict[str, list[str]] = field(default_factory=dict)  # further columns of a number, by field
    constants: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    zone: str = ""
    order: str = ""
    decimal: str = ""  # comma or point
    mapped: bool = False  # the columns were confirmed
    read: bool = False  # and how their cells are read

    @property
    def path(self) -> Path:
        return inbox() / self.place

    @property
    def base(self) -> Source:
        return Spec(self.record).base

    def spec(self) -> Spec:
        """As a mapping; not checked yet."""
        fills = tuple(
            Fill(name, column, clock, self.units.get(name, ""), self.values.get(name, {}), tuple(self.more.get(name, ())))
            for name, (column, clock) in self.columns.items()
        )
        return Spec(
            self.record, self.label, self.encoding or "utf-8", self.delimiter or ",", self.zone, DateOrder(self.order or "iso"),
            self.decimal == "comma", tuple(self.empty), fills, self.constants,
        )  # fmt: skip

    def like(self, spec: Spec) -> None:
        """Begin with what a version before says; the file at hand has the last word on its encoding and delimiter."""
        self.label, self.zone, self.order = spec.label, spec.zone, str(spec.date_order)
        self.decimal, self.empty = ("comma" if spec.decimal_comma else "point"), list(spec.empty)
        self.columns = {item.field: [item.column, item.clock] for item in spec.fills}
        self.more = {item.field: list(item.more) for item in spec.fills if item.more}
        self.units = {item.field: item.unit for item in spec.fills if item.unit}
        self.values = {item.field: dict(item.values) for item in spec.fills if item.values}
        self.constants = dict(spec.constants)


def begin(request: HttpRequest, file: Sent, record: str, key: str = "") -> Draft:
    """Keep the file and open a draft for it. Refused where it is too large to be looked through on a page."""
    arrived = receive(file.chunks(), file.name or "file.csv", f"user:{request.user.pk}")
    if arrived.size > LOOKS_UP_TO:
        ingest.discard(arrived.path)
        text = _("To be mapped a file has at most %(most)d MB. Map a part of it, its first thousand lines say; then send the whole.")
        raise Refused(text % {"most": LOOKS_UP_TO // MB})
    draft = Draft(secrets.token_urlsafe(9), str(arrived.path.relative_to(inbox())), record, key)
    drafts = _drafts(request)
    for old in list(drafts)[: max(0, len(drafts) - MOST + 1)]:
        _drop(drafts, old)
    keep(request, draft)
    return draft


def keep(request: HttpRequest, draft: Draft) -> None:
    request.session[KEPT] = {**_drafts(request), draft.token: {**asdict(draft), "at": time.time()}}


def of(request: HttpRequest, token: str) -> Draft:
    """The draft of this session; Gone where there is none. Its file is kept for another hour."""
    found: Mapping[str, Any] | None = _drafts(request).get(token)
    if found is None or time.time() - found["at"] > IDLE_S:
        raise Gone(_("This file waited too long. Send it again."))
    draft = Draft(**{name: value for name, value in found.items() if name != "at"})
    if not draft.path.is_file():
        raise Gone(_("This file was stored or removed meanwhile. Send it again if it is missing."))
    os.utime(draft.path.parent)
    return draft


def end(request: HttpRequest, draft: Draft, *, with_file: bool) -> None:
    drafts = _drafts(request)
    if with_file:
        _drop(drafts, draft.token)
    drafts.pop(draft.token, None)
    request.session[KEPT] = drafts


def _drop(drafts: dict[str, Any], token: str) -> None:
    ingest.discard(inbox() / drafts.pop(token)["place"])


def _drafts(request: HttpRequest) -> dict[str, Any]:
    return dict(request.session.get(KEPT, {}))
