"""Weekly sums of contacts and working days as arrays by segment (metrics.md E2): from totals to staffing/capacity.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from kpi.metric import Evidence, Measure, Totals
from kpi.metrics._shared import CONTACTS, DAY_HANDLING, DAY_WAITING, FALSELY_CONTAINED, MATURE_AFTER, NOTHING
from kpi.metrics._tables import Array, Table, tables
from staffing import capacity
from staffing.capacity import Weeks

Segment = tuple[str, str]  # channel, intent group
WEEK = timedelta(days=7)

# E1: talk + hold + wrap of a contact a person handled, divided by the contacts handled at the same time.
_ALL_WORK = pl.col("talk_s") + pl.col("hold_s").fill_null(0.0) + pl.col("wrap_s").fill_null(0.0)
HANDLING_SECONDS = _ALL_WORK / pl.col("concurrency").fill_null(1.0)
HANDLED_BY_A_PERSON = ~pl.col("machine_only") & pl.col("talk_s").is_not_null() & ~pl.col("abandoned").fill_null(False)
HANDLING = Measure("handling_s", "interaction", pl.when(HANDLED_BY_A_PERSON).then(HANDLING_SECONDS), stratified=True, scale=1000)
_QUEUE_KNOWN = pl.col("on_queue_s").is_not_null()
ON_QUEUE = Measure("on_queue_s", "agent_day", pl.col("on_queue_s"), scale=1000)
PAID = Measure("paid_on_queue_known_s", "agent_day", pl.when(_QUEUE_KNOWN).then(pl.col("paid_s")), scale=1000)
WORK = (CONTACTS, FALSELY_CONTAINED, HANDLING)
PEOPLE = (DAY_HANDLING, DAY_WAITING, ON_QUEUE, PAID)


@dataclass(frozen=True)
class Series:
    """Complete weeks of one window of one site; work is 7 sums x segments x weeks in the order of staffing/capacity.py."""

    segments: tuple[Segment, ...]
    work: Array
    people: Array
    days: Array
    mature_weeks: int
    starts: tuple[date, ...] = ()

    @property
    def weeks(self) -> int:
        return len(self.days)

    @property
    def contacts(self) -> int:
        return round(float(self.work[capacity.CONTACTS].sum()))

    @property
    def handled(self) -> bool:
        return bool(self.work[capacity.HANDLED].any())

    @property
    def containment_unknown(self) -> bool:
        """The AI handled contacts alone, and of none can be known whether the customer came back."""
        return bool(self.work[capacity.ALONE].any()) and not self.work[capacity.KNOWN].any()


def series_of(evidence: Evidence, name: str, start: date, end: date) -> Series:
    """The weeks that are over and have contacts; containment only from those whose seven days have passed."""
    as_of = evidence.frame.as_of
    blocks = [(first, _days(first, start, end), totals) for first, totals in evidence.blocks.get(name, ())]
    blocks = [block for block in blocks if block[0] + timedelta(days=block[1]) <= as_of]
    found = tables([totals for *_, totals in blocks], WORK)
    busy = np.flatnonzero(found[0].n.sum(axis=1))
    weeks = [(blocks[i][0], blocks[i][1]) for i in busy]
    mature = np.array([first + timedelta(days=days) + MATURE_AFTER <= as_of for first, days in weeks], dtype=float)
    by_week = dict(evidence.blocks.get(f"{name}_days", ()))
    segments, work = _work([Table(item.strata, item.n[busy], item.sum[busy]) for item in found], mature)
    people = _people([by_week.get(first, NOTHING) for first, _ in weeks])
    lengths = np.array([float(days) for _, days in weeks])
    return Series(segments, work, people, lengths, round(mature.sum()), tuple(first for first, _ in weeks))


def _days(first: date, start: date, end: date) -> int:
    """Length of a block: seven days, but the last one holds what is left of the window."""
    last = start + max(0, (end - start).days // 7 - 1) * WEEK
    return (end - first).days if first >= last else WEEK.days


def _work(found: Sequence[Table], mature: Array) -> tuple[tuple[Segment, ...], Array]:
    """Sums by segment and week; strata without a record in these weeks are left out (blocks read together know those of all)."""
    used: list[list[bool]] = [np.any(item.n, axis=0, keepdims=True)[0].tolist() for item in found]
    strata = [
        stratum
        for item, some in zip(found, used, strict=True)
        for stratum, there in zip(item.strata, some, strict=True)
        if stratum and there
    ]
    segments = tuple(sorted({(stratum.channel, stratum.intent_group) for stratum in strata}))
    place = {segment: i for i, segment in enumerate(segments)}
    work = np.zeros((capacity.WORK_SUMS, len(segments), len(mature)))
    for rows, item, some in zip(_ROWS, found, used, strict=True):
        for column, stratum in enumerate(item.strata):
            if stratum is None or not some[column]:
                continue
            where = place[stratum.channel, stratum.intent_group]
            for row, numbers, only_machine, only_mature in rows:
                if stratum.machine_only or not only_machine:
                    values = getattr(item, numbers)[:, column]
                    work[row, where] += values * mature if only_mature else values
    return segments, work


# Of each table: (row of the sums, n or sum, machine-only strata alone, mature weeks alone).
_ROWS = (
    ((capacity.CONTACTS, "n", False, False), (capacity.MATURE, "n", False, True), (capacity.ALONE, "n", True, True)),
    ((capacity.KNOWN, "n", True, True), (capacity.FALSE, "sum", True, True)),
    ((capacity.HANDLED, "n", False, False), (capacity.HANDLING_S, "sum", False, False)),
)


def _people(blocks: Sequence[Totals]) -> Array:
    """Weeks without working days are zero."""
    return np.array([item.sum.sum(axis=1) for item in tables(blocks, PEOPLE)]).reshape(len(PEOPLE), len(blocks))


def aligned(base: Series, now: Series) -> tuple[Weeks, Weeks]:
    """Both windows over the same segments; a segment one of them never saw is empty there."""
    segments = tuple(sorted({*base.segments, *now.segments}))
    return _over(base, segments), _over(now, segments)


def _over(series: Series, segments: tuple[Segment, ...]) -> Weeks:
    if series.segments == segments:
        return Weeks(series.work, series.people, series.days)
    work = np.zeros((capacity.WORK_SUMS, len(segments), series.weeks))
    for i, segment in enumerate(series.segments):
        work[:, segments.index(segment)] = series.work[:, i]
    return Weeks(work, series.people, series.days)
