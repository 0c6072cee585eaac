"""Every minute: look whether the night is complete, evaluate the alerts once, ask for the mails of the day, name those that wait."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from kpi import night, watch
from kpi.mail import queue
from kpi.models import AlertChange, Sending, Subscription


def morning() -> list[int]:
    """Mails that may be sent now."""
    day, now = night.today(), timezone.now()
    if not night.why_open(day):
        watch.once_a_night(day)
        _ask(Sending.Kind.DIGEST, day)
    elif timezone.localtime(now).hour >= settings.MAIL_BY_HOUR:
        _ask(Sending.Kind.LATE, day)
    _ask_for_changes(day)
    queue.settle(now)
    return queue.waiting(now) if settings.MAILS_ARE_SENT else []


def _ask(kind: Sending.Kind, day: date) -> None:
    if settings.MAILS_ARE_SENT:
        queue.ask(kind, day, due(day))


def due(day: date) -> list[int]:
    """Digests of this day."""
    today = Q(rhythm=Subscription.Rhythm.DAILY) | Q(rhythm=Subscription.Rhythm.WEEKLY, weekday=day.weekday())
    return list(Subscription.objects.filter(today, active=True, kind=Subscription.Kind.DIGEST).values_list("pk", flat=True))


def _ask_for_changes(day: date) -> None:
    """One mail for each change since a reader asked to be told; whether the reader may know of it is decided when it is made."""
    if not settings.MAILS_ARE_SENT:
        return
    readers = Subscription.objects.filter(active=True, kind=Subscription.Kind.ALERTS)
    for change in AlertChange.objects.filter(at__gte=timezone.now() - watch.TOLD_FOR):
        queue.ask(Sending.Kind.ALERT, day, readers.filter(created_at__lte=change.at).values_list("pk", flat=True), change)
