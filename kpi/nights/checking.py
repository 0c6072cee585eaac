"""The nightly comparison of every total with a recomputation: how many differ, and on which days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from kpi.recompute.compare import Difference

WEEK = 7


@dataclass
class Tally:
    """Differences as they were counted. `days` are those a figure should not be believed on: {subject: (first, last)}, "" for all."""

    shown: int = 0
    count: int = 0
    first: list[Difference] = field(default_factory=list)
    days: dict[str, tuple[date, date]] = field(default_factory=dict)

    def add(self, item: Difference) -> None:
        self.count += 1
        if len(self.first) < self.shown:
            self.first.append(item)
        start, end = self.days.get(item.subject, (date.max, date.min))
        last = item.start + timedelta(WEEK - 1 if item.grain == "week" else 0) if item.start else date.max
        self.days[item.subject] = min(start, item.start or date.min), max(end, last)

    def as_json(self) -> dict[str, list[str]]:
        return {subject: [first.isoformat(), last.isoformat()] for subject, (first, last) in self.days.items()}


def tally(found: Iterable[Difference], shown: int = 0) -> Tally:
    """All of them, of which the first are kept to be shown. A difference that names no day concerns every day."""
    made = Tally(shown)
    for item in found:
        made.add(item)
    return made
