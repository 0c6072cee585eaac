"""Freshdesk: the host, the key of an agent, and whether a further page is announced."""

from __future__ import annotations

import re
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kpi.vendor import Answer, Order, Request
from kpi.vendors._asked import basic

HOST, SAMPLE = re.compile(r"[a-z0-9][a-z0-9-]{0,61}\.freshdesk\.com"), "acme.freshdesk.com"
SECRET = _("an API key: profile settings of an agent who sees every ticket")
PER_PAGE = 100
NEXT = re.compile(r"""<[^>]*>\s*;[^,]*\brel\s*=\s*"?next\b""")


def sign(request: Request, order: Order, now: datetime) -> dict[str, str]:
    return basic(order.secret, "X")


def has_next(answer: Answer) -> bool:
    """Only that there is one is believed of the header: an address is never followed."""
    return bool(NEXT.search(answer.headers.get("link", "")))
