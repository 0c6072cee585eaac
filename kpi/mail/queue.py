"""The rows of mails: asked for once, claimed by one conditional update, and what became of each (docs/decisions/0012).

Until a mail is handed to the server it is tried again, whoever dies. From then on it is not: a mail whose handing over nobody
saw end is `unknown`, said in the admin and in the log, and sent again only by a person.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from kpi.models import AlertChange, Sending

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than the slowest panel and every wait for the server together
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 480))
ATTEMPTS = len(BACKOFF) + 1
LATER = timedelta(minutes=5)
State = Sending.State


def ask(kind: Sending.Kind, day: date, subscriptions: Iterable[int], change: AlertChange | None = None) -> None:
    """One row each, however often it is asked."""
    rows = [Sending(kind=kind, day=day, subscription_id=pk, change=change) for pk in subscriptions]
    Sending.objects.bulk_create(rows, ignore_conflicts=True)


def waiting(now: datetime) -> list[int]:
    """Mails that may be taken now: they wait, or whoever made them let the lease run out."""
    return list(Sending.objects.filter(_free(now)).order_by("pk").values_list("pk", flat=True))


def _free(now: datetime) -> Q:
    due = Q(not_before=None) | Q(not_before__lte=now)
    return due & (Q(state=State.WAITING) | Q(state=State.CLAIMED, lease_until__lt=now))


def claim(pk: int) -> int | None:
    """Take the mail: the number of this attempt; None when somebody else has it, or it is over."""
    now = timezone.now()
    attempt = Sending.objects.filter(pk=pk).values_list("attempt", flat=True).first()
    if attempt is None:
        return None
    if attempt >= ATTEMPTS:
        _gave_up(pk, attempt, now)
        return None
    mine = Sending.objects.filter(_free(now), pk=pk, attempt=attempt)
    taken = mine.update(state=State.CLAIMED, attempt=F("attempt") + 1, lease_until=now + LEASE, reason="", error="")
    return attempt + 1 if taken else None


def _gave_up(pk: int, attempt: int, now: datetime) -> None:
    mine = Sending.objects.filter(_free(now), pk=pk, attempt=attempt)
    if mine.update(state=State.FAILED, reason="attempts", lease_until=None, ended_at=now):
        logger.error("mail.failed", extra={"mail": pk, "reason": "attempts"})


def hand_over(pk: int, attempt: int) -> bool:
    """From here on the outcome may be unknown; False when the mail is no longer ours."""
    mine = Sending.objects.filter(pk=pk, attempt=attempt, state=State.CLAIMED)
    return bool(mine.update(state=State.HANDING, lease_until=timezone.now() + LEASE))


def ended(pk: int, attempt: int, state: str, *, reason: str = "", error: str = "") -> None:
    """How it ended for good."""
    mine = Sending.objects.filter(pk=pk, attempt=attempt, state__in=[State.CLAIMED, State.HANDING])
    mine.update(state=state, reason=reason, error=error, lease_until=None, not_before=None, ended_at=timezone.now())


def put_back(pk: int, attempt: int, reason: str) -> None:
    """Not now: it waits, and this was no attempt."""
    mine = Sending.objects.filter(pk=pk, attempt=attempt, state=State.CLAIMED)
    mine.update(state=State.WAITING, attempt=F("attempt") - 1, reason=reason, lease_until=None, not_before=timezone.now() + LATER)


def again(pk: int, attempt: int, error: str) -> bool:
    """Refused before anything left: tried again, later each time; False when that was the last attempt."""
    if attempt >= ATTEMPTS:
        ended(pk, attempt, State.FAILED, reason="refused", error=error)
        return False
    mine = Sending.objects.filter(pk=pk, attempt=attempt, state__in=[State.CLAIMED, State.HANDING])
    mine.update(state=State.WAITING, reason="refused", error=error, lease_until=None, not_before=timezone.now() + BACKOFF[attempt - 1])
    return True


def settle(now: datetime) -> int:
    """Mails whose handing over nobody saw end: named, never sent a second time by themselves."""
    mine = Sending.objects.filter(state=State.HANDING, lease_until__lt=now)
    lost = mine.update(state=State.UNKNOWN, reason="worker_ended", lease_until=None, ended_at=now)
    if lost:
        logger.error("mail.unknown", extra={"mails": lost, "reason": "worker_ended"})
    return lost


def send_anew(row: Sending) -> bool:
    """A person decides that a mail which failed, or of which nobody knows, is sent once more."""
    try:
        with transaction.atomic():
            mine = Sending.objects.filter(pk=row.pk, state__in=[State.FAILED, State.UNKNOWN])
            return bool(mine.update(state=State.WAITING, attempt=0, reason="", error="", not_before=None, ended_at=None))
    except IntegrityError:
        return False
