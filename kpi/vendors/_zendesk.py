"""Zendesk: the host, and the token of an agent."""

from __future__ import annotations

import re
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kpi.vendor import Order, Request
from kpi.vendors._asked import basic

HOST, SAMPLE = re.compile(r"[a-z0-9][a-z0-9-]{0,61}\.zendesk\.com"), "acme.zendesk.com"
LOGIN = _("the e-mail address of the agent whose token it is")
SECRET = _("an API token: Admin Center, Apps and integrations, APIs, Zendesk API")


def sign(request: Request, order: Order, now: datetime) -> dict[str, str]:
    return basic(f"{order.login}/token", order.secret)
