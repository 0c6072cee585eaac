"""Packed rows come back as they went in, and add up."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kpi.packing import add_up, pack, unpack

ROWS = st.dictionaries(st.integers(0, 300), st.integers(0, 10**9).map(float), max_size=8)


@given(ROWS)
def test_packing_loses_nothing(row: dict[int, float]) -> None:
    assert unpack(pack(row)) == row


@given(st.lists(ROWS, min_size=1, max_size=6))
def test_any_partition_adds_up_to_the_whole(rows: list[dict[int, float]]) -> None:
    packed = [pack(row) for row in rows]
    slots, whole = add_up(packed, [0] * len(rows), 1)
    _, parts = add_up(packed, list(range(len(rows))), len(rows))
    assert np.array_equal(np.nansum(parts, axis=0), whole[0])
    assert set(slots.tolist()) == {slot for row in rows for slot in row}


def test_a_peak_keeps_the_highest() -> None:
    _, table = add_up([pack({1: 3.0, 2: 3.0}), pack({1: 5.0, 2: 5.0})], [0, 0], 1, peaks=[2])
    assert table.tolist() == [[8.0, 5.0]]
