"""Stored rows laid out for adding up: one matrix with running sums per shelf, so that a window is the difference of two rows.

All stored sums are whole numbers below 2**53, so that difference is exact. Nothing is added before somebody looks at it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from kpi import registry
from kpi.metric import Stratum
from kpi.packing import PAIR
from kpi.slots import slot_table

STRIDE = 1_000_000  # more than any day's ordinal
Vector = NDArray[np.float64]
Places = NDArray[np.int64]
Shelf = tuple[str, str, str]  # subject, dimension, grain
Row = tuple[int, date, bytes]  # member, first day, packed totals


@dataclass(frozen=True)
class Stretch:
    """Whole days or whole ISO weeks of a block."""

    grain: str
    start: date
    end: date


SLOTS = 65_536  # as many as a packed pair can name


class NotAsked(LookupError):
    """A measure that the reading was not asked for: it would look like zero."""


class Layout:
    """Which column holds which part of which measure and stratum: columns of one measure and part stand together."""

    def __init__(self, slots: Mapping[int, tuple[str, str, Stratum | None]], asked: frozenset[str] | None = None) -> None:
        self.asked = asked
        self.measures = registry.measures()
        self.scales = {key: measure.scale for key, measure in self.measures.items()}
        ordered = sorted(slots, key=lambda slot: (slots[slot][:2], slot))
        self.width = len(ordered)
        self.wanted, self.place = np.zeros(SLOTS, dtype=bool), np.zeros(SLOTS, dtype=np.int64)
        self.wanted[ordered], self.place[ordered] = True, np.arange(self.width)
        self.columns: dict[str, dict[Stratum | None, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        self.wholes: dict[str, dict[str, int]] = defaultdict(dict)  # measure: part: place among the sums over strata
        starts: list[int] = []
        for column, slot in enumerate(ordered):
            key, part, stratum = slots[slot]
            self.columns[key][stratum][part] = column
            if part not in self.wholes[key]:
                self.wholes[key][part] = len(starts)
                starts.append(column)
        self.starts = np.array(starts, dtype=np.int64)
        self.peaks = [column for column, slot in enumerate(ordered) if self.is_peak(slots[slot][0])]
        self.peak_at = {column: i for i, column in enumerate(self.peaks)}
        self.sums_at = {key: self._sums_at(key, parts) for key, parts in self.wholes.items() if "n" in parts and not self.is_peak(key)}

    def _sums_at(self, key: str, parts: Mapping[str, int]) -> tuple[int, int | None, int | None, int]:
        """Where n, sum and squares of a measure stand among the sums over strata, and its scale. A missing sum means that every record
        counts one."""
        return parts["n"], parts.get("s"), parts.get("q"), self.scales.get(key, 1)

    def is_peak(self, key: str) -> bool:
        measure = self.measures.get(key)
        return measure is not None and measure.peak

    def check(self, key: str) -> None:
        if self.asked is not None and key not in self.asked:
            raise NotAsked(f"“{key}” was not read: name it among the measures of the metric")


def layout_of(rows: Iterable[Sequence[Row]], asked: frozenset[str] | None = None) -> Layout:
    """Columns for the slots that occur in one reading, of all measures or of those asked for."""
    seen = np.zeros(SLOTS, dtype=bool)
    for found in rows:
        seen[_pairs(found)["slot"]] = True
    table = slot_table()
    slots = {slot: table[slot] for slot in np.flatnonzero(seen).tolist()}
    return Layout({slot: what for slot, what in slots.items() if asked is None or what[0] in asked}, asked)


def _pairs(rows: Sequence[Row]) -> NDArray[np.void]:
    return np.frombuffer(b"".join(row[2] for row in rows), dtype=PAIR)


class Sheet:
    """The rows of one shelf as a matrix with running sums, found by member and day. Rows come sorted by member and day."""

    def __init__(self, rows: Sequence[Row], layout: Layout) -> None:
        self.layout = layout
        pairs = _pairs(rows)
        sizes = np.fromiter((len(row[2]) // PAIR.itemsize for row in rows), dtype=np.int64, count=len(rows))
        owners, keep = np.repeat(np.arange(len(rows)), sizes), layout.wanted[pairs["slot"]]
        table = np.zeros((len(rows), layout.width))
        table[owners[keep], layout.place[pairs["slot"][keep]]] = pairs["value"][keep]
        self.running = np.zeros((len(rows) + 1, layout.width))
        np.cumsum(table, axis=0, out=self.running[1:])
        self.peaks = np.zeros((len(rows) + 1, len(layout.peaks)))  # one more row, so that a range may end behind the last
        self.peaks[:-1] = table[:, layout.peaks]
        self.members = {member: i for i, member in enumerate(dict.fromkeys(row[0] for row in rows))}
        keys = (self.members[row[0]] * STRIDE + row[1].toordinal() for row in rows)
        self.keys = np.fromiter(keys, dtype=np.int64, count=len(rows))

    def places(self, ids: Sequence[int], days: Places) -> Places:
        """How many rows stand before each of these days (ordinals) of each member: members x days. Nobody's rows are none."""
        known = np.array([self.members.get(i, -1) for i in ids], dtype=np.int64) * STRIDE
        found: Places = np.searchsorted(self.keys, known[:, None] + days[None, :])
        return found

    def days(self, ids: Sequence[int], stretch: Stretch) -> list[date]:
        """Days of the stretch on which any of the members has a row."""
        edges = np.array([stretch.start.toordinal(), stretch.end.toordinal()])
        found = [self.keys[low:high] % STRIDE for low, high in self.places(ids, edges).tolist()]
        return [date.fromordinal(day) for day in np.unique(np.concatenate(found)).tolist()] if found else []

    def highest(self, low: Places, high: Places) -> Vector:
        """The highest row of each range, for the columns that keep a peak: shape (*ranges, peaks); zero where a range is empty."""
        pairs = np.stack([low.ravel(), high.ravel()], axis=1).ravel()
        if not len(pairs) or not self.peaks.shape[1]:
            return np.zeros((*low.shape, self.peaks.shape[1]))
        found = np.maximum.reduceat(self.peaks, pairs, axis=0)[::2]
        found[low.ravel() >= high.ravel()] = 0.0
        highest: Vector = found.reshape(*low.shape, -1)
        return highest
