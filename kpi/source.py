"""The plain types of reading a file: a source is a table of columns; every row meets a fate that can be counted.

No database here. The reading itself is in kpi/reading/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from kpi.sentences import Sentence

if TYPE_CHECKING:
    import polars as pl
    from django.utils.functional import _StrPromise as Text
else:
    Text = str


RECORD = "#record"  # the first line of the record that a row is part of


class DateOrder(StrEnum):
    """How a date of three numbers is read; UNKNOWN means it must show itself in the file or be refused."""

    ISO = "iso"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reading:
    """What is fixed for one file before its first row: chosen for the source, or seen in the file with evidence.

    `now` is the moment the import began (dates further in the future than `skew_s` are refused); `key` is the secret
    for pseudonyms. `zone` is None where no zone was chosen: then every time must carry its offset.
    """

    zone: str | None
    now: float  # epoch seconds, UTC
    key: bytes
    date_order: DateOrder = DateOrder.UNKNOWN
    decimal_comma: bool = False
    skew_s: int = 3600


@dataclass(frozen=True)
class Cell:
    """Two expressions over the text of a block: the value, and the problem code (null = fine)."""

    value: pl.Expr
    problem: pl.Expr


@dataclass(frozen=True)
class Column:
    """One column of a file: its name there, the field it fills, and the reader of its cells.

    `read(text, reading)` takes the raw text as an expression (stripped of nothing, null when empty) and gives a Cell.
    `person=True` marks a column that identifies a person: it is shown and kept only as a pseudonym, in rejected rows too.
    The name "" is that of no column in any file: the field is unknown in every row.
    """

    name: str
    field: str
    read: Callable[[pl.Expr, Reading], Cell]
    required: bool = False
    person: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """How records lie in a JSON file. Columns are paths (`metrics.reply_time.calendar`); `at` is the path of the list inside one object
    that holds the records; `row` makes the columns of a record where paths are not enough: a text or None for each."""

    at: str = ""
    row: Callable[[Mapping[str, Any]], Mapping[str, str | None]] | None = None


@dataclass(frozen=True)
class Titles:
    """Header rows below the first. `is_title` knows one by its cells, under the names of the first row; `name` makes the names of the
    columns from all header rows; without it they are those of the first."""

    is_title: Callable[[Mapping[str, str]], bool]
    name: Callable[[Sequence[Sequence[str]]], Sequence[str]] | None = None
    most: int = 2


@dataclass(frozen=True)
class Join:
    """Many rows, one record: legs of a contact, events of a case. `key` is over the text of a row; where it is null the row stands alone.

    `merge` takes all rows of whole records, in the order of the file, and gives one row for each: the columns of the source as text,
    and `line`, the least of `RECORD`. A cell that it cannot work with it hands on as it stands, to be rejected by name.
    """

    key: pl.Expr
    merge: Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class Guide:
    """For whoever has to send the file: what it is, how it is exported, what it does not hold, what is told apart from the columns, and
    which of this comes from memory and was never checked against a live account."""

    file: Text | str
    export: Text | str
    missing: Text | str
    rules: Text | str = ""
    unverified: Text | str = ""


@dataclass(frozen=True)
class Source:
    """A kind of export. `prepare` may reshape the text block first: join columns, or drop
    rows that are no records of this source (they are not counted among its lines). `check` may add row-level problems
    over accepted values: {field: problem expression}."""

    key: str
    label: Text | str
    stores: str  # model label, e.g. "kpi.Interaction"
    columns: tuple[Column, ...]
    identity: tuple[str, ...] = ("external_id",)
    encoding: str = ""  # fixed by the format; empty = seen, or chosen for the source
    delimiter: str | None = None  # fixed by the format; None = detected
    zone: str | None = None  # fixed by the format; None = chosen for the source or offsets required
    date_order: DateOrder = DateOrder.UNKNOWN
    decimal_comma: bool | None = None  # fixed by the format; None = seen
    prepare: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    constants: Mapping[str, str | bool] = field(default_factory=dict)  # fields the format fixes, e.g. {"channel": "voice"}
    check: Callable[[Reading], Mapping[str, pl.Expr]] | None = None
    also: tuple[str, ...] = ()  # keys of further sources that read other records from the same file
    header: tuple[str, ...] = ()  # columns the file itself must have, where `prepare` makes the columns out of others
    extra: tuple[str, ...] = ()  # columns the file may have, which `prepare` or `join` use
    made: tuple[str, ...] = ()  # columns of this source that no file has: `prepare` makes them
    people: tuple[str, ...] = ()  # those of `extra` that identify a person: masked wherever a row is shown or kept
    evidence: Callable[[Iterable[pl.DataFrame]], Mapping[str, Sentence]] | None = None  # what only the whole file can tell, for FileFacts
    document: Document | None = None  # the file may be JSON, too
    titles: Titles | None = None  # the header of a table has further rows
    join: Join | None = None  # several rows may be one record
    guide: Guide | None = None
    refuse: Callable[[Iterable[pl.DataFrame]], Text | str] | None = (
        None  # no record can be made of this format: why, and what the file holds
    )
    private: bool = False  # rows hold what people answered about themselves: rejected rows are never shown or handed out


@dataclass(frozen=True)
class Rejected:
    """One bad cell (or row, with column ""): line is the physical line of the file, counted from 1, header included."""

    line: int
    column: str
    found: str  # the text found; a pseudonym for person columns
    problem: str  # code, e.g. "not_a_number"
    expected: str  # what would be right, in words
    row: Mapping[str, str]  # the whole row as text, persons as pseudonyms: can be corrected and sent again


@dataclass(frozen=True)
class Block:
    """A block of rows after reading. `accepted` has `line` and one column per field, typed as the store wants it."""

    accepted: pl.DataFrame
    rejected: tuple[Rejected, ...]
    lines: int  # data lines in this block: accepted + joined + distinct rejected lines
    joined: int = 0  # lines that are part of a record which another line stands for


class Refused(Exception):
    """The whole file is refused. The message names file, line or column, what was found and what would be right.

    With `facts`, `text` is one of the catalogue: the message is told in the language of whoever reads it. Without, it stands as it is."""

    def __init__(self, text: object = "", /, **facts: object) -> None:
        super().__init__(text)
        self.said = text if isinstance(text, Sentence) else Sentence(str(text), facts) if facts else None

    def __str__(self) -> str:
        return str(self.said) if self.said else super().__str__()


@dataclass(frozen=True)
class FileFacts:
    """What was seen before reading: shown in the preview with its evidence. Each of its keys is a word of the catalogue."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    compressed: bool
    date_order: DateOrder
    decimal_comma: bool
    evidence: Mapping[str, Sentence]
    size: int
    checksum: str  # sha256 of the bytes as sent, hex


@dataclass(frozen=True)
class Fates:
    """The fate of every data line of a file: lines = new + changed + unchanged + repeated + joined + rejected."""

    lines: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0  # the same id with the same content again within the file
    rejected: int = 0
    joined: int = 0  # part of a record that another line of the file stands for
