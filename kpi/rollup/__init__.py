"""Daily and weekly totals of whatever is due. A job that dies at any step leaves its days due and the old totals whole.

Records are read and added up outside a transaction. One short transaction then writes the rows and settles the ledger,
for those days that nobody touched meanwhile; the others stay due and have their turn again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby

import polars as pl
from django.db import OperationalError, transaction

from kpi import chains, ledger, registry
from kpi.metric import Measure
from kpi.models import DueDay, Slot
from kpi.reporting import joined
from kpi.rollup import patch, store, weeks
from kpi.rollup.vectors import Long, add_up, columns_of, to_weeks, total_up, week_of
from kpi.slots import parts_of, peak_slots, slot_ids
from kpi.steps import step
from kpi.subject import Subject

STEPS = ("flags", "due", "read", "locked", "deleted", "inserted", "weeks", "settled")
FEW = 3  # days of a week; where more of them are new, adding the week up from all its days reads less than what they were
ATTEMPTS = 5  # an import and a rollup may wait for each other's rows; the database then ends one of them
Progress = Callable[[int, int], None]  # days done, days in all


def roll_up_due(progress: Progress | None = None, limit: int | None = None) -> int:
    """Brings flags and totals up to date; the number of days that were rolled up. At most `limit` days in one call."""
    mark_new()  # before flags are patched into totals: that gives a new measure its place, and nothing would make its days due
    refresh_flags()
    step("flags")
    work = plan(limit)
    step("due")
    total = sum(len(days) for _, days in work)
    handled = done = 0
    for subject, days in work:
        done += roll_up(subject, days)
        handled += len(days)
        if progress:
            progress(handled, total)
    return done


def refresh_flags() -> None:
    _insist(lambda: chains.refresh(patch.settle))


def _insist(work: Callable[[], int]) -> int:
    """Does a whole transaction again when the database ended it."""
    for _ in range(ATTEMPTS - 1):
        try:
            return work()
        except OperationalError:
            if transaction.get_connection().in_atomic_block:
                raise
    return work()


def plan(limit: int | None = None) -> list[tuple[Subject, dict[date, int]]]:
    """What is due, in batches of an ISO week: {day: version} each."""
    mark_new()
    horizon = ledger.horizon()
    batches = []
    for subject in registry.subjects().values():
        end = subject.until(horizon) if subject.until else None
        ready = [(day, version) for day, version in ledger.due(subject.key).get(subject.key, {}).items() if end is None or day < end]
        batches += [(subject, dict(group)) for _, group in groupby(sorted(ready), key=lambda item: week_of(item[0]))]
    return list(_first_days(batches, limit))


def _first_days(batches: Sequence[tuple[Subject, dict[date, int]]], limit: int | None) -> Iterator[tuple[Subject, dict[date, int]]]:
    left = limit
    for subject, days in batches:
        kept = dict(list(days.items())[:left])
        if kept:
            yield subject, kept
        left = None if left is None else left - len(kept)


def mark_new() -> None:
    """Makes due what no file touched: days without a new measure, and days that came with the calendar."""
    horizon = ledger.horizon()
    for subject in registry.subjects().values():
        _mark_new(subject, horizon)


def _mark_new(subject: Subject, horizon: date | None) -> None:
    """A measure that has no place yet makes every day due; so do days that come with the calendar."""
    keys = {(measure.key, part, 0) for measure in registry.measures_of(subject.key) for part in parts_of(measure)}
    known = set(Slot.objects.filter(stratum=0).values_list("measure", "part", "stratum"))
    if not keys <= known:
        with transaction.atomic():
            slot_ids(keys)
            ledger.mark_all_due(subject.key)
    if subject.until and subject.days:
        seen = set(DueDay.objects.filter(subject=subject.key).values_list("day", flat=True))
        if missing := set(subject.days(horizon)) - seen:
            with transaction.atomic():
                ledger.mark_due(subject.key, missing)


def roll_up(subject: Subject, days: dict[date, int]) -> int:
    """Days of one ISO week, with the versions at which they were found due."""
    measures = registry.measures_of(subject.key)
    frame = read(subject, list(days), measures)
    for column in subject.computed:
        unfinished = set(frame.filter(pl.col(column).is_null())["day"].unique())
        days = {day: version for day, version in days.items() if day not in unfinished}
    totals = total_up(frame.filter(pl.col("day").is_in(list(days))), subject, measures)
    step("read")
    return _insist(lambda: _write(subject, days, totals, measures))


def read(subject: Subject, days: Sequence[date], measures: Sequence[Measure]) -> pl.DataFrame:
    """As few columns as the measures need."""
    if subject.narrow is None:
        return joined(subject.read(days))
    return joined(subject.narrow(days, columns_of(subject, measures) | frozenset(subject.computed), None))


def _write(subject: Subject, days: dict[date, int], totals: Long, measures: Sequence[Measure]) -> int:
    """Those of the days that were not touched since they were read; how many."""
    with transaction.atomic():
        ledger.take_lock()
        current = ledger.hold(subject.key, days)
        kept = {day: version for day, version in days.items() if current.get(day) == version}
        step("locked")
        if kept:
            _replace(subject, kept, totals, measures)
    return len(kept)


def _replace(subject: Subject, days: dict[date, int], totals: Long, measures: Sequence[Measure]) -> None:
    fresh = totals.filter(pl.col("start").is_in(list(days)))
    few = len(days) <= FEW
    former = store.read_starts(subject.key, store.DAY, days) if few else fresh.clear()
    store.delete_starts(subject.key, store.DAY, days)
    step("deleted")
    store.insert(subject.key, store.DAY, fresh)
    step("inserted")
    if few:
        weeks.follow(subject.key, fresh, former)
    else:
        _whole_weeks(subject.key, days, fresh, measures)
    step("weeks")
    ledger.all_done(subject.key, days)
    step("settled")


def _whole_weeks(subject: str, days: dict[date, int], fresh: Long, measures: Sequence[Measure]) -> None:
    touched = sorted({week_of(day) for day in days})
    whole = pl.concat([fresh, store.read_starts(subject, store.DAY, store.other_days(touched, days))])
    store.delete_starts(subject, store.WEEK, touched)
    store.insert(subject, store.WEEK, add_up(to_weeks(whole), peak_slots(measures)))
