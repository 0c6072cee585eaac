"""A row of totals as one packed vector: pairs of a slot and its value, sorted by slot.

A new measure gets a new slot and needs no migration; what a day does not have takes no room.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

PAIR = np.dtype([("slot", "<u2"), ("value", "<f8")])


def pack(values: Mapping[int, float]) -> bytes:
    """{slot: value} to bytes; zeros are kept, a slot that is absent was not measured."""
    pairs = np.array(sorted(values.items()), dtype=PAIR)
    return pairs.tobytes()


def unpack(data: bytes | memoryview) -> dict[int, float]:
    pairs = np.frombuffer(data, dtype=PAIR)
    return dict(zip(pairs["slot"].tolist(), pairs["value"].tolist(), strict=True))


def add_up(
    rows: Sequence[bytes | memoryview], groups: Sequence[int], count: int, peaks: Iterable[int] = ()
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Sum packed rows by group: (slots that occur, matrix of shape (count, slots)); NaN where a group has no such slot.

    `peaks` are slots whose highest value counts instead of their sum.
    """
    sizes = np.fromiter((len(row) // PAIR.itemsize for row in rows), dtype=np.int64, count=len(rows))
    pairs = np.frombuffer(b"".join(rows), dtype=PAIR)
    seen = np.zeros(65_536, dtype=bool)
    seen[pairs["slot"]] = True
    slots, place = np.flatnonzero(seen), (np.cumsum(seen) - 1)[pairs["slot"]]  # a look-up table: sorting would cost most of the time
    if not len(slots):
        return slots.astype(np.int64), np.zeros((count, 0))
    cell = np.repeat(np.asarray(groups, dtype=np.int64), sizes) * len(slots) + place
    size = count * len(slots)
    sums = np.bincount(cell, weights=pairs["value"], minlength=size)
    sums[np.bincount(cell, minlength=size) == 0] = np.nan
    table: NDArray[np.float64] = sums.astype(np.float64).reshape(count, len(slots))
    wanted = np.isin(slots, np.fromiter(peaks, dtype=np.int64))
    if wanted.any():
        highest = np.full(size, -np.inf)
        np.maximum.at(highest, cell, pairs["value"])
        table[:, wanted] = np.where(np.isnan(table[:, wanted]), np.nan, highest.reshape(table.shape)[:, wanted])
    return np.asarray(slots, dtype=np.int64), table
