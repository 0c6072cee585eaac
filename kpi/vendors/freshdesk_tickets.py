"""Freshdesk tickets, oldest change first.

A ticket that changes while pages are counted moves to the end and lets every later one slip forward, past the page being read. So the
next page is asked for by the moment of the last ticket, and by number only inside one moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from kpi.vendor import Ask, Order, Page, Problem, Request, Vendor
from kpi.vendors._asked import at, decoded, moment, records, zulu
from kpi.vendors._freshdesk import HOST, PER_PAGE, SAMPLE, SECRET, has_next, sign

STAMP, MOST_PAGES = "updated_at", 300  # the vendor answers no further page


def pages(ask: Ask, order: Order) -> Iterator[Page]:
    since, page = order.since, 1
    while True:
        asked = {
            "updated_since": zulu(since),
            "order_by": STAMP,
            "order_type": "asc",
            "include": "stats",
            "per_page": PER_PAGE,
            "page": page,
        }
        answer = ask(Request("/api/v2/tickets?" + urlencode(asked)))
        found = records(decoded(answer), "tickets", ("id", "created_at", STAMP))
        changed = [moment(item[STAMP], STAMP) for item in found if STAMP in item]
        if changed != sorted(changed):
            raise Problem("unordered", field=STAMP)
        more = has_next(answer) and bool(changed)
        newest = changed[-1] if changed else since
        yield Page(
            answer.body, len(found), at(newest if more else order.until), not more, mark=",".join(str(item.get("id")) for item in found)
        )
        if not more:
            return
        since, page = (newest, 1) if newest > since else (since, page + 1)
        if page > MOST_PAGES:
            raise Problem("too_many_at_once", field=STAMP)


VENDOR = Vendor(
    format="freshdesk_tickets",
    name="Freshdesk",
    host=HOST,
    sample=SAMPLE,
    login="",
    secret=SECRET,
    asks=_(
        "GET /api/v2/tickets?updated_since=…&order_by=updated_at&include=stats, 100 at a time, each page from the last ticket's moment on"
    ),
    unverified=_("all of it: the parameters and the Link header are from memory and from what users of the API write"),
    sign=sign,
    pages=pages,
    stretches=False,
    overlap=timedelta(minutes=10),
)
