"""Which sources are late: nothing came within the hours of their limit, or since the moment the timetable expects a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max, Q
from django.utils import timezone

from kpi.models import DataSource, ImportRun, TimetableEntry

SECOND = timedelta(seconds=1)
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Late:
    """A source that is late since a moment (None: always). From `from_day` on its records are not there; None: it never brought any."""

    pk: int
    source: str
    site: int | None
    since: datetime | None
    last: datetime | None
    from_day: date | None


def late_sources(now: datetime | None = None) -> list[Late]:
    """Of the sources that have a limit or stand in the timetable."""
    now = now or timezone.now()
    entries: dict[int, list[TimetableEntry]] = defaultdict(list)
    for entry in TimetableEntry.objects.exclude(source=None):
        entries[entry.source_id or 0].append(entry)
    watched = DataSource.objects.filter(Q(late_after_hours__isnull=False) | Q(pk__in=list(entries))).select_related("site")
    found = watched.annotate(last=Max("runs__finished_at", filter=Q(runs__state=ImportRun.State.DONE)))
    return [late for item in found if (late := _late(item, entries[item.pk], now))]


def _late(item: DataSource, entries: Sequence[TimetableEntry], now: datetime) -> Late | None:
    """`item` carries `last` from the query."""
    last: datetime | None = item.last  # type: ignore[attr-defined]
    since = [moment for moment in (_by_hours(item, last, now), _by_timetable(entries, last, now)) if moment]
    if not since:
        return None
    zone = ZoneInfo(item.zone or (item.site.zone if item.site else "UTC"))
    from_day = last.astimezone(zone).date() if last else None
    return Late(item.pk, item.key, item.site_id, None if last is None else min(since), last, from_day)


def _by_hours(item: DataSource, last: datetime | None, now: datetime) -> datetime | None:
    if not item.late_after_hours:
        return None
    limit = timedelta(hours=item.late_after_hours)
    if last is None:
        return ALWAYS
    return last + limit if now - last > limit else None


def _by_timetable(entries: Sequence[TimetableEntry], last: datetime | None, now: datetime) -> datetime | None:
    """The first expected moment after the one the last file was for, once its grace is over. A file may come early: it is for the next
    expected moment."""
    over = [moment for entry in entries if (moment := entry.slot.last(now - timedelta(minutes=entry.grace_minutes)))]
    if not over or last is None:
        return ALWAYS if over else None
    missed = _next(entries, _next(entries, last - SECOND))
    return missed if missed <= max(over) else None


def _next(entries: Sequence[TimetableEntry], moment: datetime) -> datetime:
    return min(found for entry in entries if (found := entry.slot.next(moment)))
