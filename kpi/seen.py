"""What of people's wellbeing an answer shows while it is made: noted where it is built, written by kpi/looks.py. Never a number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from kpi.metric import Period
from kpi.question import Scope


@dataclass(frozen=True)
class Seen:
    """About whom, in words and by id; the period; the closing day of the wave where a figure of one is shown."""

    title: str
    scope: Scope
    period: Period
    wave: date | None = None


_noted: ContextVar[list[Seen] | None] = ContextVar("seen", default=None)


@contextmanager
def watching() -> Iterator[list[Seen]]:
    """Everything noted inside."""
    found: list[Seen] = []
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


def note(seen: Seen) -> None:
    """Nothing where nobody watches: a night, a command."""
    found = _noted.get()
    if found is not None and seen not in found:
        found.append(seen)
