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
