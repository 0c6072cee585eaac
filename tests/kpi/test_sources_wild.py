"""Every source that reads JSON, on records somebody spoilt: each is read, rejected or refused with a sentence, and every row has a fate."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from kpi import registry
from kpi.cells import PROBLEMS
from kpi.source import Refused
from tests.kpi import test_sources_calls as calls
from tests.kpi import test_sources_connect as connect
from tests.kpi import test_sources_tickets as tickets
from tests.kpi.vendor_help import told

ROUNDS = 20
WILD: list[Any] = [
    None, True, 0, -1, 1.5, 10**30, "", "x" * 300, "-5", "1e400", "NaN", "²", "0" * 5000, "2026-11-20T09:00:00Z", "2062-01-01T00:00:00Z",
    [], {}, [[]], [None, "a"], {"a": {"b": []}}, "a\x00b", "＝1", "\u2028", "kim@example.org", 1795000000, "9" * 20,
]  # fmt: skip
RECORDS: dict[str, Any] = {
    "amazon_connect": list(connect.transferred()),
    "genesys_conversations": [calls.conversation(calls.CUSTOMER, calls.BOT, calls.QUEUE, calls.AGENT)],
    "nice_cxone_contacts": [calls.contact("1"), calls.contact("2")],
    "zendesk_tickets": [tickets.TICKET],
    "intercom_conversations": [tickets.conversation("a", ai_agent={"resolution_state": "escalated"})],
    "salesforce_cases": [{"Id": "500", "CreatedDate": "2026-11-20T09:00:00Z", "Origin": "Web", "OwnerId": "005x", "IsClosed": True}],
    "freshdesk_tickets": [{"id": 1, "created_at": "2026-11-20T09:00:00Z", "status": 4, "source": 2, "stats": {"resolved_at": None}}],
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        yield (*path, key)
        yield from places(below, (*path, key))


def spoilt(records: list[Any], chance: random.Random) -> list[Any]:
    made = json.loads(json.dumps(records))
    for _ in range(chance.randint(1, 3)):
        every = [path for path in places(made) if len(path) > 1]
        *above, key = chance.choice(every)
        node = made
        for step in above:
            node = node[step]
        node[key] = copy.deepcopy(chance.choice(WILD))
    return made


def wrapped(records: Any, at: str) -> Any:
    for name in reversed(at.split(".") if at else ()):
        records = {name: records}
    return records


@pytest.mark.parametrize("key", RECORDS)
def test_no_record_however_spoilt_stops_the_file_without_a_sentence(key, tmp_path):
    chance, refused = random.Random(key), []
    for _ in range(ROUNDS):
        records = [*spoilt(RECORDS[key], chance), *RECORDS[key]]
        try:
            found = told(tmp_path, key, wrapped(records, registry.source(key).document.at))
        except Refused as sentence:
            refused.append(str(sentence))
            continue
        fates = found.accepted.height + found.joined + len({item.line for item in found.rejected})
        assert fates == found.lines == len(records)
        assert all(item.problem in PROBLEMS for item in found.rejected)
    assert all(sentence.endswith((".", "…")) for sentence in refused)
