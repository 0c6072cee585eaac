"""What stands in each column of a file nobody knows yet: how many cells are filled, what they look like, which words there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from django.utils.translation import gettext as _

from kpi.reading.limits import LIMITS
from kpi.reading.rows import open_rows
from kpi.source import Refused, Source

ROWS = 50_000
MANY = 40  # different words of a column that are listed
SAMPLE = 5000  # rows whose shape is looked at
MOSTLY = 0.9
NOTHING = (
    "-",
    "–",
    "—",
    "--",
    "?",
    "n/a",
    "N/A",
    "#N/A",
    "NA",
    "null",
    "NULL",
    "none",
    "None",
    "NONE",
    "[None]",
    "\\N",
    "k. A.",
    "k.A.",
    "nan",
    "NaN",
)
EXAMPLES, LONGEST = 3, 40
DATE = r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4})"
CLOCKED = r"[T ][0-9]{1,2}:[0-9]{2}"
SHAPES = {  # the first that nearly all cells have is what the column looks like
    "moment": rf"^{DATE}{CLOCKED}",
    "day": rf"^{DATE}$",
    "clock3": r"^[0-9]{1,4}:[0-5][0-9]:[0-5][0-9](?:[.,][0-9]+)?$",
    "clock2": r"^[0-9]{1,5}:[0-5][0-9]$",
    "half_day": r"^[0-9]{1,2}:[0-5][0-9](?::[0-5][0-9])? ?[AaPp]\.?[Mm]\.?$",
    "epoch_s": r"^1[0-9]{9}(?:[.,][0-9]{1,6})?$",  # from September 2001 to May 2033
    "epoch_ms": r"^1[0-9]{12}$",
    "whole": r"^-?[0-9]+$",
    "number": r"^-?[0-9]+[.,][0-9]+$|^-?[0-9]+$",
    "person": r"@|^\+?[0-9][0-9 ()/-]{6,}$",
}
TIMES = ("moment", "day")
EPOCHS = ("epoch_s", "epoch_ms")
NUMBERS = (*EPOCHS, "whole", "number")
CLOCKS = ("clock3", "clock2", "half_day")
OFFSET = r"[0-9](?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)$"
PERSONS_NAME = re.compile(
    r"name|mail|agent|user|kunde|customer|caller|anrufer|phone|telefon|rufnummer|nummer|number|ani|berater|mitarbeiter|person|contact|bearbeiter"
    r"|operator|employee|first|last|vor|nach|adresse|address|remote|bemerkung|kommentar|notiz|text|comment|note|remark|feedback|betreff|subject"
)


@dataclass
class Seen:
    """One column. `words` are the different cells with how often each stands there, None where there are too many."""

    name: str
    place: int
    filled: int = 0
    shapes: dict[str, int] = field(default_factory=dict)
    sampled: int = 0  # cells whose shape was looked at
    nothing: dict[str, int] = field(default_factory=dict)  # words that may stand for “nothing is known”, and how often
    words: dict[str, int] | None = field(default_factory=dict)
    longest: int = 0
    offsets: int = 0
    first: tuple[int, str] | None = None  # (line, text)

    @property
    def shape(self) -> str:
        """What nearly all filled cells look like: a key of SHAPES, “words” for few different ones, “text” otherwise, “empty”."""
        if not self.filled:
            return "empty"
        found = next((name for name in SHAPES if self._mostly(self.shapes.get(name, 0))), "")
        return found or ("words" if self.words is not None else "text")

    def _mostly(self, count: int) -> bool:
        """Of a few cells one may be otherwise."""
        return self.sampled > 0 and (count >= MOSTLY * self.sampled or (count > 1 and self.sampled - count <= 1))

    @property
    def may_be_persons(self) -> bool:
        """Cells of such a column are not shown: its name or its cells are like those of people, or it is free text."""
        if self.shape in (*TIMES, *CLOCKS):
            return False
        named = PERSONS_NAME.search(re.sub(r"[^a-zäöü]", "", self.name.lower()))
        return (
            bool(named) or self.shapes.get("person", 0) > 0 or self.longest > 4 * LONGEST or (self.words is None and self.shape == "text")
        )

    @property
    def examples(self) -> Sequence[str]:
        """A few different cells, in the order of the alphabet and so of no row; none where they may name somebody."""
        if self.may_be_persons:
            return ()
        return [text[:LONGEST] for text in (sorted(self.words)[:EXAMPLES] if self.words else [self.first[1]] if self.first else [])]


@dataclass(frozen=True)
class Profile:
    """The columns of a file, and how many lines it has."""

    columns: tuple[Seen, ...]
    lines: int
    unreadable: tuple[int, ...]  # lines that have another number of columns than the header, the first of them

    def of(self, name: str) -> Seen | None:
        return next((item for item in self.columns if item.name == name), None)


def names_of(path: Path, encoding: str, delimiter: str) -> list[str]:
    """The names in the first line. Refused where there are none, and where one of them is what an agent feels."""
    opened = open_rows(path, Source(key="unknown", label="", stores="", columns=()), encoding, delimiter, LIMITS)
    names = list(opened.header.raw)
    if sum(bool(re.search(r"[^\W\d_]", name)) for name in names) < max(1, len(names) / 2):
        raise Refused(_("%(file)s: the first line holds no names of columns. Put a line with names above the rows.") % {"file": path.name})
    return names


def frames(path: Path, encoding: str, delimiter: str, names: Sequence[str]) -> Iterator[tuple[pl.DataFrame, list[int]]]:
    """Blocks of the file as text under the names of its columns, and the lines that could not be read."""
    source = Source(key="unknown", label="", stores="", columns=(), extra=tuple(names))
    for block in open_rows(path, source, encoding, delimiter, LIMITS).records(ROWS):
        yield block.frame, [row.line for row in block.bad]


def usable(names: Sequence[str]) -> list[str]:
    """Names a column can be found by: not empty, and only once."""
    return [name for name in names if name and names.count(name) == 1]


def profile(path: Path, encoding: str, delimiter: str) -> Profile:
    """Looks through the whole file once."""
    names = names_of(path, encoding, delimiter)
    seen = {name: Seen(name, names.index(name)) for name in usable(names)}
    if not seen:
        raise Refused(_("%(file)s: no column has a name of its own.") % {"file": path.name})
    lines = 0
    unreadable: list[int] = []
    for frame, bad in frames(path, encoding, delimiter, list(seen)):
        lines += frame.height + len(bad)
        unreadable += bad[: EXAMPLES - len(unreadable)]
        for item in seen.values():
            _look(item, frame)
    return Profile(tuple(seen.values()), lines, tuple(unreadable))


def _look(item: Seen, frame: pl.DataFrame) -> None:
    cells = frame[item.name].drop_nulls()
    if not len(cells):
        return
    if item.first is None:
        place = int(frame[item.name].is_not_null().arg_max() or 0)
        item.first = (int(frame["line"][place]), str(frame[item.name][place]))
    item.filled += len(cells)
    for word, count in cells.filter(cells.is_in(NOTHING)).value_counts().rows():
        item.nothing[word] = item.nothing.get(word, 0) + count
    item.longest = max(item.longest, int(cells.str.len_chars().max() or 0))  # type: ignore[arg-type]
    item.offsets += int(cells.str.contains(OFFSET).sum())
    sample = cells.filter(~cells.is_in(NOTHING)).head(SAMPLE - item.sampled)
    item.sampled += len(sample)
    for name, pattern in SHAPES.items() if len(sample) else ():
        item.shapes[name] = item.shapes.get(name, 0) + int(sample.str.contains(pattern).sum())
    if item.words is None:
        return
    counts = cells.value_counts().rows()
    for text, count in counts if len(counts) <= MANY else ():
        item.words[text] = item.words.get(text, 0) + count
    if len(counts) > MANY or len(item.words) > MANY:
        item.words = None
