"""The blocks of a window as a metric is handed them: first day and totals of each, made when somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import Any, overload

from kpi.metric import Totals

Block = tuple[date, Totals]


class Blocks(Sequence[Block]):
    """`starts` are there at once, totals when they are looked at. With room for what was worked out from them (`made`): several
    estimates are handed the same. `pile` are the sums of all blocks as one matrix, where they were added up together; `asked` is what
    was asked for, the same for the same rows of one version of the data."""

    def __init__(self, starts: Sequence[date], totals: Callable[[int], Totals], pile: Any = None, asked: Hashable = None) -> None:
        self.starts, self.pile, self.asked = tuple(starts), pile, asked
        self.made: dict[Any, Any] = {}
        self._totals, self._found = totals, dict[int, Block]()

    @overload
    def __getitem__(self, place: int) -> Block: ...

    @overload
    def __getitem__(self, place: slice) -> list[Block]: ...

    def __getitem__(self, place: int | slice) -> Block | list[Block]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        at = range(len(self.starts))[place]
        if at not in self._found:
            self._found[at] = (self.starts[at], self._totals(at))
        return self._found[at]

    def __len__(self) -> int:
        return len(self.starts)
