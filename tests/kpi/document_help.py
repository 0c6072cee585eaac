"""A source that reads JSON, and files for it: shared by the tests of reading documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kpi import cells
from kpi.source import Column, Document, Source
from tests.kpi.reading_help import Read, read

TICKETS = Source(
    key="tickets",
    label="Tickets",
    stores="kpi.Interaction",
    document=Document(at="page.tickets"),
    columns=(
        Column("id", "external_id", cells.identifier, required=True),
        Column("opened", "started_at", cells.utc, required=True),
        Column("via.channel", "channel", cells.text(64), required=True, aliases=("via_channel",)),
        Column("queue", "queue", cells.text(120), required=True),
        Column("metrics.reply_time.calendar", "wait_s", cells.seconds()),
        Column("people.0.mail", "customer", cells.pseudonym, person=True),
    ),
)


def ticket(ref: str, **values: Any) -> dict[str, Any]:
    made = {"id": ref, "opened": "2026-11-20T09:00:00Z", "via": {"channel": "chat"}, "queue": "care"}
    return {**made, "metrics": {"reply_time": {"calendar": 12}}, "people": [{"mail": "kim@example.org"}], **values}


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def told(folder: Path, text: str | bytes, source: Source = TICKETS, **options: Any) -> Read:
    """What becomes of a file with this text."""
    path = folder / "tickets.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, source, **options)
