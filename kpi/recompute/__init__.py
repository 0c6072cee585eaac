"""The other route: flags and totals from all records, with other algorithms than kpi/chains.py and kpi/rollup.

It repairs (`roll_up --all`) and it is what `check_data` compares with: no cell may differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from django.db import transaction

from kpi import chains, ledger, registry
from kpi.models import Rollup
from kpi.recompute import archive
from kpi.recompute.compare import Difference, compare
from kpi.recompute.sweep import wrong_flags
from kpi.recompute.totals import parts, totals
from kpi.recompute.writing import write_part
from kpi.subject import Subject

__all__ = ["Difference", "compare", "recompute", "recompute_part", "repair_flags"]
Progress = Callable[[int, int], None]


def recompute(progress: Progress | None = None, folder: Path | None = None) -> int:
    """Rewrites all flags and totals; the number of days written. Days that are touched meanwhile stay due.

    With the `folder` of an archive (kpi/recompute/archive) contacts of its months are read there, and the rest from the database.
    """
    archived = frozenset(archive.recompute(folder, progress) if folder else ())
    if not folder:
        repair_flags()
    of_archive = [(subject, archived if subject is archive.SUBJECT else frozenset()) for subject in registry.subjects().values()]
    work = [(subject, [day for day in days if day not in found]) for subject, found in of_archive for _, days in parts(subject)]
    for subject, found in of_archive:  # before the parts, whose versions tell every process that something changed
        _clear_outside(subject, [*found, *(day for owner, days in work if owner is subject for day in days)])
    done = len(archived)
    for number, (subject, days) in enumerate(work, start=1):
        done += recompute_part(subject, days) if days else 0
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
    return write_part(subject, days, before, totals(subject, days))


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
