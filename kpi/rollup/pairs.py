"""The packed vectors of many rows as two long arrays, so that a difference is added to all of them at once.

A cell is row * 65 536 + slot, where a row is the place of its key in a list; cells are in order. Only the pairs that change are
looked for; the others are moved as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kpi.packing import PAIR
from kpi.rollup.vectors import ROW, Long

WIDTH = 65_536  # slots are uint16
EXACT = 2.0**53  # below, sums of whole numbers are exact
Cells = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """Cells in order, and what stands in them."""

    cell: Cells
    value: Numbers


def unpacked(vectors: Sequence[bytes | None]) -> Pairs:
    """The stored vectors, one for each row; None where a row is not stored yet."""
    data = [vector or b"" for vector in vectors]
    sizes = np.fromiter((len(vector) // PAIR.itemsize for vector in data), dtype=np.int64, count=len(data))
    pairs = np.frombuffer(b"".join(data), dtype=PAIR)
    return Pairs(np.repeat(np.arange(len(data)) * WIDTH, sizes) + pairs["slot"], pairs["value"].astype(np.float64))


def packed(pairs: Pairs, rows: int) -> list[bytes]:
    """One vector for each row, empty where a row has no pair."""
    laid = np.empty(len(pairs.cell), dtype=PAIR)
    laid["slot"], laid["value"] = pairs.cell % WIDTH, pairs.value
    data, ends = laid.tobytes(), np.searchsorted(pairs.cell, np.arange(rows + 1) * WIDTH) * PAIR.itemsize
    return [data[start:end] for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]


def of_rows(long: Long, rows: pl.DataFrame) -> Pairs:
    """Long totals as pairs of `rows` (the columns of ROW, in the order in which they are counted); one that is there twice is added up."""
    placed = long.join(rows.with_row_index("_row"), on=ROW)
    cell = placed["_row"].to_numpy().astype(np.int64) * WIDTH + placed["slot"].to_numpy()
    order = np.argsort(cell, kind="stable")
    if not len(order):
        return Pairs(cell, np.zeros(0))
    ordered = cell[order]
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return Pairs(ordered[first], np.add.reduceat(placed["value"].to_numpy()[order], first))


def combined(stored: Pairs, change: Pairs, how: Callable[[Numbers, Numbers], Numbers]) -> Pairs:
    """`how` (np.add, np.maximum) where both have the cell, the change where it is new."""
    place = np.searchsorted(stored.cell, change.cell)
    inside = place < len(stored.cell)
    known = inside.copy()
    known[inside] = stored.cell[place[inside]] == change.cell[inside]
    value = stored.value.copy()
    value[place[known]] = how(value[place[known]], change.value[known])
    if known.all():
        return Pairs(stored.cell, value)
    new = ~known
    return Pairs(np.insert(stored.cell, place[new], change.cell[new]), np.insert(value, place[new], change.value[new]))


def alive(pairs: Pairs, counts: Mapping[int, int]) -> Pairs:
    """Without the parts of measures nothing is counted in any more, and without slots no definition asks for.
    `counts`: slot to the slot of its count."""
    count_of = np.full(WIDTH, -1, dtype=np.int64)
    count_of[list(counts)] = list(counts.values())
    slot = pairs.cell % WIDTH
    owner = count_of[slot]
    dead = pairs.cell[(owner == slot) & (pairs.value == 0)]
    kept = owner >= 0
    if len(dead):
        kept &= ~np.isin(pairs.cell - slot + owner, dead)
    return pairs if kept.all() else Pairs(pairs.cell[kept], pairs.value[kept])


def inexact(change: Pairs, after: Pairs) -> NDArray[np.int64]:
    """The rows with a sum so large that adding a difference to it need not give what adding everything up gives."""
    value = after.value[np.searchsorted(after.cell, change.cell)]
    large = np.maximum(np.abs(value), np.maximum(np.abs(change.value), np.abs(value - change.value))) > EXACT
    return np.unique(change.cell[large] // WIDTH)
