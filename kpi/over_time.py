"""What time does to a number: it may be restated after it was published, and a series has limits. Plain types.

metrics.md G3 and G5. Made only by kpi/history.py, for numbers that already passed the panel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Restated:
    """A published value turned out differently (G5). Values in the unit of the metric; None where none is repeated."""

    action: str  # update_marked_revised, restate_with_notice, series_break
    on: date  # the day on which the new value was published
    old: float | None
    new: float | None
    reason: str  # in words
    text: str  # old and new value, date and reason, in a sentence
    brief: str = ""  # for a narrow place: what it was


@dataclass(frozen=True)
class Signal:
    """A point of the trend that completes one (G3): r1 outside the limits, r2 eight on one side, r3 six rising or falling."""

    index: int  # of the trend
    rules: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Control:
    """The control chart of one family, point by point of the trend; None where a point is no part of it. Unit of the metric."""

    metric: str
    chart: str  # xmr, p, laney; none where there is no chart, for the reason in `text`
    text: str  # mean, limits and signals in words, or why there is no chart
    centre: float | None = None
    lower: tuple[float | None, ...] = ()
    upper: tuple[float | None, ...] = ()
    signals: tuple[Signal, ...] = ()

    def signal_at(self, index: int) -> str:
        """What the point signals, in words; empty where nothing."""
        return next((signal.text for signal in self.signals if signal.index == index), "")
