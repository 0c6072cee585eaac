"""Blocks of totals as arrays, for metrics that resample weeks. Fast where the blocks were read together (kpi/piles.py)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kpi.blocks import Blocks
from kpi.metric import Measure, Stratum, Total, Totals

Array = NDArray[np.float64]
Key = Stratum | None


class Table(NamedTuple):
    """n and sum of one measure: blocks x strata; zero where nothing is known."""

    strata: tuple[Key, ...]
    n: Array
    sum: Array


def tables(blocks: Sequence[Totals], measures: Sequence[Measure]) -> list[Table]:
    """One table per measure over the same blocks."""
    piles = {id(pile): pile for block in blocks if (pile := getattr(block.parts, "pile", None)) is not None}
    if len(piles) == 1 and all(hasattr(block.parts, "block") for block in blocks):
        [pile] = piles.values()
        stacked = pile.sums[[block.parts.block for block in blocks]]  # type: ignore[attr-defined]
        return [_packed(stacked, pile.layout, measure.key) for measure in measures]
    return [_plain(blocks, measure) for measure in measures]


def tables_at(blocks: Sequence[tuple[date, Totals]], places: Sequence[int], measures: Sequence[Measure]) -> list[Table]:
    """One table per measure over these blocks of a window."""
    pile = getattr(blocks, "pile", None)
    if pile is None:
        return tables([blocks[place][1] for place in places], measures)
    stacked = pile.sums if len(places) == len(blocks) else pile.sums[list(places)]
    return [_packed(stacked, pile.layout, measure.key) for measure in measures]


def starts_of(blocks: Sequence[tuple[date, Totals]]) -> tuple[date, ...]:
    """The first days of the blocks of a window; none of them is made for it."""
    return blocks.starts if isinstance(blocks, Blocks) else tuple(first for first, _ in blocks)


def _plain(blocks: Sequence[Totals], measure: Measure) -> Table:
    rows = [block.parts.get(measure.key) or {} for block in blocks]
    strata = tuple(dict.fromkeys(stratum for row in rows for stratum in row))
    totals = [[row.get(stratum, Total()) for stratum in strata] for row in rows]
    shape = (len(blocks), len(strata))
    n, sums = ([[getattr(total, name) for total in row] for row in totals] for name in ("n", "sum"))
    return Table(strata, np.array(n, dtype=float).reshape(shape), np.array(sums, dtype=float).reshape(shape))


def _packed(vectors: Array, layout: Any, key: str) -> Table:
    """Straight from the vectors the blocks are views of."""
    strata, counts, sums, scales = _places(layout, key)
    return Table(strata, vectors[:, counts], vectors[:, sums] / scales)


@lru_cache(maxsize=256)
def _places(layout: Any, key: str) -> tuple[tuple[Key, ...], list[int], list[int], Array]:
    """Where a measure stands in the vectors of one reading. A missing sum means that every record counts one."""
    layout.check(key)
    columns = {stratum: parts for stratum, parts in layout.columns.get(key, {}).items() if "n" in parts}
    scales = np.array([float(layout.scales.get(key, 1)) if "s" in parts else 1.0 for parts in columns.values()])
    return tuple(columns), [parts["n"] for parts in columns.values()], [parts.get("s", parts["n"]) for parts in columns.values()], scales
