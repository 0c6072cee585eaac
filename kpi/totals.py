"""Reads totals: any member, any window, from the packed day and week rows, in a handful of queries.

Rows of one shelf (subject, dimension, grain) are laid out as one matrix with running sums, so that a window is the
difference of two rows. All stored sums are whole numbers below 2**53, so that difference is exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from kpi import registry
from kpi.metric import Stratum, Total, Totals, Window
from kpi.models import Rollup
from kpi.packing import PAIR
from kpi.slots import slot_table

STRIDE = 1_000_000  # more than any day's ordinal
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Members:
    """Rows of one dimension taken together."""

    dimension: str
    ids: tuple[int, ...]


EVERYTHING = Members("all", (0,))


@dataclass(frozen=True)
class Request:
    """One window of one group of members. Weeks that touch a gap day are left out."""

    members: Members
    window: Window
    gaps: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Stretch:
    """Whole days or whole ISO weeks of a block."""

    grain: str
    start: date
    end: date


Shelf = tuple[str, str, str]  # subject, dimension, grain


def blocks_of(window: Window, gaps: frozenset[date] = frozenset()) -> list[tuple[date, list[Stretch]]]:
    """The blocks of a window and the stored rows that make up each."""
    if window.end <= window.start:
        return []
    if window.by == "all":
        return [(window.start, _stretches(window.start, window.end))]
    if window.by == "day":
        days = (window.end - window.start).days
        return [(day, [Stretch("d", day, day + timedelta(1))]) for day in (window.start + timedelta(i) for i in range(days))]
    count = max(1, (window.end - window.start).days // 7)
    edges = [window.start + timedelta(weeks=i) for i in range(count)] + [window.end]
    return [(a, _stretches(a, b)) for a, b in pairwise(edges) if not any(a <= day < b for day in gaps)]


def _stretches(start: date, end: date) -> list[Stretch]:
    """Whole ISO weeks from week rows, the days at the edges from day rows."""
    first = start + timedelta(-start.weekday() % 7)
    last = end - timedelta(end.weekday())
    if last <= first:
        return [Stretch("d", start, end)]
    found = [Stretch("d", start, first), Stretch("w", first, last), Stretch("d", last, end)]
    return [item for item in found if item.start < item.end]


def read_totals(requests: Sequence[Request]) -> list[list[tuple[date, Totals]]]:
    """For each request its blocks as (first day, Totals); a window by="all" gives one block. Days without rows are left out of by="day"."""
    plans = [blocks_of(item.window, item.gaps) for item in requests]
    needed: dict[Shelf, tuple[set[int], set[tuple[date, date]]]] = defaultdict(lambda: (set(), set()))
    for item, plan in zip(requests, plans, strict=True):
        for _, stretches in plan:
            for stretch in stretches:
                members, ranges = needed[item.window.subject, item.members.dimension, stretch.grain]
                members.update(item.members.ids)
                ranges.add((stretch.start, stretch.end))
    library = Library({shelf: _fetch(shelf, members, ranges) for shelf, (members, ranges) in needed.items()})
    return [_answer(library, item, plan) for item, plan in zip(requests, plans, strict=True)]


def _answer(library: Library, request: Request, plan: list[tuple[date, list[Stretch]]]) -> list[tuple[date, Totals]]:
    blocks = [(first, library.totals(request, stretches)) for first, stretches in plan]
    if request.window.by == "day":
        return [(first, totals) for first, totals in blocks if totals is not None]
    return [(first, totals or Totals()) for first, totals in blocks]


def _fetch(shelf: Shelf, members: set[int], ranges: set[tuple[date, date]]) -> list[tuple[int, date, bytes]]:
    subject, dimension, grain = shelf
    wanted = Q()
    for start, end in _merged(ranges):
        wanted |= Q(start__gte=start, start__lt=end)
    rows = Rollup.objects.filter(wanted, subject=subject, dimension=dimension, grain=grain, member__in=members)
    found = [(member, start, bytes(data)) for member, start, data in rows.values_list("member", "start", "data")]
    return sorted(found, key=lambda row: (row[0], row[1]))


def _merged(ranges: set[tuple[date, date]]) -> list[tuple[date, date]]:
    """Touching ranges joined: a few wide reads instead of many narrow ones."""
    joined: list[tuple[date, date]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1] + timedelta(7):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


class Library:
    """All rows of one reading, with one set of columns for all shelves."""

    def __init__(self, rows: Mapping[Shelf, list[tuple[int, date, bytes]]]) -> None:
        pairs = {shelf: np.frombuffer(b"".join(row[2] for row in found), dtype=PAIR) for shelf, found in rows.items()}
        seen = np.zeros(65_536, dtype=bool)
        for found in pairs.values():
            seen[found["slot"]] = True
        self.slots = np.flatnonzero(seen)
        place = np.cumsum(seen) - 1
        self.shelves = {shelf: Sheet(rows[shelf], pairs[shelf], place, len(self.slots)) for shelf in rows}
        self.layout = Layout(self.slots.tolist())

    def totals(self, request: Request, stretches: Sequence[Stretch]) -> Totals | None:
        """None where no row exists at all."""
        vector = np.zeros(len(self.slots))
        peaks = np.zeros(len(self.layout.peaks))
        found = False
        for stretch in stretches:
            sheet = self.shelves[request.window.subject, request.members.dimension, stretch.grain]
            low, high = sheet.bounds(request.members.ids, stretch)
            if (high > low).any():
                found = True
                vector += (sheet.running[high] - sheet.running[low]).sum(axis=0)
                if len(peaks):
                    np.maximum(peaks, sheet.highest(low, high, self.layout.peaks), out=peaks)
        if not found:
            return None
        vector[self.layout.peaks] = peaks
        return Totals(Parts(vector, self.layout))


class Sheet:
    """The rows of one shelf as a matrix with running sums, found by member and day."""

    def __init__(self, rows: list[tuple[int, date, bytes]], pairs: NDArray[np.void], place: NDArray[np.int64], width: int) -> None:
        sizes = np.fromiter((len(row[2]) // PAIR.itemsize for row in rows), dtype=np.int64, count=len(rows))
        self.table = np.zeros((len(rows), width))
        self.table[np.repeat(np.arange(len(rows)), sizes), place[pairs["slot"]]] = pairs["value"]
        self.running = np.vstack([np.zeros((1, width)), np.cumsum(self.table, axis=0)])
        self.members = {member: i for i, member in enumerate(dict.fromkeys(row[0] for row in rows))}
        keys = (self.members[row[0]] * STRIDE + row[1].toordinal() for row in rows)
        self.keys = np.fromiter(keys, dtype=np.int64, count=len(rows))

    def bounds(self, ids: Sequence[int], stretch: Stretch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First and one-past-last row of each member within the stretch."""
        known = np.array([self.members[i] for i in ids if i in self.members], dtype=np.int64) * STRIDE
        low = np.searchsorted(self.keys, known + stretch.start.toordinal())
        return low, np.searchsorted(self.keys, known + stretch.end.toordinal())

    def highest(self, low: NDArray[np.int64], high: NDArray[np.int64], columns: NDArray[np.int64]) -> Vector:
        """The highest day of any member: never more than the true count of the group."""
        found = [self.table[a:b, columns].max(axis=0) for a, b in zip(low, high, strict=True) if b > a]
        highest: Vector = np.max(found, axis=0)
        return highest


class Layout:
    """Which column holds which part of which measure and stratum."""

    def __init__(self, slots: Sequence[int]) -> None:
        table, measures = slot_table(), registry.measures()
        self.columns: dict[str, dict[Stratum | None, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        self.scales = {key: measure.scale for key, measure in measures.items()}
        peaks = []
        for column, slot in enumerate(slots):
            key, part, stratum = table[slot]
            self.columns[key][stratum][part] = column
            if key in measures and measures[key].peak:
                peaks.append(column)
        self.peaks = np.array(peaks, dtype=np.int64)


class Parts(Mapping[str, Mapping["Stratum | None", Total]]):
    """{measure key: {stratum: Total}} over one vector, unpacked only where asked."""

    def __init__(self, vector: Vector, layout: Layout) -> None:
        self.vector, self.layout = vector, layout

    def __getitem__(self, key: str) -> Mapping[Stratum | None, Total]:
        scale = self.layout.scales.get(key, 1)
        found: dict[Stratum | None, Total] = {}
        for stratum, columns in self.layout.columns[key].items():
            n = self.vector[columns["n"]] if "n" in columns else 0.0
            if n:
                total = float(self.vector[columns["s"]]) / scale if "s" in columns else float(n)
                squares = float(self.vector[columns["q"]]) / scale**2 if "q" in columns else 0.0
                found[stratum] = Total(int(n), total, squares)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.layout.columns)

    def __len__(self) -> int:
        return len(self.layout.columns)

    def __contains__(self, key: object) -> bool:
        return key in self.layout.columns

    def get(self, key: str, default: object = None) -> Mapping[Stratum | None, Total]:  # type: ignore[override]
        return self[key] if key in self.layout.columns else default  # type: ignore[return-value, unused-ignore]
