"""Weekly sums of contacts and working days as arrays by segment (metrics.md E2): from totals to staffing/capacity.py."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import polars as pl

from kpi.blocks import Blocks
from kpi.metric import Evidence, Measure, Stratum, Totals
from kpi.metrics._shared import CONTACTS, DAY_HANDLING, DAY_WAITING, FALSELY_CONTAINED, MATURE_AFTER
from kpi.metrics._tables import Array, Table, starts_of, tables_at
from kpi.version import known
from staffing import capacity
from staffing.capacity import Weeks

Segment = tuple[str, str]  # channel, intent group
WEEK = timedelta(days=7)
BASELINE = "baseline"  # the name of its window

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
    blocks, days = evidence.blocks.get(name), evidence.blocks.get(f"{name}_days")
    if not isinstance(blocks, Blocks):
        return _series_of(evidence, name, start, end)
    key = (evidence.frame.as_of, start, end)
    if key not in blocks.made:
        blocks.made[key] = _read(evidence, name, start, end, (blocks.asked, getattr(days, "asked", None)))
    found: Series = blocks.made[key]
    return found


def _read(evidence: Evidence, name: str, start: date, end: date, asked: tuple[Hashable, Hashable]) -> Series:
    """Of a baseline once for each version of the data: every period is compared with it."""
    if name != BASELINE or None in asked:
        return _series_of(evidence, name, start, end)
    return known(("series", *asked, evidence.frame.as_of, start, end), lambda: _series_of(evidence, name, start, end))


def _series_of(evidence: Evidence, name: str, start: date, end: date) -> Series:
    blocks = evidence.blocks.get(name, ())
    calendar = _calendar(starts_of(blocks), start, end, evidence.frame.as_of)
    found = tables_at(blocks, calendar.places, WORK)
    busy = found[0].n.any(axis=1)
    if not busy.all():
        found = [Table(item.strata, item.n[busy], item.sum[busy]) for item in found]
    mature, starts = calendar.mature[busy], tuple(calendar.starts[i] for i in np.flatnonzero(busy))
    segments, work = _work(found, mature)
    people = _people(evidence.blocks.get(f"{name}_days", ()), starts)
    return Series(segments, work, people, calendar.lengths[busy], round(mature.sum()), starts)


@dataclass(frozen=True, eq=False)
class Calendar:
    """Which blocks of a window are over, on which days they begin, how many days they have, and 1 for those whose outcomes are known."""

    places: tuple[int, ...]
    starts: tuple[date, ...]
    lengths: Array
    mature: Array


@lru_cache(maxsize=512)  # the same for every team of a table
def _calendar(starts: tuple[date, ...], start: date, end: date, as_of: date) -> Calendar:
    ends = [first + timedelta(days=_days(first, start, end)) for first in starts]
    over = [place for place, last in enumerate(ends) if last <= as_of]
    return Calendar(
        places=tuple(over),
        starts=tuple(starts[place] for place in over),
        lengths=np.array([float((ends[place] - starts[place]).days) for place in over]),
        mature=np.array([ends[place] + MATURE_AFTER <= as_of for place in over], dtype=float),
    )


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


def _people(blocks: Sequence[tuple[date, Totals]], starts: tuple[date, ...]) -> Array:
    """Weeks without working days are zero."""
    rows, places = _matching(starts_of(blocks), starts)
    found = np.zeros((len(PEOPLE), len(starts)))
    found[:, rows] = [item.sum.sum(axis=1) for item in tables_at(blocks, places, PEOPLE)]
    return found


@lru_cache(maxsize=512)
def _matching(have: tuple[date, ...], wanted: tuple[date, ...]) -> tuple[list[int], tuple[int, ...]]:
    """The rows of `wanted` that are there, and where each stands in `have`."""
    at = {first: place for place, first in enumerate(have)}
    pairs = [(row, at[first]) for row, first in enumerate(wanted) if first in at]
    return [row for row, _ in pairs], tuple(place for _, place in pairs)


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
