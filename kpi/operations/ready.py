"""Whether this process can do its work. Without its database, or with tables of another version, pages would not come: it is not ready.

Without a broker, or with little room on the disk, pages are right all the same: said, and no reason to take the server away.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

MB = 10**6
PATIENCE_S = 1.0
_applied: list[bool] = []  # once every migration is in, that stays so while the process lives


@dataclass(frozen=True)
class Part:
    """One thing the site stands on: in words, and whether nothing is right without it."""

    name: str
    well: bool
    words: str
    needed: bool


def parts() -> list[Part]:
    there = _database()
    return [
        Part("database", there, "ok" if there else "does not answer", needed=True),
        *([_migrations()] if there else []),
        Part("broker", broker := broker_answers(), "ok" if broker else "does not answer; jobs wait, pages do not", needed=False),
        Part("disk", room := free_mb() >= settings.DISK_MIN_MB, "ok" if room else _too_full(), needed=False),
    ]


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrations() -> Part:
    if not _applied:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return Part("migrations", False, "not all applied; run manage.py migrate", needed=True)
        _applied.append(True)
    return Part("migrations", True, "ok", needed=True)


def broker_answers() -> bool:
    """Redis, or the folder of messages that stands in for it."""
    if not settings.REDIS_URL:
        return os.access(_data(), os.W_OK)
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S)
    try:
        return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
    finally:
        client.close()


def free_mb() -> int:
    """On the disk of DATA_DIR, where files arrive."""
    return shutil.disk_usage(_data()).free // MB


def _data() -> Path:
    return Path(settings.DATA_DIR)


def _too_full() -> str:
    return f"less than {settings.DISK_MIN_MB} MB free in DATA_DIR; files that are sent may be refused"
