"""Zendesk satisfaction ratings: an offer is answered days later, so a pull looks back two weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from kpi.vendor import Ask, Order, Page, Problem, Request, Vendor
from kpi.vendors._asked import at, decoded, mapping, records, text_of
from kpi.vendors._zendesk import HOST, LOGIN, SAMPLE, SECRET, sign

RATINGS = 100


def pages(ask: Ask, order: Order) -> Iterator[Page]:
    """Every rating made between two moments; in which order they come is not documented, so only the end is a place to go on from."""
    asked: dict[str, str | int] = {
        "start_time": int(order.since.timestamp()),
        "end_time": int(order.until.timestamp()),
        "page[size]": RATINGS,
    }
    while True:
        answer = ask(Request("/api/v2/satisfaction_ratings.json?" + urlencode(asked)))
        page = mapping(decoded(answer), "satisfaction_ratings")
        found = records(page.get("satisfaction_ratings"), "satisfaction_ratings", ("id", "ticket_id", "score", "updated_at"))
        meta = mapping(page.get("meta"), "meta")
        if not isinstance(more := meta.get("has_more"), bool):
            raise Problem("changed", field="meta.has_more")
        after = text_of(meta.get("after_cursor"), "meta.after_cursor") if more else ""
        yield Page(answer.body, len(found), None if more else at(order.until), not more, mark=after)
        if not more:
            return
        asked["page[after]"] = after


VENDOR = Vendor(
    format="zendesk_ratings",
    name="Zendesk",
    host=HOST,
    sample=SAMPLE,
    login=LOGIN,
    secret=SECRET,
    asks=_("GET /api/v2/satisfaction_ratings.json with start_time and end_time, page by page"),
    unverified=_("that start_time and end_time go by the moment of the offer; an answer given more than 14 days after it is missed"),
    sign=sign,
    pages=pages,
    overlap=timedelta(days=14),
)
