"""Totals of groups over stretches of days, from sheets laid out for adding up: all groups that ask for the same window at once.

Nothing is added before somebody looks at it, and then for all of them in a handful of numpy calls: a table of twenty teams costs
little more than a line of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kpi.metric import NOTHING, Stratum, Total, Totals
from kpi.shelves import Places, Sheet, Stretch, Vector

Ids = tuple[int, ...]
NOBODY: Ids = (-1,)  # no member has this number: its sums are zero


@dataclass(frozen=True, eq=False)
class Cut:
    """The stretches of one grain: `block` they belong to, first and end day as ordinals (stretches x 2)."""

    grain: str
    block: Places
    edges: Places
    each: bool  # every block of the plan has exactly one of them, in order
    once: bool  # no block has two: days at both ends of a window may
    chained: bool  # each begins where the one before ends


def cuts_of(plan: Sequence[Sequence[Stretch]]) -> tuple[Cut, ...]:
    """The stored rows that make up each block, by grain."""
    found = []
    for grain in ("d", "w"):
        wanted = [(i, stretch) for i, stretches in enumerate(plan) for stretch in stretches if stretch.grain == grain]
        if wanted:
            blocks = [i for i, _ in wanted]
            edges = np.array([(stretch.start.toordinal(), stretch.end.toordinal()) for _, stretch in wanted], dtype=np.int64)
            chained = bool((edges[1:, 0] == edges[:-1, 1]).all())
            found.append(Cut(grain, np.array(blocks), edges, blocks == list(range(len(plan))), len(set(blocks)) == len(blocks), chained))
    return tuple(found)


class Bundle:
    """One plan of blocks for several groups of members: everything is groups x blocks x columns. The sheets, by grain, share a layout."""

    def __init__(self, sheets: Mapping[str, Sheet], cuts: Sequence[Cut], count: int, groups: Sequence[Ids]) -> None:
        self.sheets, self.cuts, self.count = sheets, cuts, count
        self.layout = next(iter(sheets.values())).layout
        self.groups = [ids or NOBODY for ids in groups]
        self.ids = [member for ids in self.groups for member in ids]
        self.alone = len(self.ids) == len(self.groups)
        self.firsts = np.cumsum([0, *map(len, self.groups[:-1])])

    @cached_property
    def sums(self) -> Vector:
        if len(self.cuts) == 1 and self.cuts[0].each:
            return self._added(self.cuts[0])
        found = np.zeros((len(self.groups), self.count, self.layout.width))
        for cut in self.cuts:
            if cut.once:
                found[:, cut.block] += self._added(cut)
            else:
                np.add.at(found.swapaxes(0, 1), cut.block, self._added(cut).swapaxes(0, 1))
        return found

    def _added(self, cut: Cut) -> Vector:
        """Groups x stretches x columns."""
        sheet = self.sheets[cut.grain]
        if cut.chained:  # the end of one row is the beginning of the next: looked up once
            rows = sheet.running[sheet.places(self.ids, np.append(cut.edges[:, 0], cut.edges[-1, 1]))]
            found: Vector = rows[:, 1:] - rows[:, :-1]
        else:
            low, high = (sheet.places(self.ids, cut.edges[:, side]) for side in (0, 1))
            found = sheet.running[high] - sheet.running[low]
        return found if self.alone else np.add.reduceat(found, self.firsts, axis=0)

    @cached_property
    def wholes(self) -> list[list[float]]:
        """Groups x sums over strata, of a plan of one block."""
        found: list[list[float]] = np.add.reduceat(self.sums[:, 0], self.layout.starts, axis=1).tolist()
        return found

    @cached_property
    def highest(self) -> Vector:
        """Groups x blocks x peaks: the highest row of any member. For a count of people, never more than the true number of the group."""
        found = np.zeros((len(self.groups), self.count, len(self.layout.peaks)))
        for cut in self.cuts:
            sheet = self.sheets[cut.grain]
            rows = sheet.highest(*(sheet.places(self.ids, cut.edges[:, side]) for side in (0, 1)))
            rows = rows if self.alone else np.maximum.reduceat(rows, self.firsts, axis=0)
            np.maximum.at(found.swapaxes(0, 1), cut.block, rows.swapaxes(0, 1))
        return found


class Pile:
    """The blocks of one group of a bundle, as a matrix (blocks x columns)."""

    def __init__(self, bundle: Bundle, place: int) -> None:
        self.bundle, self.place, self.layout = bundle, place, bundle.layout

    @property
    def sums(self) -> Vector:
        found: Vector = self.bundle.sums[self.place]
        return found

    @property
    def highest(self) -> Vector:
        found: Vector = self.bundle.highest[self.place]
        return found

    def wholes(self, block: int) -> list[float]:
        """The sums of one block added up over strata, in the order of Layout.wholes."""
        if self.bundle.count == 1:
            return self.bundle.wholes[self.place]
        found: list[float] = np.add.reduceat(self.sums[block], self.layout.starts).tolist()
        return found

    def counts(self, key: str) -> list[int]:
        """Of each block, of a measure that keeps its peak; without strata."""
        columns = self.layout.columns.get(key, {}).get(None, {})
        if "n" not in columns:
            return [0] * self.bundle.count
        return [int(value) for value in self.highest[:, self.layout.peak_at[columns["n"]]].tolist()]

    def fewest(self, key: str) -> int:
        """The smallest of the blocks that have any; 0 where none has."""
        return min(filter(None, self.counts(key)), default=0)


class Parts(Mapping[str, Mapping["Stratum | None", Total]]):
    """{measure key: {stratum: Total}} of one block, unpacked only where asked."""

    def __init__(self, pile: Pile, block: int) -> None:
        self.pile, self.block, self.layout = pile, block, pile.layout

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
        found: list[float] = self.pile.sums[self.block].tolist()
        return found

    @cached_property
    def _wholes(self) -> list[float]:
        return self.pile.wholes(self.block)

    def whole(self, key: str) -> Total:
        """The total over all strata, without a look at each."""
        places = self.layout.sums_at.get(key)
        if places is None:
            self.layout.check(key)
            return sum(self[key].values(), NOTHING) if key in self.layout.columns else NOTHING
        at, total, squares, scale = places
        sums = self._wholes
        n = sums[at]
        if not n:
            return NOTHING
        return Total(int(n), n if total is None else sums[total] / scale, 0.0 if squares is None else sums[squares] / scale**2)

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


def totals_at(pile: Pile, block: int) -> Totals:
    return Totals(Parts(pile, block))
