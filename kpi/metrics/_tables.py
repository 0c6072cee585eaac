"""Blocks of totals as arrays, for metrics that resample weeks. Fast where the blocks were read together (kpi/totals.py)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kpi.metric import Measure, Stratum, Total, Totals

Array = NDArray[np.float64]
Key = Stratum | None


def table(blocks: Sequence[Totals], measure: Measure) -> tuple[list[Key], Array]:
    """(strata, array of blocks x strata x (n, sum)); strata in which nothing is known are zero."""
    layouts = {id(getattr(block.parts, "layout", None)) for block in blocks}
    if len(layouts) == 1 and getattr(blocks[0].parts, "layout", None) is not None:
        return _packed(blocks, measure)
    rows = [block.parts.get(measure.key) or {} for block in blocks]
    strata = list(dict.fromkeys(stratum for row in rows for stratum in row))
    found = np.zeros((len(blocks), len(strata), 2))
    for place, row in enumerate(rows):
        for column, stratum in enumerate(strata):
            total = row.get(stratum, Total())
            found[place, column] = total.n, total.sum
    return strata, found


def _packed(blocks: Sequence[Totals], measure: Measure) -> tuple[list[Key], Array]:
    """Straight from the vectors the blocks are views of: a missing sum means that every record counts one."""
    layout = blocks[0].parts.layout  # type: ignore[attr-defined]
    columns = {stratum: parts for stratum, parts in layout.columns.get(measure.key, {}).items() if "n" in parts}
    counts = [parts["n"] for parts in columns.values()]
    sums = [parts.get("s", parts["n"]) for parts in columns.values()]
    scales = np.array([layout.scales.get(measure.key, 1) if "s" in parts else 1.0 for parts in columns.values()])
    vectors = np.stack([block.parts.vector for block in blocks])  # type: ignore[attr-defined]
    return list(columns), np.stack([vectors[:, counts], vectors[:, sums] / scales], axis=2)
