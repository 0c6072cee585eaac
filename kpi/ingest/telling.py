"""An import in words, for whoever started it at a keyboard."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TextIO
from unicodedata import category

from kpi.ingest.outcome import BadRow, Outcome, Progress
from kpi.ingest.reject import as_json
from kpi.ingest.saying import NEW, SEEN
from kpi.reading import found_in_words

EVERY = 5.0  # seconds between two lines where the output is no terminal
REDRAW = 0.1
WIDTH = 24
NAMED = 10  # rejected rows printed
TWICE = (SEEN[1], NEW[1])  # sentences that systems get as text


@dataclass
class Bar:
    """Rows, rows per second and time left: a bar in a terminal, a line now and then elsewhere."""

    out: TextIO
    started: float = field(default_factory=time.monotonic)
    told: float = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        terminal = self.out.isatty()
        pause = REDRAW if terminal else EVERY
        if now - max(self.told, self.started) < pause and progress.phase == "reading":
            return
        self.told = now
        text = self._text(progress, max(now - self.started, 1e-6))
        self.out.write(f"\r\x1b[K{text}" if terminal else f"{text}\n")
        self.out.flush()

    def _text(self, progress: Progress, seconds: float) -> str:
        speed = f"{progress.rows:,} rows, {progress.rows / seconds:,.0f} rows/s"
        if progress.phase != "reading":
            return f"storing: {speed}"
        done = round(progress.share * WIDTH)
        left = seconds * (1 - progress.share) / progress.share if progress.share else 0
        bar = "#" * done + "." * (WIDTH - done)
        return f"reading [{bar}] {progress.share:4.0%} {speed}, {left:,.0f} s left"

    def close(self) -> None:
        if self.out.isatty() and self.told:
            self.out.write("\r\x1b[K")
            self.out.flush()


def visible(text: str) -> str:
    """For a terminal: what would move its cursor or ring its bell is written out."""
    return "".join(
        f"\\x{ord(sign):02x}" if category(sign) == "Cc" else f"\\u{ord(sign):04x}" if category(sign) == "Cf" else sign for sign in text
    )


def as_object(outcome: Outcome) -> dict[str, Any]:
    """The one object `--json` prints."""
    return {
        "state": outcome.state,
        "message": outcome.message,
        "run": outcome.run,
        "fates": vars(outcome.fates),
        "rejected": as_json(outcome.rejected),
        "facts": {name: fact for name, fact in outcome.facts.items() if name not in TWICE},
    }


def as_text(outcome: Outcome, name: str) -> Iterator[str]:
    """A person reads this: every line has a fate, the first rejected ones are named."""
    title = {"preview": f"Preview of {name}: nothing was stored.", "done": f"Run {outcome.run}: {name} is stored."}
    yield title.get(outcome.state, outcome.message)
    fates = outcome.fates
    yield (
        f"{fates.lines:,} lines = {fates.new:,} new + {fates.changed:,} changed + {fates.unchanged:,} unchanged "
        f"+ {fates.repeated:,} repeated + {fates.rejected:,} rejected"
        + (f" + {fates.joined:,} joined to another line" if fates.joined else "")
    )
    for key, also in outcome.facts.get("also", {}).items():
        yield f"also {key}: " + ", ".join(f"{count:,} {fate}" for fate, count in also.items() if isinstance(count, int))
    yield from (f"{what.replace('_', ' ')}: {why}" for what, why in outcome.facts.get("evidence", {}).items())
    yield from outcome.facts.get("new_codes", ())
    yield from (text for row in outcome.rejected[:NAMED] for text in _wrong(row))
    if fates.rejected > NAMED:
        yield f"... and {fates.rejected - NAMED:,} more rejected lines."
    if fates.rejected and outcome.state != "preview":
        yield "All rejected rows, to be corrected and sent again: the same command with --rejected OUT.csv"


def _wrong(row: BadRow) -> Iterator[str]:
    for problem in row.problems:
        where = f"line {row.line}, column {problem['column']}" if problem["column"] else f"line {row.line}"
        yield f"{where}: {found_in_words(problem)}; expected {problem['expected']}"
