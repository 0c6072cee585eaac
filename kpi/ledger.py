"""The ledger of rollups: which days of which subject are due, and which version of them was last done.

A day is due while `due` is ahead of `done`. Whoever changes a record marks its day in the same transaction; whoever
rolls up says which version it had read, so that a day that changed meanwhile stays due. A day whose persons' rows were
forgotten (kpi/retention.py) is never due again: there is nothing left to add up, and its totals stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count, F, Max, Sum
from django.utils import timezone

from kpi.models import DueDay, Interaction

BATCH = 300
LOCK = 0x636F756E746572  # any number that nobody else takes


def mark_due(subject: str, days: Iterable[date]) -> None:
    """These days must be rolled up again. Runs in the caller's transaction; rows are locked in the order of days."""
    wanted = sorted(set(days))
    for first in range(0, len(wanted), BATCH):
        part = wanted[first : first + BATCH]
        rows = ", ".join(["(%s, %s, 1, 0)"] * len(part))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO kpi_dueday (subject, day, due, done) VALUES {rows} "  # noqa: S608
                "ON CONFLICT (subject, day) DO UPDATE SET due = kpi_dueday.due + 1 WHERE kpi_dueday.forgotten_at IS NULL",
                [value for day in part for value in (subject, day)],
            )


def mark_all_due(subject: str) -> None:
    """Every day the ledger knows."""
    DueDay.objects.filter(subject=subject, forgotten_at=None).update(due=F("due") + 1)


def mark_due_from(subject: str, day: date) -> int:
    """This day and all later ones the ledger knows; how many."""
    return DueDay.objects.filter(subject=subject, day__gte=day, forgotten_at=None).update(due=F("due") + 1)


def due(subject: str | None = None) -> dict[str, dict[date, int]]:
    """{subject: {day: version}} of all that is due."""
    rows = DueDay.objects.filter(due__gt=F("done"))
    if subject is not None:
        rows = rows.filter(subject=subject)
    found: dict[str, dict[date, int]] = defaultdict(dict)
    for key, day, version in rows.order_by("subject", "day").values_list("subject", "day", "due"):
        found[key][day] = version
    return dict(found)


def versions(subject: str, days: Iterable[date]) -> dict[date, int]:
    """The version each day stands at now; days the ledger does not know are left out."""
    return dict(DueDay.objects.filter(subject=subject, day__in=list(days)).values_list("day", "due"))


def hold(subject: str, days: Iterable[date]) -> dict[date, int]:
    """The same, and nobody marks these days before the transaction ends. Rows are locked in the order of days, as
    `mark_due` does, so that two writers do not wait for each other."""
    rows = DueDay.objects.select_for_update().filter(subject=subject, day__in=list(days))
    return dict(rows.order_by("day").values_list("day", "due"))


def done(subject: str, day: date, version: int) -> None:
    """This version of the day stands in the rollups."""
    all_done(subject, {day: version})


def all_done(subject: str, read: Mapping[date, int]) -> None:
    by_version: dict[int, list[date]] = defaultdict(list)
    for day, version in sorted(read.items()):
        by_version[version].append(day)
    for version, days in sorted(by_version.items()):
        DueDay.objects.filter(subject=subject, day__in=days, done__lt=version).update(done=version, done_at=timezone.now())


def renewed(subject: str, days: Iterable[date]) -> set[date]:
    """Steps due and done forward together on those of the days that are not due, and names them.

    For a change that is brought to the rollups in the same transaction: readers of an older version are overtaken.
    """
    rows = DueDay.objects.filter(subject=subject, day__in=list(days), due=F("done"))
    standing = set(rows.select_for_update().order_by("day").values_list("day", flat=True))
    DueDay.objects.filter(subject=subject, day__in=standing).update(due=F("due") + 1, done=F("done") + 1, done_at=timezone.now())
    return standing


def horizon() -> date | None:
    """The first day without data: the day after the last contact; None before the first import."""
    last: date | None = Interaction.objects.aggregate(last=Max("day"))["last"]
    return None if last is None else last + timedelta(1)


def data_version() -> str:
    """Another text after every change of the ledger. Versions only grow, so their sums tell any two states apart."""
    found = DueDay.objects.aggregate(rows=Count("day"), due=Sum("due"), done=Sum("done"))
    return f"{found['rows']}-{found['due'] or 0}-{found['done'] or 0}"


def take_lock() -> None:
    """One writer of flags and rollups at a time, to the end of the transaction. SQLite transactions are immediate anyway."""
    _lock("pg_advisory_xact_lock(%s)", LOCK)


def take_lock_of_weeks(subject: str, days: Iterable[date]) -> None:
    """The same for a writer of whole weeks of one subject: several of them write beside each other where they share no week. Whoever
    took the lock of all is waited for, and waits for them."""
    _lock("pg_advisory_xact_lock_shared(%s)", LOCK)
    for week in sorted({(day.toordinal() - 1) // 7 for day in days}):  # ISO weeks, in order, so that two do not wait for each other
        _lock("pg_advisory_xact_lock(hashtext(%s), %s)", f"{LOCK} {subject}", week)


def _lock(call: str, *keys: str | int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {call}", keys)


def forgotten(subject: str) -> set[date]:
    """Days of which only the totals are left."""
    return set(DueDay.objects.filter(subject=subject, forgotten_at__isnull=False).values_list("day", flat=True))


def mark_forgotten(subject: str, days: Iterable[date]) -> None:
    DueDay.objects.filter(subject=subject, day__in=list(days), forgotten_at=None).update(forgotten_at=timezone.now())


def known_days(subject: str) -> set[date]:
    return set(DueDay.objects.filter(subject=subject).values_list("day", flat=True))
