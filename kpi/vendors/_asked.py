"""What the vendors' answers have in common: JSON objects with a list of records, signed with a name and a secret."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from kpi.vendor import Answer, Order, Problem, Request


def decoded(answer: Answer) -> Any:
    """The JSON of an answer; a page made for people, or anything else that is none, is a problem."""
    if "html" in answer.headers.get("content-type", "").lower():
        raise Problem("page_for_people")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Problem("not_json", passing=True) from None


def mapping(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Problem("changed", field=name)
    return value


def records(value: Any, name: str, needs: Sequence[str]) -> list[Mapping[str, Any]]:
    """The records of a page. Where not one of them has a field we stand on, the vendor's answer has changed; a single odd one is left
    to the import, which rejects it by name."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Problem("changed", field=name)
    for need in needs:
        if value and not any(need in item for item in value):
            raise Problem("changed", field=f"{name}.{need}")
    return value


def text_of(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise Problem("changed", field=name)
    return value


def moment(value: Any, name: str) -> datetime:
    """A moment as the vendors write it: ISO 8601 with an offset, or seconds since 1970."""
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        found = datetime.fromisoformat(str(value))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        raise Problem("changed", field=name) from None


def at(value: datetime) -> dict[str, str]:
    """A position that is a moment."""
    return {"at": value.astimezone(UTC).isoformat()}


def zulu(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def bearer(request: Request, order: Order, now: datetime) -> dict[str, str]:
    return {"Authorization": f"Bearer {order.secret}"}
