"""Genesys Cloud conversation details: one conversation, with participants, sessions and segments nested in it; times in milliseconds.

Only the sessions of people who handled it are handling. A menu that routed is nobody; a bot is a machine. The same conversation
comes again with every interval in which it had activity: of several the one that ended last counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.reading import as_text
from kpi.reading.merging import instant, newest
from kpi.source import RECORD, Column, Document, Guide, Join, Source
from kpi.sources._vendor import NO_QUEUE, in_order

ID, START, END = "conversationId", "conversationStart", "conversationEnd"
BOTS = ("bot", "botflow", "digitalbot")
MENUS = ("ivr", "workflow")
NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")
NO_CODE = "ININ-WRAP-UP-TIMEOUT"
Node = Mapping[str, Any]


def row(record: Node) -> Mapping[str, str | None]:
    """The conversation as one row."""
    parts = list(_nodes(record, "participants"))
    agents = [part for part in parts if part.get("purpose") == "agent" and any(_segments(part, "interact"))]
    bots = [part for part in parts if part.get("purpose") in BOTS]
    queued = [segment for part in parts if part.get("purpose") == "acd" for segment in _segments(part)]
    handed = [part for part in parts if part.get("purpose") in (*BOTS, *MENUS) and _asked_for_a_person(part)]
    asked = _least(segment.get("segmentStart") for segment in queued) or _least(
        segment.get("segmentEnd") for part in handed for segment in _segments(part)
    )
    left = not agents and (bool(queued or handed) or not bots)
    handlers = {(True, True): "hybrid", (True, False): "human", (False, True): "ai"}
    return {
        ID: as_text(record.get(ID), ID),
        START: as_text(record.get(START), START),
        END: as_text(record.get(END), END),
        "mediaType": _first(session.get("mediaType") for part in parts for session in _nodes(part, "sessions")),
        "queueId": _first(segment.get("queueId") for part in (*queued_parts(parts), *parts) for segment in _segments(part)) or NO_QUEUE,
        "userId": _first(part.get("userId") for part in reversed(agents)),
        "externalContactId": _customer(record, parts),
        "handled_by": handlers.get((bool(agents), bool(bots))),
        "abandoned": "true" if left else "false",
        "tAcd": _seconds(queued_parts(parts), "tAcd", "tWait"),
        "tTalk": _seconds(agents, "tTalk"),
        "tHeld": _seconds(agents, "tHeld"),
        "tAcw": _seconds(agents, "tAcw"),
        "nTransferred": _count(parts, "nTransferred"),
        "asked": asked,
        "reached": _least(segment.get("segmentStart") for part in agents for segment in _segments(part, "interact")),
        "wrapUpCode": _first(s.get("wrapUpCode") for part in reversed(agents) for s in _segments(part) if s.get("wrapUpCode") != NO_CODE),
    }


def queued_parts(parts: list[Node]) -> list[Node]:
    return [part for part in parts if part.get("purpose") == "acd"]


def _nodes(node: Node, name: str) -> Iterator[Node]:
    below = node.get(name)
    yield from (item for item in below if isinstance(item, dict)) if isinstance(below, list) else ()


def _segments(part: Node, kind: str = "") -> Iterator[Node]:
    for session in _nodes(part, "sessions"):
        yield from (segment for segment in _nodes(session, "segments") if not kind or segment.get("segmentType") == kind)


def _asked_for_a_person(part: Node) -> bool:
    """Its flow ended by handing over to a queue."""
    flows = [session.get("flow") for session in _nodes(part, "sessions")]
    return any(isinstance(flow, dict) and flow.get("exitReason") == "TRANSFER" and flow.get("transferType") == "ACD" for flow in flows)


def _customer(record: Node, parts: list[Node]) -> str | None:
    """Unknown where the centre began it: a call back is no return of the customer."""
    if record.get("originatingDirection") == "outbound":
        return None
    customers = [part for part in parts if part.get("purpose") in ("customer", "external")]
    return _first(part.get("externalContactId") for part in customers) or _first(
        session.get("ani") for part in customers for session in _nodes(part, "sessions")
    )


def _first(values: Iterator[Any]) -> str | None:
    return next((text for value in values if (text := as_text(value, "a list")) is not None), None)


def _least(values: Iterator[Any]) -> str | None:
    return min((text for value in values if (text := as_text(value, "a list")) is not None), default=None)


def _metrics(parts: list[Node], *names: str) -> list[str]:
    """The values of the first of these metrics that occurs."""
    for name in names:
        every = (metric for part in parts for session in _nodes(part, "sessions") for metric in _nodes(session, "metrics"))
        found = [as_text(metric.get("value"), name) or "" for metric in every if metric.get("name") == name]
        if found:
            return found
    return []


def _seconds(parts: list[Node], *names: str) -> str | None:
    """Milliseconds, added up; a value that is no number stays, to be rejected by name."""
    found = _metrics(parts, *names)
    wrong = next((text for text in found if not NUMBER.fullmatch(text)), None)
    if wrong is not None or not found:
        return wrong
    return format((sum(map(Decimal, found), Decimal()) / 1000).normalize(), "f")


def _count(parts: list[Node], name: str) -> str | None:
    found = _metrics(parts, name)
    wrong = next((text for text in found if not NUMBER.fullmatch(text) or "." in text), None)
    return wrong if wrong is not None or not found else str(sum(map(int, found)))


def latest_of_each(raw: pl.DataFrame) -> pl.DataFrame:
    """One row for each conversation; one that is still open is older than one that ended."""
    kept = newest(raw, instant(END), ID)
    return kept.with_columns(pl.col(RECORD).alias("line")).drop(RECORD)


SOURCE = Source(
    key="genesys_conversations",
    label=_("Genesys Cloud conversation details (JSON)"),
    stores="kpi.Interaction",
    document=Document(at="conversations", row=row),
    join=Join(pl.col(ID), latest_of_each),
    extra=(),
    check=in_order("ended_at", "human_requested_at", "human_reached_at"),
    guide=Guide(
        file=_("conversation details: one conversation with participants, sessions and segments"),
        export=_(
            "POST /api/v2/analytics/conversations/details/query, or an asynchronous job; pages may stand one after the other in one file"
        ),
        missing=_(
            "the team; the names of queues, people and wrap-up codes (they are ids: the codes of ours are those ids); whether "
            "the matter was "
            "resolved; whether a bot told that it is one"
        ),
        rules=_(
            "Handling is added up over people only. Wait is tAcd (else tWait) of the queue, milliseconds as seconds. A person "
            "was asked for where a "
            "queue was entered or a flow handed over to one. A menu alone is no machine that handled anything. The intent is "
            "the last wrap-up code "
            "but ININ-WRAP-UP-TIMEOUT. A conversation that comes again in one file counts once, the one that ended last; in a "
            "later file it "
            "takes the place of what was stored. Outbound conversations have no customer."
        ),
        unverified=_(
            "the names of the metrics tTalk, tHeld, tAcw, tAcd, tWait and nTransferred; the purposes botflow, digitalbot and workflow"
        ),
    ),
    columns=(
        Column(ID, "external_id", cells.identifier, required=True),
        Column(START, "started_at", cells.utc, required=True),
        Column(END, "ended_at", cells.utc),
        Column("mediaType", "channel", cells.text(64), required=True),
        Column("queueId", "queue", cells.text(120), required=True),
        Column("userId", "agent", cells.pseudonym, person=True),
        Column("externalContactId", "customer", cells.pseudonym, person=True),
        Column("wrapUpCode", "intent", cells.text(120)),
        Column("handled_by", "handled_by", cells.handled),
        Column("abandoned", "abandoned", cells.boolean),
        Column("tAcd", "wait_s", cells.seconds(cells.MONTH_S)),
        Column("tTalk", "talk_s", cells.seconds()),
        Column("tHeld", "hold_s", cells.seconds()),
        Column("tAcw", "wrap_s", cells.seconds()),
        Column("nTransferred", "transfers", cells.count),
        Column("asked", "human_requested_at", cells.utc),
        Column("reached", "human_reached_at", cells.utc),
    ),
)
