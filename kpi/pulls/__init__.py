"""Fetch from vendors. What comes is a file in the inbox like any other; a connection remembers how far the stored files reach."""

from __future__ import annotations

from datetime import datetime

from kpi.models import Connection
from kpi.pulls import hold
from kpi.pulls.hold import settle_all, settle_run
from kpi.pulls.pulling import Pulled, pull
from kpi.pulls.trying import Tried, preview, try_connection

__all__ = ["Pulled", "Tried", "due", "preview", "pull", "pull_due", "settle_all", "settle_run", "try_connection"]


def due(now: datetime, *, everything: bool = False) -> list[int]:
    """Connections to fetch for: whose time has come, or with `everything` all that are switched on, free and not told to wait."""
    settle_all()
    found = Connection.objects.filter(hold.free(now), active=True).order_by("next_at", "pk")
    return [row.pk for row in (found if everything else found.filter(next_at__lte=now)) if not hold.told_to_wait(row, now)]


def pull_due(now: datetime, *, everything: bool = False) -> list[int]:
    """Fetch for each of them, one after the other; the runs that were opened. Trouble of one is noted with it and stops no other."""
    ended = [pull(connection, due_only=not everything) for connection in due(now, everything=everything)]
    return [item.run for item in ended if item.run is not None]
