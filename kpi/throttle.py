"""How often one reader may ask the API in a minute. Where the memory that counts is away, nobody is kept waiting for it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:  # it imports us
    from rest_framework.views import APIView

WINDOW_S = 60


class PerReader(BaseThrottle):
    """A user by number, a token by its own; whoever is neither is refused before this."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        who = f"token:{request.auth.pk}" if getattr(request.auth, "pk", None) else f"user:{request.user.pk}"
        key = f"throttle:{who}:{int(time.time() // WINDOW_S)}"
        try:
            cache.add(key, 0, 2 * WINDOW_S)
            return int(cache.incr(key)) <= settings.API_REQUESTS_PER_MINUTE
        except (RedisError, OSError, ValueError):  # gone meanwhile, or away: it counts, it guards no secret
            return True

    def wait(self) -> float:
        return WINDOW_S - time.time() % WINDOW_S
