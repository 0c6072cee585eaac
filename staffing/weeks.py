"""Weekly sums of contacts and working days as arrays by segment (metrics.md E2): from totals to staffing/capacity.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import polars as pl

from kpi.metric import Blocks, Evidence, Measure, Stratum, Totals
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
    """The weeks that are over and have contacts; containment only from those whose seven days have passed.
    Worked out once where several periods are compared with the same weeks, as with a baseline they are."""
    blocks = evidence.blocks.get(name)
    if not isinstance(blocks, Blocks):
        return _series_of(evidence, name, start, end)
    key = (evidence.frame.as_of, start, end)
    if key not in blocks.made:
        blocks.made[key] = _series_of(evidence, name, start, end)
    found: Series = blocks.made[key]
    return found


def _series_of(evidence: Evidence, name: str, start: date, end: date) -> Series:
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
    """Sums by segment and week; segments without a record in these weeks are left out (blocks read together know those of all)."""
    segments = _segments(tuple(item.strata for item in found))
    work = np.zeros((capacity.WORK_SUMS, len(segments), len(mature)))
    for rows, item in zip(_ROWS, found, strict=True):
        for row, numbers, only_machine, only_mature in rows:
            values = _places(item.strata, segments, only_machine) @ getattr(item, numbers).T
            work[row] = values * mature if only_mature else values
    used = work.any(axis=(0, 2))
    if used.all():
        return segments, work
    return tuple(segments[i] for i in np.flatnonzero(used)), work[:, used]


@lru_cache(maxsize=256)
def _segments(strata: tuple[tuple[Stratum | None, ...], ...]) -> tuple[Segment, ...]:
    return tuple(sorted({(stratum.channel, stratum.intent_group) for each in strata for stratum in each if stratum}))


@lru_cache(maxsize=512)
def _places(strata: tuple[Stratum | None, ...], segments: tuple[Segment, ...], only_machine: bool) -> Array:
    """Segments x strata: 1 where a stratum belongs to the segment, so that one product adds up all weeks."""
    found = np.zeros((len(segments), len(strata)))
    for column, stratum in enumerate(strata):
        if stratum is not None and (stratum.machine_only or not only_machine):
            found[segments.index((stratum.channel, stratum.intent_group)), column] = 1.0
    return found


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
