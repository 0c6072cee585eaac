"""Recomputed totals written over the stored ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from django.db import transaction

from kpi import ledger
from kpi.recompute.totals import Recomputed
from kpi.rollup import store
from kpi.rollup.vectors import week_of
from kpi.subject import Subject


def write_part(subject: Subject, days: Sequence[date], before: Mapping[date, int], found: Recomputed) -> int:
    """Whole weeks, in one transaction; how many days. Weeks with a day that is no longer at the version `before` stay as they are."""
    with transaction.atomic():
        ledger.take_lock_of_weeks(subject.key, days)
        after = ledger.hold(subject.key, days)
        weeks = {week_of(day) for day in days} - {week_of(day) for day in days if before.get(day) != after.get(day)}
        kept = [day for day in days if week_of(day) in weeks]
        for grain, longs, starts in ((store.DAY, found.days, kept), (store.WEEK, found.weeks, sorted(weeks))):
            store.delete_starts(subject.key, grain, starts)
            store.insert(subject.key, grain, longs.filter(pl.col("start").is_in(starts)))
        ledger.all_done(subject.key, {day: version for day, version in after.items() if day in set(kept)})
        ledger.renewed(subject.key, kept)
    return len(kept)
