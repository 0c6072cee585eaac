"""The other route: flags and totals from all records, with other algorithms than kpi/chains.py and kpi/rollup.

It repairs (`roll_up --all`) and it is what `check_data` compares with: no cell may differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import polars as pl
from django.db import transaction

from kpi import chains, ledger, registry
from kpi.models import Rollup
from kpi.recompute.compare import Difference, compare
from kpi.recompute.sweep import wrong_flags
from kpi.recompute.totals import parts, totals
from kpi.rollup import store
from kpi.rollup.vectors import week_of
from kpi.subject import Subject

__all__ = ["Difference", "compare", "recompute", "recompute_part", "repair_flags"]
Progress = Callable[[int, int], None]


def recompute(progress: Progress | None = None) -> int:
    """Rewrites all flags and totals; the number of days written. Days that are touched meanwhile stay due."""
    repair_flags()
    work = [part for subject in registry.subjects().values() for part in parts(subject)]
    for subject in registry.subjects().values():  # before the parts, whose versions tell every process that something changed
        _clear_outside(subject, [day for owner, days in work if owner is subject for day in days])
    done = 0
    for number, (subject, days) in enumerate(work, start=1):
        done += recompute_part(subject, days)
        if progress:
            progress(number, len(work))
    return done


def repair_flags() -> int:
    with transaction.atomic():
        ledger.take_lock()
        wrong = wrong_flags()
        chains.store([wrong], lambda changed: ledger.mark_due("interaction", changed["day"].unique().to_list()))
    return wrong.height


def recompute_part(subject: Subject, days: Sequence[date]) -> int:
    """Whole weeks, written in one transaction; a task of its own where there are several workers."""
    before = ledger.versions(subject.key, days)
    found = totals(subject, days)
    with transaction.atomic():
        ledger.take_lock()
        after = ledger.hold(subject.key, days)
        weeks = {week_of(day) for day in days} - {week_of(day) for day in days if before.get(day) != after.get(day)}
        kept = [day for day in days if week_of(day) in weeks]
        for grain, longs, starts in ((store.DAY, found.days, kept), (store.WEEK, found.weeks, sorted(weeks))):
            store.delete_starts(subject.key, grain, starts)
            store.insert(subject.key, grain, longs.filter(pl.col("start").is_in(starts)))
        ledger.all_done(subject.key, {day: version for day, version in after.items() if day in set(kept)})
        ledger.renewed(subject.key, kept)
    return len(kept)


def _clear_outside(subject: Subject, days: Sequence[date]) -> None:
    """Totals of days that cannot have records any more."""
    with transaction.atomic():
        ledger.take_lock()
        rows = Rollup.objects.filter(subject=subject.key)
        outside = rows.exclude(start__range=(min(days), max(days))) if days else rows
        if outside.exists():
            outside._raw_delete(outside.db)
        gone = {
            day: version
            for day, version in ledger.due(subject.key).get(subject.key, {}).items()
            if not days or not min(days) <= day <= max(days)
        }
        if not subject.until:
            ledger.all_done(subject.key, gone)
