"""The cache, when it is there: an answer may be remembered, and is worked out again where the memory does not answer.

One that does not answer costs a page its time-out. After that nobody asks for a while, so that a page which asks four times does not
wait four times.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache, caches
from redis.exceptions import RedisError

from kpi.release import release

SILENT_S = 5
BETWEEN = "between"  # the cache of what processes tell each other; there only where they have one in common
ERRORS = (RedisError, OSError)
logger = logging.getLogger(__name__)


class Silence:
    """Until when this process does not ask the cache."""

    until = 0.0


def recall(key: str) -> Any:
    """What this release kept under the key; None where nothing was, or nobody answers."""
    if not _asks():
        return None
    try:
        return cache.get(_own(key))
    except ERRORS as error:
        _be_silent(error)
        return None


def keep(key: str, value: object, seconds: int) -> None:
    """Keep it if that is possible."""
    if not _asks():
        return
    try:
        cache.set(_own(key), value, seconds)
    except ERRORS as error:
        _be_silent(error)


def is_shared() -> bool:
    """Whether the processes of this site have a cache in common, and it answers."""
    return BETWEEN in settings.CACHES and _asks()


def recall_many(keys: Collection[str]) -> dict[str, Any]:
    """What any process kept under these keys, asked for at once; without those nobody kept."""
    if not keys or not is_shared():
        return {}
    own = {_own(key): key for key in keys}
    try:
        return {own[key]: value for key, value in caches[BETWEEN].get_many(own).items()}
    except ERRORS as error:
        _be_silent(error)
        return {}


def keep_many(values: Mapping[str, object], seconds: int) -> None:
    """Keep them for all processes if that is possible."""
    if not values or not is_shared():
        return
    try:
        caches[BETWEEN].set_many({_own(key): value for key, value in values.items()}, seconds)
    except ERRORS as error:
        _be_silent(error)


def _own(key: str) -> str:
    """What another release kept may have another form, and was perhaps worded in another currency; and a cache may serve two sites,
    whose versions count from the same one."""
    database = settings.DATABASES["default"]
    return sha256(f"{release()}|{settings.CURRENCY}|{database.get('HOST', '')}|{database['NAME']}|{key}".encode()).hexdigest()


def _asks() -> bool:
    return time.monotonic() >= Silence.until


def _be_silent(error: Exception) -> None:
    Silence.until = time.monotonic() + SILENT_S
    logger.warning("cache.silent", extra={"error": type(error).__name__})


def ask_again() -> None:
    """Whatever happened before."""
    Silence.until = 0.0
