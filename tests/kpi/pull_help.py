"""A vendor on this machine: it answers as documented, or as badly as a test wants. Only the way to it is replaced, not what is asked."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kpi.models import Connection, DataSource
from kpi.pulls import asking, sealing, wire
from tests import factories

SECRET = "planted-secret-0815"
HOSTS = {
    "zendesk_tickets": "acme.zendesk.com", "zendesk_ratings": "acme.zendesk.com", "freshdesk_tickets": "acme.freshdesk.com",
    "freshdesk_ratings": "acme.freshdesk.com", "intercom_conversations": "api.intercom.io",
    "amazon_connect": "s3.eu-central-1.amazonaws.com",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One question as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """`cut` announces more than it sends, `pause_s` waits before every piece, `endless` never stops."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    cut: int = 0
    pause_s: float = 0.0
    endless: bool = False


def said(value: Any, **headers: str) -> Reply:
    return Reply(json.dumps(value).encode(), headers={"Content-Type": "application/json", **headers})


@dataclass
class Vendor:
    """`script` gives the reply to a question; a list is used up one by one, and its last reply stays."""

    port: int = 0
    script: Callable[[Asked], Reply] | list[Reply] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if callable(self.script):
            return self.script(asked)
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


class Handler(BaseHTTPRequestHandler):
    vendor: Vendor

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.vendor.reply(Asked(self.command, parts.path, query, headers, body))
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if not reply.endless:
            self.send_header("Content-Length", str(len(reply.body) + reply.cut))
        self.end_headers()
        with suppress(OSError):
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        while reply.endless and not self.vendor.stopping.is_set():
            self.wfile.write(b"[" + b" " * (1 << 20))
        if not reply.pause_s:
            self.wfile.write(reply.body)
            return
        for byte in reply.body:
            if self.vendor.stopping.wait(reply.pause_s):
                return
            self.wfile.write(bytes([byte]))

    do_GET = do_POST = _answer  # noqa: N815 - as the library calls them

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    """The pull reaches this vendor whatever host it asks for, and waits for nobody."""
    vendor = Vendor()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"vendor": vendor}))
    server.daemon_threads = True
    vendor.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    monkeypatch.setattr(wire, "connect", lambda host: socket.create_connection(("127.0.0.1", vendor.port), timeout=5))
    monkeypatch.setattr(asking, "sleep", vendor.waited.append)
    try:
        yield vendor
    finally:
        vendor.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


def connected(kind: str, begins_on: date = date(2026, 4, 1), **values: Any) -> Connection:
    """A connection of a source of this kind, with a secret; days enough for everything to come at once."""
    source = DataSource.objects.filter(key=kind).first() or factories.DataSourceFactory(key=kind, format=kind)
    made = factories.ConnectionFactory.build(source=source, host=HOSTS[kind], begins_on=begins_on, window_days=30, **values)
    sealing.seal(made, SECRET)
    made.save()
    return made


def ticket(number: int, **values: Any) -> dict[str, Any]:
    """A Zendesk ticket as the export with metric sets has it."""
    return {
        "id": number, "created_at": "2026-04-02T09:00:00Z", "updated_at": "2026-04-02T10:00:00Z", "status": "solved", "group_id": 7,
        "via": {"channel": "email"}, "assignee_id": 1, "requester_id": number,
        "metric_set": {"solved_at": "2026-04-02T10:00:00Z", "assignee_stations": 1, "reply_time_in_minutes": {"calendar": 5}},
    } | values  # fmt: skip


def tickets(*found: dict[str, Any], after: str | None = None, over: bool = True) -> dict[str, Any]:
    """A page of the incremental export."""
    return {"tickets": list(found), "after_cursor": after, "after_url": None, "end_of_stream": over}
