"""Who may fetch for a connection, since when, how far it is. The row is the truth; a message is only a bell."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from kpi import ingest
from kpi.ingest.receiving import Arrived, refuse_too_many
from kpi.ingest.runs import OPEN, patiently
from kpi.models import Connection, ImportRun
from kpi.vendor import Position, Problem

LEASE = timedelta(seconds=120)  # longer than looking up a name, connecting and waiting for a byte take together
AGAIN_S, AGAIN_MOST_S = 300, 6 * 3600  # until the next try after trouble that passes; doubles
BY_HAND = timedelta(hours=6)  # after trouble that somebody has to end
WORST = 12  # failures after which the pause no longer grows


Keep = Callable[[], None]


class Lost(Exception):
    """Somebody else fetches for this connection by now: stop without storing anything."""


def free(now: datetime) -> Q:
    return Q(run=None) & (Q(lease_until=None) | Q(lease_until__lt=now))


def told_to_wait(connection: Connection, now: datetime) -> bool:
    """The vendor named a moment before which it wants no question: neither the night nor the timetable asks sooner."""
    return bool((connection.problem or {}).get("told_to_wait")) and connection.next_at > now


def claim(connection: int, *, due_only: bool) -> int | None:
    """Take the connection: the number of this attempt; None where somebody else has it, its file is being stored, or it is not due."""
    now = timezone.now()
    may = Connection.objects.filter(free(now), pk=connection)
    if due_only:
        may = may.filter(active=True, next_at__lte=now)
    attempt = may.values_list("attempt", flat=True).first()
    if attempt is None:
        return None
    mine = may.filter(attempt=attempt)
    taken = patiently(lambda: mine.update(attempt=F("attempt") + 1, lease_until=now + LEASE, tried_at=now))
    return attempt + 1 if taken else None


def keep(connection: int, attempt: int) -> None:
    """Extend the lease, or stop here."""
    if not patiently(lambda: _mine(connection, attempt).update(lease_until=timezone.now() + LEASE)):
        raise Lost(connection)


def deliver(connection: int, attempt: int, arrived: Arrived, position: Position, *, more: bool) -> ImportRun:
    """Open the run of what was fetched and note it with the connection, both or neither: who was overtaken meanwhile opens none."""
    return patiently(lambda: _deliver(connection, attempt, arrived, position, more))


def _deliver(connection: int, attempt: int, arrived: Arrived, position: Position, more: bool) -> ImportRun:
    with transaction.atomic():
        row = Connection.objects.select_for_update(of=("self",)).select_related("source").filter(pk=connection, attempt=attempt).first()
        if row is None or row.lease_until is None:
            raise Lost(connection)
        refuse_too_many(row.source)
        run, existed = ingest.open_run(arrived.path, row.source.key)
        row.run, row.next_position, row.more, row.lease_until = run, dict(position), more, None
        row.save(update_fields=["run", "next_position", "more", "lease_until"])
    if existed:
        ingest.discard(arrived.path)
    return run


def nothing_new(connection: int, attempt: int, position: Position) -> None:
    """The vendor answered and has nothing: the position moves at once."""
    now = timezone.now()
    row = Connection.objects.get(pk=connection)
    values = _at_rest(row, now) | {"position": dict(position), "more": False, "succeeded_at": now}
    if not patiently(lambda: _mine(connection, attempt).update(**values)):
        raise Lost(connection)


def stop(connection: int, attempt: int, problem: Problem) -> None:
    """Note what went wrong and when to try again; the position stays."""
    now = timezone.now()
    failures = Connection.objects.values_list("failures", flat=True).get(pk=connection)
    values = {"problem": problem.kept(), "failures": failures + 1, "lease_until": None}
    patiently(lambda: _mine(connection, attempt).update(next_at=now + _pause(problem, failures), **values))


def _pause(problem: Problem, failures: int) -> timedelta:
    if problem.wait_s is not None:
        return timedelta(seconds=max(problem.wait_s, 1))
    if not problem.passing:
        return BY_HAND
    return timedelta(seconds=min(AGAIN_MOST_S, AGAIN_S * 2 ** min(failures, WORST)) * (0.5 + random.random() / 2))  # noqa: S311


def settle(connection: int) -> None:
    """Move the position once the run of the last pull has stored its file; leave it where that run failed."""
    row = Connection.objects.select_related("run").filter(pk=connection, run__isnull=False).first()
    if row is None or row.run is None or row.run.state in OPEN:
        return
    now = timezone.now()
    if row.run.state == ImportRun.State.FAILED:
        problem = Problem("run_failed", passing=True, run=row.run.pk)
        values: dict[str, Any] = {"problem": problem.kept(), "failures": row.failures + 1}
        values["next_at"] = now + _pause(problem, row.failures)
    else:  # stored; or taken back since by somebody who did not want it
        values = _at_rest(row, now) | {"position": row.next_position or row.position, "succeeded_at": row.run.finished_at or now}
        values["next_at"] = now if row.more else values["next_at"]
    mine = Connection.objects.filter(pk=connection, run=row.run)
    patiently(lambda: mine.update(run=None, next_position=None, **values))


def settle_all() -> None:
    for connection in Connection.objects.filter(run__isnull=False).values_list("pk", flat=True):
        settle(connection)


def settle_run(run: int) -> None:
    """What a run that ended means for the connection it came from, if it came from one."""
    for connection in Connection.objects.filter(run=run).values_list("pk", flat=True):
        settle(connection)


def _at_rest(row: Connection, now: datetime) -> dict[str, Any]:
    return {"lease_until": None, "problem": None, "failures": 0, "next_at": now + timedelta(hours=row.every_hours)}


def _mine(connection: int, attempt: int) -> Any:
    return Connection.objects.filter(pk=connection, attempt=attempt, lease_until__isnull=False)
