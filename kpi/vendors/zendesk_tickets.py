"""Zendesk tickets: the incremental export, which hands out a cursor that does not move while tickets change."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from kpi.vendor import Ask, Order, Page, Problem, Request, Vendor
from kpi.vendors._asked import at, decoded, mapping, moment, records, text_of
from kpi.vendors._zendesk import HOST, LOGIN, SAMPLE, SECRET, sign

TICKETS, AFTER, STAMP = 500, "after", "updated_at"


def pages(ask: Ask, order: Order) -> Iterator[Page]:
    """From the cursor of the last pull, the first time from a moment."""
    after = order.position.get(AFTER)
    asked: dict[str, str | int] = {"cursor": after} if after else {"start_time": int(order.since.timestamp())}
    while True:
        answer = ask(
            Request("/api/v2/incremental/tickets/cursor.json?" + urlencode({**asked, "include": "metric_sets", "per_page": TICKETS}))
        )
        page = mapping(decoded(answer), "tickets")
        found = records(page.get("tickets"), "tickets", ("id", "created_at", STAMP))
        over = page.get("end_of_stream")
        if not isinstance(over, bool):
            raise Problem("changed", field="end_of_stream")
        after = page.get("after_cursor") or after if over else text_of(page.get("after_cursor"), "after_cursor")
        newest = moment(found[-1][STAMP], STAMP) if found and STAMP in found[-1] else order.since
        yield Page(answer.body, len(found), at(order.until if over else newest) | ({AFTER: after} if after else {}), over, mark=str(after))
        if over:
            return
        asked = {"cursor": str(after)}


VENDOR = Vendor(
    format="zendesk_tickets",
    name="Zendesk",
    host=HOST,
    sample=SAMPLE,
    login=LOGIN,
    secret=SECRET,
    asks=_("GET /api/v2/incremental/tickets/cursor.json?include=metric_sets; the cursor of the last page is kept"),
    unverified=_("that a page of the incremental export holds 500 tickets when asked for them; the metrics in each ticket"),
    sign=sign,
    pages=pages,
    stretches=False,
)
