"""Stored rows laid out for adding up: one matrix with running sums per shelf, so that a window is the difference of two rows.

All stored sums are whole numbers below 2**53, so that difference is exact. Nothing is added before somebody looks at it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kpi import registry
from kpi.metric import NOTHING, Stratum, Total, Totals
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
NOWHERE: Places = np.zeros((0, 0), dtype=np.int64)


class NotAsked(LookupError):
    """A measure that the reading was not asked for: it would look like zero."""


class Library:
    """Shelves that share one set of columns."""

    def __init__(self, sheets: Mapping[Shelf, Sheet], layout: Layout) -> None:
        self.shelves, self.layout = sheets, layout

    @staticmethod
    def of(rows: Mapping[Shelf, list[Row]], asked: frozenset[str] | None = None) -> Library:
        """All rows of one reading; columns for the slots that occur in them, of all measures or of those asked for."""
        seen = np.zeros(SLOTS, dtype=bool)
        for found in rows.values():
            seen[_pairs(found)["slot"]] = True
        table = slot_table()
        slots = {slot: table[slot] for slot in np.flatnonzero(seen).tolist()}
        layout = Layout({slot: what for slot, what in slots.items() if asked is None or what[0] in asked}, asked)
        return Library({shelf: Sheet(found, layout) for shelf, found in rows.items()}, layout)

    def blocks(self, subject: str, dimension: str, ids: Sequence[int], plan: Sequence[tuple[date, Sequence[Stretch]]]) -> list[Totals]:
        """The totals of each block of a plan; all blocks are added up together, once one of them is looked at."""
        pieces: list[Piece] = []
        for grain in ("d", "w"):
            wanted = [(i, stretch) for i, (_, stretches) in enumerate(plan) for stretch in stretches if stretch.grain == grain]
            if wanted:
                pieces.append(Piece(self.shelves[subject, dimension, grain], ids, tuple(wanted)))
        pile = Pile(pieces, len(plan), self.layout)
        return [Totals(Parts(pile, i)) for i in range(len(plan))]

    def days(self, shelf: Shelf, ids: Sequence[int], stretch: Stretch) -> list[tuple[date, Totals]]:
        """The totals of each day that has a row."""
        sheet = self.shelves[shelf]
        days = sheet.days(ids, stretch)
        piece = Piece(sheet, ids, tuple((i, Stretch("d", day, day + timedelta(1))) for i, day in enumerate(days)))
        pile = Pile([piece], len(days), self.layout)
        return [(day, Totals(Parts(pile, i))) for i, day in enumerate(days)]

    def highest(self, shelf: Shelf, ids: Sequence[int], stretches: Sequence[Stretch], key: str) -> list[int]:
        """For each stretch the highest row of any member, of a measure that keeps its peak."""
        columns = self.layout.columns.get(key, {}).get(None, {})
        if "n" not in columns or not stretches:
            return [0] * len(stretches)
        found = Piece(self.shelves[shelf], ids, tuple(enumerate(stretches))).highest[:, self.layout.peak_at[columns["n"]]]
        return [int(value) for value in found.tolist()]


def _pairs(rows: Sequence[Row]) -> NDArray[np.void]:
    return np.frombuffer(b"".join(row[2] for row in rows), dtype=PAIR)


class Sheet:
    """The rows of one shelf as a matrix with running sums, found by member and day. Rows come sorted by member and day."""

    def __init__(self, rows: Sequence[Row], layout: Layout) -> None:
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

    def bounds(self, ids: Sequence[int], stretches: Sequence[Stretch]) -> tuple[Places, Places]:
        """First and one-past-last row of each member within each stretch: shape (stretches, members)."""
        known = np.array([self.members[i] for i in ids if i in self.members], dtype=np.int64) * STRIDE
        edges = np.array([(stretch.start.toordinal(), stretch.end.toordinal()) for stretch in stretches], dtype=np.int64)
        low: Places = np.searchsorted(self.keys, known[None, :] + edges[:, :1])
        high: Places = np.searchsorted(self.keys, known[None, :] + edges[:, 1:])
        return low, high

    def days(self, ids: Sequence[int], stretch: Stretch) -> list[date]:
        """Days of the stretch on which any of the members has a row."""
        [low], [high] = self.bounds(ids, [stretch])
        found = [self.keys[a:b] % STRIDE for a, b in zip(low, high, strict=True)]
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


class Piece:
    """Stretches of one sheet, each with the block it belongs to; their rows are looked up once somebody asks."""

    def __init__(self, sheet: Sheet, ids: Sequence[int], wanted: Sequence[tuple[int, Stretch]]) -> None:
        self.sheet, self.ids, self.wanted = sheet, ids, wanted
        blocks = [block for block, _ in wanted]
        self.block = np.array(blocks, dtype=np.int64)
        self.once = len(set(blocks)) == len(blocks)  # no block has two stretches: days at both ends of a window may

    @cached_property
    def bounds(self) -> tuple[Places, Places]:
        return self.sheet.bounds(self.ids, [stretch for _, stretch in self.wanted]) if self.wanted else (NOWHERE, NOWHERE)

    @cached_property
    def sums(self) -> Vector:
        """Stretches x columns."""
        low, high = self.bounds
        running = self.sheet.running
        found: Vector = running[high[:, 0]] - running[low[:, 0]] if low.shape[1] == 1 else (running[high] - running[low]).sum(axis=1)
        return found

    @cached_property
    def highest(self) -> Vector:
        """Stretches x peaks: the highest row of any member."""
        found: Vector = self.sheet.highest(*self.bounds).max(axis=1, initial=0.0)
        return found


class Pile:
    """The blocks of one request as a matrix (blocks x columns), made when first asked for."""

    def __init__(self, pieces: Sequence[Piece], count: int, layout: Layout) -> None:
        self.pieces, self.count, self.layout = pieces, count, layout

    @cached_property
    def sums(self) -> Vector:
        found = np.zeros((self.count, self.layout.width))
        for piece in self.pieces:
            if piece.once:
                found[piece.block] += piece.sums
            else:
                np.add.at(found, piece.block, piece.sums)
        return found

    @cached_property
    def wholes(self) -> list[list[float]]:
        """The same added up over strata: blocks x Layout.wholes."""
        found: list[list[float]] = np.add.reduceat(self.sums, self.layout.starts, axis=1).tolist() if self.layout.width else []
        return found

    @cached_property
    def highest(self) -> Vector:
        """Blocks x peaks: the highest row of any member. For a count of people, never more than the true number of the group."""
        found = np.zeros((self.count, len(self.layout.peaks)))
        for piece in self.pieces:
            np.maximum.at(found, piece.block, piece.highest)
        return found


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

    def is_peak(self, key: str) -> bool:
        measure = self.measures.get(key)
        return measure is not None and measure.peak

    def check(self, key: str) -> None:
        if self.asked is not None and key not in self.asked:
            raise NotAsked(f"“{key}” was not read: name it among the measures of the metric")


class Parts(Mapping[str, Mapping["Stratum | None", Total]]):
    """{measure key: {stratum: Total}} over some rows, added up and unpacked only where asked."""

    def __init__(self, pile: Pile, block: int) -> None:
        self.pile, self.block, self.layout = pile, block, pile.layout

    @property
    def vector(self) -> Vector:
        found: Vector = self.pile.sums[self.block]
        return found

    def __getitem__(self, key: str) -> Mapping[Stratum | None, Total]:
        found = {stratum: self._total(key, columns) for stratum, columns in self.layout.columns[key].items()}
        return {stratum: total for stratum, total in found.items() if total.n}

    def _total(self, key: str, columns: Mapping[str, int]) -> Total:
        if self.layout.is_peak(key):
            highest = self.pile.highest[self.block]
            return _total({part: highest[self.layout.peak_at[column]] for part, column in columns.items()}, self.layout.scales[key])
        return _total({part: self._numbers[column] for part, column in columns.items()}, self.layout.scales.get(key, 1))

    @cached_property
    def _numbers(self) -> list[float]:
        """The vector as plain numbers, which Python looks up much faster."""
        found: list[float] = self.vector.tolist()
        return found

    def whole(self, key: str) -> Total:
        """The total over all strata, without a look at each."""
        self.layout.check(key)
        places = self.layout.wholes.get(key)
        if places is None:
            return NOTHING
        if self.layout.is_peak(key):
            return sum(self[key].values(), NOTHING)
        sums = self.pile.wholes[self.block]
        return _total({part: sums[place] for part, place in places.items()}, self.layout.scales.get(key, 1))

    def __iter__(self) -> Iterator[str]:
        return iter(self.layout.columns)

    def __len__(self) -> int:
        return len(self.layout.columns)

    def __contains__(self, key: object) -> bool:
        return key in self.layout.columns

    def get(self, key: str, default: object = None) -> Mapping[Stratum | None, Total]:  # type: ignore[override, unused-ignore]
        self.layout.check(key)
        return self[key] if key in self.layout.columns else default  # type: ignore[return-value, unused-ignore]


def _total(parts: Mapping[str, float], scale: int) -> Total:
    """A missing sum means that every record counts one."""
    n = parts.get("n", 0.0)
    if not n:
        return NOTHING
    return Total(int(n), float(parts["s"]) / scale if "s" in parts else float(n), float(parts.get("q", 0.0)) / scale**2)
