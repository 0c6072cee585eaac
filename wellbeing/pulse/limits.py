"""Guessing codes is slow: so many wrong ones from one address in ten minutes, and then none is looked at for a while.

An office shares one address, so the limit is wide. The address itself is kept nowhere: a keyed hash of it counts in the cache, for ten
minutes, and means nothing in the next ten.
"""

from __future__ import annotations

import hashlib
import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from kpi.operations.address import address_of

WRONG, WINDOW_S = 40, 600
logger = logging.getLogger(__name__)


def too_many(request: HttpRequest) -> bool:
    """True while this address has guessed too often; a cache that is away lets people answer."""
    try:
        return int(cache.get(_name(request), 0)) >= WRONG
    except Exception as error:  # any cache may stand here, each with errors of its own
        logger.warning("pulse.limit_unknown", extra={"error": type(error).__name__})
        return False


def note_wrong(request: HttpRequest) -> None:
    try:
        cache.add(_name(request), 0, WINDOW_S)
        cache.incr(_name(request))
    except Exception as error:
        logger.warning("pulse.limit_unknown", extra={"error": type(error).__name__})


def _name(request: HttpRequest) -> str:
    window = int(time.time()) // WINDOW_S
    text = f"{window}|{address_of(request)}".encode()
    return "pulse-" + hashlib.blake2b(text, key=settings.SECRET_KEY.encode()[:64], digest_size=16).hexdigest()
