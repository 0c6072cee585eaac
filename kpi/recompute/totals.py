"""Totals straight from the records, each dimension by itself, weeks from records and not from days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from kpi import ledger, registry
from kpi.chains import FLAGS
from kpi.metric import Measure
from kpi.reporting import joined
from kpi.rollup import store, vectors
from kpi.rollup.vectors import Long, week_of
from kpi.slots import peak_slots
from kpi.subject import Subject

WEEKS = 5  # read together: a month
NO_FLAGS = pl.DataFrame(schema={"id": pl.Int64, "role": pl.Int16, "returned": pl.Boolean, "repeat_day": pl.Int16})
Part = tuple[Subject, list[date]]  # whole ISO weeks


@dataclass(frozen=True)
class Recomputed:
    """Totals of some weeks by grain."""

    days: Long
    weeks: Long


def parts(subject: Subject) -> Iterator[Part]:
    """All weeks that can have records, some at a time."""
    horizon = ledger.horizon()
    days = subject.days(horizon) if subject.days else sorted(ledger.known_days(subject.key))
    end = subject.until(horizon) if subject.until else None
    weeks = sorted({week_of(day) for day in {*days, *ledger.forgotten(subject.key)}})
    for first in range(0, len(weeks), WEEKS):
        found = [week + timedelta(step) for week in weeks[first : first + WEEKS] for step in range(7)]
        yield subject, [day for day in found if end is None or day < end]


def totals(subject: Subject, days: Sequence[date], flags: pl.DataFrame = NO_FLAGS) -> Recomputed:
    """From the records of whole weeks; `flags` replace those stored with the contacts. Of a forgotten day the stored totals are
    all there is: they are taken as they stand, and its week is the sum of its days."""
    measures, forgotten = registry.measures_of(subject.key), ledger.forgotten(subject.key).intersection(days)
    frame = joined(subject.read([day for day in days if day not in forgotten]))
    if not flags.is_empty() and "role" in frame.columns:
        right = flags.select("id", *(pl.col(name).alias(f"_{name}") for name in FLAGS), pl.lit(True).alias("_wrong"))
        frame = frame.join(right, on="id", how="left").with_columns(
            pl.when("_wrong").then(f"_{name}").otherwise(name).alias(name) for name in FLAGS
        )
    by_day = _grouped(frame, subject, measures)
    by_week = _grouped(frame.with_columns(pl.col("day").dt.truncate("1w")), subject, measures)
    if peaks := peak_slots(measures):
        by_week = _with_peaks(by_week, by_day, peaks)
    found = Recomputed(by_day, by_week)
    return _with_forgotten(found, subject.key, forgotten, peaks) if forgotten else found


def _with_forgotten(found: Recomputed, key: str, forgotten: set[date], peaks: frozenset[int]) -> Recomputed:
    days = pl.concat([found.days, store.read_starts(key, store.DAY, forgotten)])
    weeks = sorted({week_of(day) for day in forgotten})
    touched = vectors.to_weeks(days).filter(pl.col("start").is_in(weeks))
    return Recomputed(days, pl.concat([found.weeks.filter(~pl.col("start").is_in(weeks)), vectors.add_up(touched, peaks)]))


def _with_peaks(weeks: Long, days: Long, peaks: frozenset[int]) -> Long:
    is_peak = pl.col("slot").is_in(sorted(peaks))
    highest = vectors.to_weeks(days.filter(is_peak)).group_by(*vectors.ROW, "slot").agg(pl.col("value").max())
    return pl.concat([weeks.filter(~is_peak), highest])


def _grouped(frame: pl.DataFrame, subject: Subject, measures: Sequence[Measure]) -> Long:
    """Every dimension straight from the records."""
    if "queue" in subject.dimensions:
        frame = vectors.with_cell(frame)
    found = [vectors.count_distinct(frame, subject, measures)]
    for dimension in vectors.dimensions(subject):
        rows = frame.with_columns(vectors.row_of(dimension)).filter(pl.col("member").is_not_null())
        for layered in (False, True):
            kept = [measure for measure in measures if measure.stratified == layered and not measure.distinct]
            keys = [*vectors.ROW, *(["stratum"] if layered else [])]
            if kept:
                found.append(vectors.lengthen(vectors.finest(rows, keys, kept), kept, strata=layered))
    return pl.concat(found)
