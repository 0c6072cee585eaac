"""Intercom conversations: searched by their last change; what the AI agent came to is asked for one by one where the search lacks it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

from kpi.vendor import Ask, Order, Page, Request, Vendor
from kpi.vendors._asked import at, bearer, decoded, mapping, moment, records, text_of

STAMP, PER_PAGE, VERSION = "updated_at", 100, "2.11"
JSON = {"Content-Type": "application/json", "Intercom-Version": VERSION}


def pages(ask: Ask, order: Order) -> Iterator[Page]:
    """Oldest change first. A conversation that changes meanwhile leaves the stretch asked for and comes with the next pull."""
    after, newest, ordered = "", order.since.replace(microsecond=0), True
    while True:
        answer = ask(Request("/conversations/search", "POST", JSON, json.dumps(_query(order, after)).encode()))
        page = mapping(decoded(answer), "conversations")
        found = records(page.get("conversations"), "conversations", ("id", "created_at", STAMP))
        following = mapping(page.get("pages") or {}, "pages").get("next")
        last = not following
        after = "" if last else text_of(mapping(following, "pages.next").get("starting_after"), "pages.next.starting_after")
        changed = [newest, *(moment(item[STAMP], STAMP) for item in found if STAMP in item)]
        ordered, newest = ordered and changed == sorted(changed), max(changed)
        position = at(order.until) if last else at(newest) if ordered else None  # unasked order has no place to go on from but the end
        yield Page(_whole(ask, found, answer.body), len(found), position, last, mark=after)
        if last:
            return


def _query(order: Order, after: str) -> dict[str, Any]:
    stretch = [
        {"field": STAMP, "operator": ">", "value": int(order.since.timestamp()) - 1},
        {"field": STAMP, "operator": "<", "value": int(order.until.timestamp()) + 1},
    ]
    return {
        "query": {"operator": "AND", "value": stretch},
        "sort": {"field": STAMP, "order": "ascending"},
        "pagination": {"per_page": PER_PAGE, **({"starting_after": after} if after else {})},
    }


def _whole(ask: Ask, found: list[Mapping[str, Any]], body: bytes) -> bytes:
    """The page as it came, or with those conversations read singly whose outcome the search leaves out."""
    if not any(_lacks(item) for item in found):
        return body
    return json.dumps({"conversations": [_single(ask, item) if _lacks(item) else item for item in found]}).encode()


def _lacks(item: Mapping[str, Any]) -> bool:
    agent = item.get("ai_agent")
    return item.get("ai_agent_participated") is True and not (isinstance(agent, dict) and agent.get("resolution_state"))


def _single(ask: Ask, item: Mapping[str, Any]) -> Mapping[str, Any]:
    answer = ask(Request(f"/conversations/{quote(str(item.get('id')), safe='')}", headers={"Intercom-Version": VERSION}))
    return mapping(decoded(answer), "conversation")


def sign(request: Request, order: Order, now: datetime) -> dict[str, str]:
    return bearer(request, order, now)


VENDOR = Vendor(
    format="intercom_conversations",
    name="Intercom",
    host=re.compile(r"api(\.eu|\.au)?\.intercom\.io"),
    sample="api.intercom.io, api.eu.intercom.io, api.au.intercom.io",
    login="",
    secret=_("an access token of an app of your own: Developer Hub, Authentication"),
    asks=_("POST /conversations/search by updated_at, then GET /conversations/{id} for those whose ai_agent.resolution_state is missing"),
    unverified=_("that the search sorts by updated_at when asked to (used, not documented), and to the second"),
    sign=sign,
    pages=pages,
    overlap=timedelta(minutes=10),
)
