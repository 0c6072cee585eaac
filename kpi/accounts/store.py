"""Sessions of the database that end when nobody does anything (SESSION_IDLE_MINUTES), and twelve hours after the log-in in any case.

The row's own date says when: it is moved on while somebody is there, by itself and not with the session, so that two requests at once
overwrite nothing of each other's.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as Stored
from django.contrib.sessions.models import Session
from django.utils import timezone

BEGAN = "began"  # when the log-in was, in seconds of UTC


class SessionStore(Stored):
    """`until` is when the session would have ended as it was read; None of one that was not read."""

    until: datetime | None = None

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        self.until = found.expire_date if found else None
        return found

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """Whenever it is stored somebody is there. One that nobody logged in with opens nothing, and lies there as long as its cookie."""
        began = self.get(BEGAN)
        return super().get_expiry_date(**kwargs) if began is None else ends_at(began, timezone.now())


def ends_at(began: float, now: datetime) -> datetime:
    """When a session ends that is used now."""
    idle, longest = timedelta(minutes=settings.SESSION_IDLE_MINUTES), timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return min(now + idle, datetime.fromtimestamp(began, UTC) + longest)
