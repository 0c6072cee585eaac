"""A session goes on while somebody is there: its end is moved on with what a person asks for, once a minute, when the answer has left."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from kpi.accounts.store import BEGAN, SessionStore, ends_at

logger = logging.getLogger(__name__)
STEP = timedelta(minutes=1)
BRIEFLY_MS = 200


class Idle:
    """Middleware behind the one of sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        store = request.session
        if (
            isinstance(store, SessionStore)
            and store.session_key
            and store.until
            and not store.modified
            and BEGAN in store
            and _by_a_person(request)
        ):
            until = ends_at(store[BEGAN], timezone.now())
            if until - store.until >= STEP:
                answer._resource_closers.append(partial(_move_on, store.session_key, until))  # type: ignore[attr-defined]
        return answer


def _by_a_person(request: HttpRequest) -> bool:
    """A page that looks by itself whether something is ready would keep open the session of a screen that was left."""
    return request.headers.get("Sec-Fetch-Dest") != "empty"


@contextmanager
def _briefly() -> Iterator[None]:
    """On SQLite one writes at a time, an import for minutes: a thread that waited for it as long would answer nobody else meanwhile."""
    if connection.vendor != "sqlite":
        yield
        return
    usual = int(1000 * connection.settings_dict["OPTIONS"].get("timeout", 5))
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {BRIEFLY_MS:d}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual:d}")


def _move_on(key: str, until: datetime) -> None:
    """Nobody waits for it; where it cannot be written, the next request does it."""
    try:
        with _briefly():
            Session.objects.filter(pk=key).update(expire_date=until)
    except DatabaseError as error:
        logger.warning("session.not_moved_on", extra={"error": type(error).__name__})
