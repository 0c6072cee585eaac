"""Who may work on a step, since when, and how it ended. The row is the truth; the tick of the timetable is only a bell.

A step is claimed by one conditional update with a lease, which is renewed while the work lasts. Whoever dies lets it run out, and the
next tick takes the step up; whoever wakes after that writes nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from kpi import night
from kpi.ingest.errors import is_busy, is_interrupted, is_no_space
from kpi.ingest.runs import patiently
from kpi.models import Connection, ImportRun, Night, NightStep, TimetableEntry
from kpi.night import STEPS, Said
from kpi.nights.work import WORK, Failed, Later
from kpi.pulls.hold import told_to_wait
from kpi.steps import step
from kpi.timetable import day_of_night

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
RENEWED_S = 15.0
ATTEMPTS = 3
LATER = timedelta(seconds=30)
BACKOFF = timedelta(minutes=2)
State = NightStep.State


def begin(now: datetime) -> Night | None:
    """The night whose time has come, with all its steps, made once; None where it is there already or was never to be.

    The first one is that which follows the first file: a new installation loads its history before anything is forgotten.
    """
    slot = night.slot()
    begins = slot.last(now)
    if begins is None or not ImportRun.objects.filter(created_at__lt=begins).exists():
        return None
    return _made(day_of_night(begins, slot.zone))


def by_hand() -> date:
    """Begin the night of today whatever the hour, for `manage.py night`; its day."""
    day = night.today()
    _made(day)
    return day


def _made(day: date) -> Night | None:
    if Night.objects.filter(day=day).exclude(began_at=None).exists():
        return None
    try:
        with transaction.atomic():
            return _make(day)
    except IntegrityError:  # another worker was quicker
        return None


def _make(day: date) -> Night | None:
    found, _new = Night.objects.select_for_update().get_or_create(day=day)
    if found.began_at is not None:
        return None
    NightStep.objects.bulk_create(NightStep(night=found, step=key) for key in STEPS)
    Night.objects.filter(day=day).update(began_at=timezone.now())
    NightStep.objects.filter(state=State.WAITING).exclude(night=found).update(state=State.LEFT)
    logger.info("night.began", extra={"day": day.isoformat()})
    return found


def tick() -> int:
    """Begin what is due and do what can be done; how many steps ended."""
    now = timezone.now()
    hasten(now)
    begin(now)
    return go_on()


def hasten(now: datetime) -> None:
    """Connected sources whose moment in the timetable has come are fetched with the next bell, once for each moment."""
    for entry in TimetableEntry.objects.filter(source__connection__active=True):
        if moment := entry.slot.last(now):
            waits = Connection.objects.filter(source=entry.source_id, active=True, next_at__gt=now)
            for row in waits.filter(Q(tried_at=None) | Q(tried_at__lt=moment)):
                if not told_to_wait(row, now):
                    waits.filter(pk=row.pk, attempt=row.attempt).update(next_at=now)


def go_on() -> int:
    """Every step of the last night that may be worked on now."""
    ended = 0
    while (row := claim()) is not None:
        ended += _run(row)
    return ended


def claim() -> NightStep | None:
    """The next step nobody works on; None where there is none. One that had its attempts is failed, and said so."""
    last = Night.objects.exclude(began_at=None).first()
    if last is None:
        return None
    now, rows = timezone.now(), {row.step: row for row in NightStep.objects.filter(night=last)}
    found = {key: row.state for key, row in rows.items()}
    for key, row in rows.items():
        if key not in STEPS or not _may_be_claimed(row, now) or not night.ready(key, found):
            continue
        if row.attempt >= ATTEMPTS:
            _end(row, State.FAILED, [("silent", {"n": row.attempt})])
            return claim()
        if _taken(row, now):
            row.attempt += 1
            return row
    return None


def _may_be_claimed(row: NightStep, now: datetime) -> bool:
    waits = row.state == State.WAITING and (row.not_before is None or row.not_before <= now)
    left = row.state == State.RUNNING and row.lease_until is not None and row.lease_until < now
    return waits or left


def _taken(row: NightStep, now: datetime) -> bool:
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, lease_until__lt=now)
    mine = NightStep.objects.filter(free, pk=row.pk, attempt=row.attempt)
    changes = {"state": State.RUNNING, "attempt": F("attempt") + 1, "lease_until": now + LEASE, "not_before": None}
    return bool(patiently(lambda: mine.update(**changes, started_at=now, ended_at=None)))


def _run(row: NightStep) -> int:
    """The step, and its end; 1 where it is over."""
    step(f"night {row.step} claimed")
    logger.info("night.step", extra={"day": row.night_id.isoformat(), "step": row.step, "attempt": row.attempt})
    try:
        with _renewed(row):
            said = WORK[row.step](row.night_id)
        step(f"night {row.step} worked")
        return _end(row, State.DONE, said)
    except Later as wait:
        return _put_off(row, wait.said, LATER, counted=False)
    except Failed as problem:
        return _end(row, State.FAILED, problem.said)
    except Exception as error:
        logger.error("night.step_failed", extra={"step": row.step, "error": type(error).__name__}, exc_info=error)
        said = [_told(error)]
        return _end(row, State.FAILED, said) if row.attempt >= ATTEMPTS else _put_off(row, said, BACKOFF * row.attempt, counted=True)


def _told(error: Exception) -> tuple[str, dict[str, object]]:
    """Never its message, which may quote a row."""
    for code, holds in (("no_space", is_no_space), ("busy", is_busy), ("away", is_interrupted)):
        if holds(error):
            return code, {}
    return "error", {"error": type(error).__name__}


def _mine(row: NightStep):  # type: ignore[no-untyped-def]
    return NightStep.objects.filter(pk=row.pk, attempt=row.attempt, state__in=[State.RUNNING, row.state])


def _end(row: NightStep, state: str, said: Said) -> int:
    found = {"state": state, "said": [list(item) for item in said], "ended_at": timezone.now(), "lease_until": None}
    ended = patiently(lambda: _mine(row).update(**found))
    level = logging.ERROR if state == State.FAILED else logging.INFO
    logger.log(level, "night.step_ended", extra={"step": row.step, "state": str(state), "said": ",".join(code for code, _ in said)})
    return int(ended)


def _put_off(row: NightStep, said: Said, wait: timedelta, *, counted: bool) -> int:
    attempt = F("attempt") if counted else F("attempt") - 1
    found = {"state": State.WAITING, "said": [list(item) for item in said], "lease_until": None, "not_before": timezone.now() + wait}
    patiently(lambda: _mine(row).update(**found, attempt=attempt))
    return 0


def again(pk: int) -> bool:
    """A person has a failed step of the last night done again; False where there is nothing to do again."""
    last = Night.objects.exclude(began_at=None).first()
    mine = NightStep.objects.filter(pk=pk, night=last, state=State.FAILED)
    return bool(mine.update(state=State.WAITING, attempt=0, not_before=None, ended_at=None, said=[]))


@contextmanager
def _renewed(row: NightStep) -> Iterator[None]:
    """While the work lasts its lease does: a thread renews it, and dies with the process."""
    over = threading.Event()
    thread = threading.Thread(target=_renew, args=(row, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _renew(row: NightStep, over: threading.Event) -> None:
    while not over.wait(RENEWED_S):
        with suppress(DatabaseError):
            NightStep.objects.filter(pk=row.pk, attempt=row.attempt, state=State.RUNNING).update(lease_until=timezone.now() + LEASE)
        connection.close()
