"""Where a request comes from: as the nearest proxy saw it, where one is believed (TRUST_PROXY), never as the client says of itself."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """An address of the net; for django-axes, too (AXES_CLIENT_IP_CALLABLE)."""
    seen = str(request.META.get("REMOTE_ADDR", ""))
    hops = str(request.META.get("HTTP_X_FORWARDED_FOR", "")) if settings.SECURE_PROXY_SSL_HEADER else ""
    return _valid(hops.rpartition(",")[2].strip()) or _valid(seen) or "127.0.0.1"


def _valid(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
