"""The cache, when it is there: an answer may be remembered, and is worked out again where the memory does not answer."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def recall(key: str) -> Any:
    """What was kept under the key; None where nothing was, or nobody answers."""
    try:
        return cache.get(key)
    except (RedisError, OSError) as error:
        logger.warning("cache.silent error=%s", type(error).__name__)
        return None


def keep(key: str, value: object, seconds: int) -> None:
    """Keep it if that is possible."""
    try:
        cache.set(key, value, seconds)
    except (RedisError, OSError) as error:
        logger.warning("cache.silent error=%s", type(error).__name__)
