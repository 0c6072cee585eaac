"""Freshdesk satisfaction ratings: made once and hardly changed; page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from kpi.vendor import Ask, Order, Page, Request, Vendor
from kpi.vendors._asked import at, decoded, records, zulu
from kpi.vendors._freshdesk import HOST, PER_PAGE, SAMPLE, SECRET, has_next, sign


def pages(ask: Ask, order: Order) -> Iterator[Page]:
    """In which order they come is not documented, so only the end is a place to go on from."""
    page = 1
    while True:
        asked = {"created_since": zulu(order.since), "per_page": PER_PAGE, "page": page}
        answer = ask(Request("/api/v2/surveys/satisfaction_ratings?" + urlencode(asked)))
        found = records(decoded(answer), "ratings", ("id", "ticket_id", "created_at"))
        more = has_next(answer) and bool(found)
        first = str(found[0].get("id")) if found else ""
        yield Page(answer.body, len(found), None if more else at(order.until), not more, mark=f"{first} {len(answer.body)}" if more else "")
        if not more:
            return
        page += 1


VENDOR = Vendor(
    format="freshdesk_ratings",
    name="Freshdesk",
    host=HOST,
    sample=SAMPLE,
    login="",
    secret=SECRET,
    asks=_("GET /api/v2/surveys/satisfaction_ratings?created_since=…, 100 at a time"),
    unverified=_(
        "all of it: the parameters and the Link header are from memory; a rating changed more than a day after it was made is missed"
    ),
    sign=sign,
    pages=pages,
    stretches=False,
    overlap=timedelta(days=1),
)
