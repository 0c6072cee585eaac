"""What an import says while it runs and when it is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kpi.source import Fates

NOTHING = Fates()
SHOWN = 100  # rejected rows carried by an outcome; all of them are kept with the run


@dataclass(frozen=True)
class Progress:
    """How far an import is: rows read, and the share of the file's bytes they are."""

    phase: str  # "reading" or "storing"
    rows: int
    share: float


@dataclass(frozen=True)
class BadRow:
    """One rejected line with everything that is wrong with it."""

    line: int
    problems: tuple[Mapping[str, str], ...]  # column, found, problem, expected
    row: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """`state`: done, failed, taken (another worker has it), same (the file was imported before),
    running (its run is not over), queued, preview."""

    state: str
    message: str
    fates: Fates = NOTHING
    run: int | None = None
    rejected: tuple[BadRow, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    shown: Mapping[int, str] = field(default_factory=dict)  # of a preview, where asked for: the fate of the first lines

    @property
    def stored(self) -> bool:
        return self.state in {"done", "same", "preview"}


Report = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Nobody is watching."""
