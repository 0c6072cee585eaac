"""What an alert is made of: a rule about a pair, what one evaluation says, and the states. Plain types and one pure step.

A rule always names a saving or another figure of efficiency and the companions it is read beside: none speaks of one alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kpi.result import Column, Panel, Result

if TYPE_CHECKING:
    from datetime import date

    from django.utils.functional import _StrPromise as Text
else:
    Text = str


class Said(StrEnum):
    """One evaluation. `unknown`: something it needs is not shown; it neither raises an alert nor ends one."""

    FIRES = "fires"
    QUIET = "quiet"
    UNKNOWN = "unknown"


class State(StrEnum):
    """ok → firing → acknowledged → ok."""

    OK = "ok"
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True)
class Sight:
    """All a rule may look at, for one unit: its panel, the four of the period compared with, and the figures it names."""

    panel: Panel
    before: tuple[Result, ...] = ()
    figures: Mapping[str, Column] | None = None

    def column(self, metric: str) -> Column | None:
        """A figure and its change, by the key of its metric."""
        four = {column.result.metric: column for column in self.panel.columns}
        return four.get(metric) or (self.figures or {}).get(metric)

    def earlier(self, metric: str) -> Result | None:
        return next((result for result in self.before if result.metric == metric), None)


@dataclass(frozen=True)
class Rule:
    """One file each, found by folder (<app>/alerts). `label` and `words` hold no figure: the panel stands beside them."""

    key: str  # equals the file name
    label: Text | str
    words: Text | str  # what it means, and what to look at first
    figure: str  # the saving, or the figure of efficiency
    companions: tuple[str, ...]  # what it may have cost: never empty
    judge: Callable[[Sight], Said]
    page: str = ""  # key of the page on which more is told


@dataclass(frozen=True)
class Memory:
    """What is known of an alert between two nights."""

    state: State = State.OK
    said: Said = Said.UNKNOWN
    said_before: Said = Said.UNKNOWN
    as_of: date | None = None


def evaluated(memory: Memory, said: Said, as_of: date) -> Memory:
    """After one more evaluation. Two in a row that say the same, of different days of data, change the state; a second look at
    the same data replaces the first, so that a night that runs twice counts once."""
    said_before = memory.said_before if memory.as_of == as_of else memory.said
    state = memory.state
    if said is said_before is Said.FIRES and state is State.OK:
        state = State.FIRING
    elif said is said_before is Said.QUIET:
        state = State.OK
    return Memory(state, said, said_before, as_of)


def acknowledged(state: State) -> State | None:
    """The state after somebody took it on; None where there is nothing to take on."""
    return State.ACKNOWLEDGED if state is State.FIRING else None
