"""What an outsider can learn of one hidden cell from totals and open cells, knowing that counts are not negative (metrics.md C4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from kpi.anonymity.table import Cell

EXACT = 1e-6  # of a count


@dataclass(frozen=True)
class Feasible:
    """The least and the most the cell can be; `exact` when that is the same."""

    low: float
    high: float

    @property
    def exact(self) -> bool:
        return self.high - self.low < EXACT


def audit_2d(cells: Sequence[Sequence[float | None]], row_totals: Sequence[float], col_totals: Sequence[float], target: Cell) -> Feasible:
    """`cells` with None where hidden. ValueError when no table has these cells and totals."""
    if len(cells) != len(row_totals) or any(len(row) != len(col_totals) for row in cells):
        raise ValueError(f"{len(row_totals)} row totals and {len(col_totals)} column totals need a table of that shape")
    shown = cells[target[0]][target[1]]
    if shown is not None:
        return Feasible(shown, shown)
    hidden = [(row, column) for row, counts in enumerate(cells) for column, n in enumerate(counts) if n is None]
    sums, left = _equations(cells, row_totals, col_totals, hidden)
    aim = np.zeros(len(hidden))
    aim[hidden.index(target)] = 1
    return Feasible(_extreme(aim, sums, left, 1), _extreme(aim, sums, left, -1))


def _equations(
    cells: Sequence[Sequence[float | None]], row_totals: Sequence[float], col_totals: Sequence[float], hidden: list[Cell]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each total less its open cells is the sum of its hidden ones."""
    rows, sums = len(row_totals), np.zeros((len(row_totals) + len(col_totals), len(hidden)))
    for place, (row, column) in enumerate(hidden):
        sums[row, place] = sums[rows + column, place] = 1
    shown = np.array([[n or 0.0 for n in row] for row in cells])
    return sums, np.concatenate([np.asarray(row_totals) - shown.sum(axis=1), np.asarray(col_totals) - shown.sum(axis=0)])


def _extreme(aim: NDArray[np.float64], sums: NDArray[np.float64], left: NDArray[np.float64], sign: int) -> float:
    found = linprog(sign * aim, A_eq=sums, b_eq=left, bounds=(0, None), method="highs")
    if not found.success or found.fun is None:
        raise ValueError("no table of counts has these cells and totals: they do not add up")
    value = float(sign * found.fun)
    return float(round(value)) if abs(value - round(value)) < EXACT else value
