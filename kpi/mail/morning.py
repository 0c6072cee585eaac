"""Every minute: look whether the night is complete, ask for the mails of the day, name those that wait."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from kpi import night, watch
from kpi.mail import queue, troubled
from kpi.models import AlertChange, Sending, Subscription


def morning() -> list[int]:
    """Mails that may be sent now."""
    day, now = night.today(), timezone.now()
    if not night.why_open(day):
        ask_digests(day)
    elif now >= datetime.combine(day, time(settings.MAIL_BY_HOUR), UTC):
        _ask(Sending.Kind.LATE, day)
    _ask_for_trouble(day, now)
    _ask_for_changes(day)
    queue.settle(now)
    return queue.waiting(now) if settings.MAILS_ARE_SENT else []


def ask_digests(day: date) -> int:
    """The digests of this day, asked for once however often this is called; how many there are."""
    return _ask(Sending.Kind.DIGEST, day)


def _ask_for_trouble(day: date, now: datetime) -> None:
    """One mail for each night, as soon as a step failed; otherwise in the morning, where something is late or lacking then."""
    readers = Subscription.objects.filter(active=True, kind=Subscription.Kind.NIGHTS)
    in_the_morning = now >= datetime.combine(day, time(settings.MAIL_BY_HOUR), UTC)
    if not settings.MAILS_ARE_SENT or not readers.exists():
        return
    if night.failed(night.states(day)) or (in_the_morning and troubled.trouble(day)):
        queue.ask(Sending.Kind.NIGHT, day, readers.values_list("pk", flat=True))


def _ask(kind: Sending.Kind, day: date) -> int:
    if not settings.MAILS_ARE_SENT:
        return 0
    found = due(day)
    for owed, subscriptions in found.items():
        queue.ask(kind, owed, subscriptions)
    return sum(map(len, found.values()))


def due(day: date) -> dict[date, list[int]]:
    """{the day a digest is for: subscriptions}. One of a week stays owed until the next, so that a Monday on which nothing was
    complete, or nobody was at work, does not cost the whole week."""
    found: dict[date, list[int]] = defaultdict(list)
    for item in Subscription.objects.filter(active=True, kind=Subscription.Kind.DIGEST):
        back = 0 if item.rhythm == Subscription.Rhythm.DAILY else (day.weekday() - item.weekday) % 7
        owed = day - timedelta(back)
        if timezone.localdate(item.created_at) <= owed:
            found[owed].append(item.pk)
    return dict(found)


def _ask_for_changes(day: date) -> None:
    """One mail for each change since a reader asked to be told, but one for all that a single night brought; whether the reader may know
    of them is decided when it is made."""
    if not settings.MAILS_ARE_SENT:
        return
    readers = Subscription.objects.filter(active=True, kind=Subscription.Kind.ALERTS)
    steps = night.states(day)
    under_way = steps.get("alerts") in night.UNDER_WAY and not night.held_by("alerts", steps)  # what it brings is not all there
    for as_of, changes in _by_night(timezone.now() - watch.TOLD_FOR).items():
        if as_of is not None and under_way:
            continue
        if as_of is not None and len(changes) > 1:
            first = min(change.at for change in changes)
            queue.ask(Sending.Kind.ALERTS, as_of, readers.filter(created_at__lte=first).values_list("pk", flat=True))
            continue
        for change in changes:
            queue.ask(Sending.Kind.ALERT, day, readers.filter(created_at__lte=change.at).values_list("pk", flat=True), change)


def _by_night(since: datetime) -> dict[date | None, list[AlertChange]]:
    """Changes by the data they were seen in; under None those a person made, each by itself."""
    found: dict[date | None, list[AlertChange]] = defaultdict(list)
    for change in AlertChange.objects.filter(at__gte=since).order_by("pk"):
        found[None if change.username else change.as_of].append(change)
    return found
