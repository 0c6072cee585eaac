"""Answers weighted to the contacts they stand for: post-stratification with merged cells and an effective sample (metrics.md A3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from kpi.metric import CONFIDENCE, Stratum
from kpi.uncertainty import wilson

CAP = 5.0
FEWEST_IN_CELL = 5


@dataclass(frozen=True)
class Cell:
    """Contacts, answers and satisfied answers of one cell."""

    contacts: float
    answers: float
    satisfied: float

    def __post_init__(self) -> None:
        if not 0 <= self.satisfied <= self.answers <= self.contacts:
            raise ValueError(f"satisfied <= answers <= contacts does not hold: {self.satisfied}, {self.answers}, {self.contacts}")

    def __add__(self, other: Cell) -> Cell:
        return Cell(self.contacts + other.contacts, self.answers + other.answers, self.satisfied + other.satisfied)


@dataclass(frozen=True)
class Weighted:
    """The raw and the weighted share with the effective sample (Kish) and the Wilson limits at it."""

    raw: float
    value: float
    n_eff: float
    low: float
    high: float


def weighted(cells: Sequence[Cell], cap: float = CAP, conf: float = CONFIDENCE) -> Weighted | None:
    """w = min(cap, (N_h/N)/(n_h/n)); None without any answer. A cell without answers stands for nobody: merge first."""
    n, total = sum(cell.answers for cell in cells), sum(cell.contacts for cell in cells)
    if n == 0:
        return None
    filled = [(min(cap, (cell.contacts / total) / (cell.answers / n)), cell) for cell in cells if cell.answers]
    mass = sum(w * cell.answers for w, cell in filled)
    value = min(1.0, sum(w * cell.satisfied for w, cell in filled) / mass)
    n_eff = mass**2 / sum(w * w * cell.answers for w, cell in filled)
    found = wilson(value * n_eff, n_eff, conf)
    return Weighted(sum(cell.satisfied for cell in cells) / n, value, n_eff, found.low, found.high)


# Which cells may be merged with each other at each stage: first intent groups, then AI or human, then channels.
STAGES: tuple[Callable[[Stratum], Hashable], ...] = (
    lambda stratum: (stratum.channel, stratum.machine_only),
    lambda stratum: stratum.channel,
    lambda stratum: None,
)


def merge(cells: Mapping[Stratum, Cell], fewest: int = FEWEST_IN_CELL) -> list[Cell]:
    """Cells of at least `fewest` answers each, or one cell in the end; a small cell joins its smallest neighbour."""
    open_cells = [(stratum, cell) for stratum, cell in sorted(cells.items(), key=lambda item: _order(item[0])) if cell.contacts]
    for stage in STAGES:
        groups: dict[Hashable, list[tuple[Stratum, Cell]]] = defaultdict(list)
        for stratum, cell in open_cells:
            groups[stage(stratum)].append((stratum, cell))
        open_cells = [item for group in groups.values() for item in _merge_within(group, fewest)]
    return [cell for _, cell in open_cells]


def _merge_within(group: list[tuple[Stratum, Cell]], fewest: int) -> list[tuple[Stratum, Cell]]:
    """The smallest joins the next smallest until none is too small; ties by name."""
    left = sorted(group, key=lambda item: (item[1].answers, _order(item[0])))
    while len(left) > 1 and left[0][1].answers < fewest:
        (_, first), (name, second), *rest = left
        left = sorted([(name, first + second), *rest], key=lambda item: (item[1].answers, _order(item[0])))
    return left


def _order(stratum: Stratum) -> tuple[str, bool, str]:
    return stratum.channel, stratum.machine_only, stratum.intent_group
