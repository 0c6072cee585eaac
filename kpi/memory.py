"""The cache, when it is there: an answer may be remembered, and is worked out again where the memory does not answer.

One that does not answer costs a page its time-out. After that nobody asks for a while, so that a page which asks four times does not
wait four times.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

SILENT_S = 5
ERRORS = (RedisError, OSError)
logger = logging.getLogger(__name__)


class Silence:
    """Until when this process does not ask the cache."""

    until = 0.0


def recall(key: str) -> Any:
    """What was kept under the key; None where nothing was, or nobody answers."""
    if not _asks():
        return None
    try:
        return cache.get(key)
    except ERRORS as error:
        _be_silent(error)
        return None


def keep(key: str, value: object, seconds: int) -> None:
    """Keep it if that is possible."""
    if not _asks():
        return
    try:
        cache.set(key, value, seconds)
    except ERRORS as error:
        _be_silent(error)


def _asks() -> bool:
    return time.monotonic() >= Silence.until


def _be_silent(error: Exception) -> None:
    Silence.until = time.monotonic() + SILENT_S
    logger.warning("cache.silent", extra={"error": type(error).__name__})


def ask_again() -> None:
    """Whatever happened before."""
    Silence.until = 0.0
