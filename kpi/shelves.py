"""Stored rows laid out for adding up: one matrix with running sums per shelf, so that a window is the difference of two rows.

All stored sums are whole numbers below 2**53, so that difference is exact. Nothing is added before somebody looks at it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kpi import registry
from kpi.metric import NOTHING, Stratum, Total, Totals
from kpi.packing import PAIR
from kpi.slots import SlotTable, slot_table

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


class Library:
    """All rows of one reading, with one set of columns for all shelves; of all measures, or of those that are asked for."""

    def __init__(self, rows: Mapping[Shelf, list[Row]], asked: frozenset[str] | None = None) -> None:
        pairs = {shelf: np.frombuffer(b"".join(row[2] for row in found), dtype=PAIR) for shelf, found in rows.items()}
        seen = np.zeros(SLOTS, dtype=bool)
        for found in pairs.values():
            seen[found["slot"]] = True
        table = slot_table()
        wanted = _wanted(seen, asked, table)
        slots, place = np.flatnonzero(wanted), np.cumsum(wanted) - 1
        self.shelves = {shelf: Sheet(rows[shelf], pairs[shelf], wanted, place, len(slots)) for shelf in rows}
        self.layout = Layout(slots.tolist(), table, asked)

    def blocks(self, subject: str, dimension: str, ids: Sequence[int], plan: Sequence[tuple[date, Sequence[Stretch]]]) -> list[Totals]:
        """The totals of each block of a plan; all blocks are added up together, once one of them is looked at."""
        pieces: list[Piece] = []
        for grain in ("d", "w"):
            wanted = [(i, stretch) for i, (_, stretches) in enumerate(plan) for stretch in stretches if stretch.grain == grain]
            if wanted:
                sheet = self.shelves[subject, dimension, grain]
                low, high = sheet.bounds(ids, [stretch for _, stretch in wanted])
                pieces.append(Piece(sheet, np.array([i for i, _ in wanted]), low, high))
        pile = Pile(pieces, len(plan), self.layout)
        return [Totals(Parts(pile, i, self.layout)) for i in range(len(plan))]

    def days(self, shelf: Shelf, ids: Sequence[int], stretch: Stretch) -> list[tuple[date, Totals]]:
        """The totals of each day that has a row."""
        sheet = self.shelves[shelf]
        [low], [high] = sheet.bounds(ids, [stretch])
        rows = np.concatenate([np.arange(a, b) for a, b in zip(low, high, strict=True)]) if len(low) else np.zeros(0, dtype=np.int64)
        days, place = np.unique(sheet.keys[rows] % STRIDE, return_inverse=True)
        pile = Pile([Piece(sheet, place, rows[:, None], rows[:, None] + 1)], len(days), self.layout)
        return [(date.fromordinal(int(day)), Totals(Parts(pile, i, self.layout))) for i, day in enumerate(days)]


def _wanted(seen: NDArray[np.bool_], asked: frozenset[str] | None, table: SlotTable) -> NDArray[np.bool_]:
    """Of the slots that occur, those of the measures asked for."""
    if asked is None:
        return seen
    wanted = np.zeros(SLOTS, dtype=bool)
    wanted[[slot for slot in np.flatnonzero(seen).tolist() if table[slot][0] in asked]] = True
    return wanted


class Sheet:
    """The rows of one shelf as a matrix with running sums, found by member and day."""

    def __init__(self, rows: list[Row], pairs: NDArray[np.void], wanted: NDArray[np.bool_], place: Places, width: int) -> None:
        sizes = np.fromiter((len(row[2]) // PAIR.itemsize for row in rows), dtype=np.int64, count=len(rows))
        owners, keep = np.repeat(np.arange(len(rows)), sizes), wanted[pairs["slot"]]
        self.table = np.zeros((len(rows), width))
        self.table[owners[keep], place[pairs["slot"][keep]]] = pairs["value"][keep]
        self.running = np.zeros((len(rows) + 1, width))
        np.cumsum(self.table, axis=0, out=self.running[1:])
        self.members = {member: i for i, member in enumerate(dict.fromkeys(row[0] for row in rows))}
        keys = (self.members[row[0]] * STRIDE + row[1].toordinal() for row in rows)
        self.keys = np.fromiter(keys, dtype=np.int64, count=len(rows))

    def bounds(self, ids: Sequence[int], stretches: Sequence[Stretch]) -> tuple[Places, Places]:
        """First and one-past-last row of each member within each stretch: shape (stretches, members)."""
        known = np.array([self.members[i] for i in ids if i in self.members], dtype=np.int64) * STRIDE
        starts = np.array([stretch.start.toordinal() for stretch in stretches], dtype=np.int64)
        ends = np.array([stretch.end.toordinal() for stretch in stretches], dtype=np.int64)
        low: Places = np.searchsorted(self.keys, known[None, :] + starts[:, None])
        high: Places = np.searchsorted(self.keys, known[None, :] + ends[:, None])
        return low, high


@dataclass(frozen=True)
class Piece:
    """Rows of one sheet: for each stretch the block it belongs to, and its first and one-past-last rows (stretches x members)."""

    sheet: Sheet
    block: Places
    low: Places
    high: Places


class Pile:
    """The blocks of one request as a matrix (blocks x columns), made when first asked for."""

    def __init__(self, pieces: Sequence[Piece], count: int, layout: Layout) -> None:
        self.pieces, self.count, self.layout = pieces, count, layout

    @cached_property
    def sums(self) -> Vector:
        found = np.zeros((self.count, self.layout.width))
        for piece in self.pieces:
            np.add.at(found, piece.block, (piece.sheet.running[piece.high] - piece.sheet.running[piece.low]).sum(axis=1))
        return found

    def highest(self, block: int) -> Vector:
        """The highest row of any member: for a count of people, never more than the true number of the group."""
        spans = [
            piece.sheet.table[a:b]
            for piece in self.pieces
            for i in np.flatnonzero(piece.block == block)
            for a, b in zip(piece.low[i], piece.high[i], strict=True)
            if b > a
        ]
        return np.max([span.max(axis=0) for span in spans], axis=0) if spans else np.zeros(self.layout.width)


class Layout:
    """Which column holds which part of which measure and stratum."""

    def __init__(self, slots: Sequence[int], table: SlotTable, asked: frozenset[str] | None = None) -> None:
        self.asked = asked
        self.measures = registry.measures()
        self.scales = {key: measure.scale for key, measure in self.measures.items()}
        self.columns: dict[str, dict[Stratum | None, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
        self.width = len(slots)
        for column, slot in enumerate(slots):
            key, part, stratum = table[slot]
            self.columns[key][stratum][part] = column
        self.all = {key: _joined(strata.values()) for key, strata in self.columns.items()}

    def check(self, key: str) -> None:
        if self.asked is not None and key not in self.asked:
            raise NotAsked(f"“{key}” was not read: name it among the measures of the metric")


def _joined(strata: Iterable[dict[str, int]]) -> dict[str, list[int]]:
    """The columns of every part over all strata."""
    joined: dict[str, list[int]] = {"n": [], "s": [], "q": []}
    for columns in strata:
        for part, column in columns.items():
            joined[part].append(column)
    return joined


class Parts(Mapping[str, Mapping["Stratum | None", Total]]):
    """{measure key: {stratum: Total}} over some rows, added up and unpacked only where asked."""

    def __init__(self, pile: Pile, block: int, layout: Layout) -> None:
        self.pile, self.block, self.layout = pile, block, layout

    @property
    def vector(self) -> Vector:
        found: Vector = self.pile.sums[self.block]
        return found

    @cached_property
    def highest(self) -> Vector:
        return self.pile.highest(self.block)

    def __getitem__(self, key: str) -> Mapping[Stratum | None, Total]:
        measure = self.layout.measures.get(key)
        scale = self.layout.scales.get(key, 1)
        vector = self.highest if measure and measure.peak else self.vector
        found: dict[Stratum | None, Total] = {}
        for stratum, columns in self.layout.columns[key].items():
            n = vector[columns["n"]] if "n" in columns else 0.0
            if n:
                total = float(vector[columns["s"]]) / scale if "s" in columns else float(n)
                squares = float(vector[columns["q"]]) / scale**2 if "q" in columns else 0.0
                found[stratum] = Total(int(n), total, squares)
        return found

    def whole(self, key: str) -> Total:
        """The total over all strata, without a look at each."""
        self.layout.check(key)
        columns = self.layout.all.get(key)
        if columns is None:
            return NOTHING
        measure = self.layout.measures.get(key)
        vector = self.highest if measure and measure.peak else self.vector
        n, scale = vector[columns["n"]].sum(), self.layout.scales.get(key, 1)
        if not n:
            return NOTHING
        total = float(vector[columns["s"]].sum()) / scale if columns["s"] else float(n)
        return Total(int(n), total, float(vector[columns["q"]].sum()) / scale**2 if columns["q"] else 0.0)

    def __iter__(self) -> Iterator[str]:
        return iter(self.layout.columns)

    def __len__(self) -> int:
        return len(self.layout.columns)

    def __contains__(self, key: object) -> bool:
        return key in self.layout.columns

    def get(self, key: str, default: object = None) -> Mapping[Stratum | None, Total]:  # type: ignore[override, unused-ignore]
        self.layout.check(key)
        return self[key] if key in self.layout.columns else default  # type: ignore[return-value, unused-ignore]
