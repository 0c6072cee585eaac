"""What the cells themselves show about their format: the order of day and month over the whole file, and the decimal mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext_noop as _

from kpi.cells import Reader
from kpi.sentences import Sentence
from kpi.source import Column, DateOrder, Refused, Source

NUMBERED = r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-][0-9]{4}(?:$|[T ])"
CLOCK, OFFSET = r"[0-9]:[0-9]{2}", r"(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)$"
COMMA, POINT, THREE = r"^-?[0-9]+,[0-9]+$", r"^-?[0-9]+\.[0-9]+$", r"^-?[0-9]{1,3},[0-9]{3}$"

EXAMPLES = 3


@dataclass(frozen=True)
class Seen:
    """Where something was first seen."""

    line: int
    column: str
    text: str

    def __str__(self) -> str:
        return self.said.english

    @property
    def said(self) -> Sentence:
        return Sentence(_("line %(line)s, %(column)s: “%(text)s”"), {"line": self.line, "column": self.column, "text": self.text})


def columns_of(source: Source, present: Iterable[str], *kinds: str) -> list[str]:
    """Columns of the file that hold dates, numbers ..."""
    there = set(present)
    return [item.name for item in source.columns if item.name in there and _kind(item) in kinds]


def _kind(column: Column) -> str:
    return column.read.kind if isinstance(column.read, Reader) else ""


def refuse_without_zone(sample: pl.DataFrame, source: Source, columns: Sequence[str], file: str) -> None:
    """Said once for the file, where every row would be rejected for it: no time of a column that must be filled carries an offset."""
    needed = {column.name for column in source.columns if column.required}
    for name in (name for name in columns if name in needed):
        clocks = sample.filter(pl.col(name).str.contains(CLOCK))
        if clocks.height and not clocks[name].str.contains(OFFSET).any():
            seen = Seen(clocks["line"][0], name, clocks[name][0])
            text = _(
                "%(file)s: its times carry no offset (%(seen)s), so nobody can tell which moment is meant; choose the time zone they are "
                "written in for the source: --zone Europe/Lisbon, or its time zone in the admin."
            )
            raise Refused(text, file=file, seen=seen.said)


def has_numbered_dates(sample: pl.DataFrame, columns: Sequence[str]) -> bool:
    return any(sample[name].str.contains(NUMBERED).any() for name in columns)


def find_date_order(frames: Iterable[pl.DataFrame], columns: Sequence[str], file: str) -> tuple[DateOrder, Sentence]:
    """Day or month first, shown by a number above 12 somewhere in the file; refused where nothing or both is shown."""
    day_first, month_first, unshown = first_orders(frames, columns)
    if day_first and month_first:
        text = _("%(file)s: dates contradict each other: %(one)s has the day first, %(other)s the month; write dates as 2026-04-13.")
        raise Refused(text, file=file, one=day_first.said, other=month_first.said)
    if day_first:
        return DateOrder.DAY_FIRST, Sentence(_("day first, shown by %(seen)s"), {"seen": day_first.said})
    if month_first:
        return DateOrder.MONTH_FIRST, Sentence(_("month first, shown by %(seen)s"), {"seen": month_first.said})
    text = _(
        "%(file)s: dates are ambiguous (%(seen)s): no number above 12 shows whether day or month comes first; choose it for the source: "
        "--date-order day_first or --date-order month_first."
    )
    raise Refused(text, file=file, seen=unshown[0].said)


def first_orders(frames: Iterable[pl.DataFrame], columns: Sequence[str]) -> tuple[Seen | None, Seen | None, tuple[Seen, ...]]:
    """The first date that can only have the day first, the first that can only have the month first, and the first ones that leave it
    open; what is no date in either order shows nothing. Ends where the first two are found."""
    day_first: Seen | None = None
    month_first: Seen | None = None
    unshown: list[Seen] = []
    for frame in frames:
        for name in columns:
            parts = _parts(frame, name)
            day_first = _before(day_first, _earliest(parts.filter((pl.col("a") > 12) & (pl.col("b") <= 12)), name))
            month_first = _before(month_first, _earliest(parts.filter((pl.col("b") > 12) & (pl.col("a") <= 12)), name))
            unclear = parts.filter((pl.col("a") <= 12) & (pl.col("b") <= 12)).head(EXAMPLES - len(unshown))
            unshown += [Seen(line, name, text) for line, text in unclear.select("line", "text").iter_rows()]
        if day_first and month_first:
            break
    return day_first, month_first, tuple(unshown)


def _parts(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    parts = pl.col("text").str.extract_groups(NUMBERED).struct
    return frame.select("line", text=name).filter(pl.col("text").str.contains(NUMBERED)).with_columns(
        a=parts[0].cast(pl.Int64), b=parts[1].cast(pl.Int64)
    )  # fmt: skip


def _earliest(parts: pl.DataFrame, name: str) -> Seen | None:
    return Seen(parts["line"][0], name, parts["text"][0]) if parts.height else None


def _before(one: Seen | None, other: Seen | None) -> Seen | None:
    if one is None or (other is not None and other.line < one.line):
        return other
    return one


def decimal_marks(sample: pl.DataFrame, columns: Sequence[str]) -> tuple[Seen | None, Seen | None, Seen | None]:
    """The first number with a comma for its decimals, the first with a point, the first where a comma may stand for thousands."""
    return (
        _first_match(sample, columns, COMMA, unless=THREE),
        _first_match(sample, columns, POINT),
        _first_match(sample, columns, THREE),
    )


def find_decimal_comma(sample: pl.DataFrame, columns: Sequence[str]) -> tuple[bool, Sentence]:
    """True where numbers are written 12,5 and none 12.5. A comma before just three digits proves nothing."""
    commas, points, doubtful = decimal_marks(sample, columns)
    if commas and points:
        text = _("unclear: %(one)s, but %(other)s; numbers with a comma are rejected")
        return False, Sentence(text, {"one": commas.said, "other": points.said})
    if commas:
        return True, Sentence(_("comma, shown by %(seen)s"), {"seen": commas.said})
    if doubtful:
        text = _("unclear: %(seen)s may be thousands or decimals; such cells are rejected")
        return False, Sentence(text, {"seen": doubtful.said})
    return False, Sentence(_("point, shown by %(seen)s"), {"seen": points.said}) if points else Sentence(_("no decimals seen"))


def _first_match(sample: pl.DataFrame, columns: Sequence[str], pattern: str, unless: str | None = None) -> Seen | None:
    for name in columns:
        fits = pl.col(name).str.contains(pattern)
        hits = sample.filter(fits & ~pl.col(name).str.contains(unless) if unless else fits)
        if hits.height:
            return Seen(hits["line"][0], name, hits[name][0])
    return None
