"""Sessions of one person: how many there are, and ending them."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone


def count(user: int) -> int:
    return sum(1 for _session in _of(user))


def end(user: int, keep: str | None = None) -> int:
    """Logs the person out everywhere, but for the session that is kept; how many ended."""
    ended = [session.pk for session in _of(user) if session.pk != keep]
    return Session.objects.filter(pk__in=ended).delete()[0]


def _of(user: int) -> Iterator[Session]:
    """A session says whose it is only once it is opened; there are as many as people logged in within twelve hours."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user):
            yield session
