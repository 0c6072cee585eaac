"""The step in which it is said how the cells of the columns are read: dates, zone, decimals, units, words. What the file shows
stands there with the row that shows it; what it does not show has to be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kpi.intake.mapped.draft import Draft
from kpi.mapping.build import date_columns
from kpi.mapping.dates import Orders, find_orders, told
from kpi.mapping.profile import MANY, NUMBERS, Profile, Seen, frames
from kpi.mapping.spec import CLOSED, TRUTH, kind_of
from kpi.mapping.suggest import propose_meaning, propose_unit
from kpi.mapping.units import labels_of
from kpi.mapping.words import CHOICE_WORDS, FIELD_WORDS
from kpi.models import Channel, Site
from kpi.reading.formats import Seen as Cell
from kpi.reading.formats import decimal_marks
from kpi.source import Column, DateOrder

OPEN_WORDS = ("channel",)  # fields without a closed list whose words are usually other ones in a file
REJECT, UNKNOWN = "reject", "unknown"


@dataclass
class Word:
    """A word of the file and what it means; `meaning` is empty until somebody says."""

    name: str  # of its control
    text: str
    count: int
    meaning: str = ""
    error: str = ""


@dataclass
class Words:
    """The words of one column for one field."""

    column: Column
    of: str
    label: str
    words: list[Word]
    more: bool  # the column has more different words than can be listed

    @property
    def closed(self) -> bool:
        return kind_of(self.column) in (CLOSED, TRUTH)

    @property
    def choices(self) -> Sequence[tuple[str, str]]:
        values = ("true", "false") if kind_of(self.column) == TRUTH else getattr(self.column.read, "values", ())
        return [(value, str(CHOICE_WORDS.get(value, value))) for value in values]


@dataclass
class Measured:
    """A column of durations or shares and the unit it is in."""

    name: str
    label: str
    of: str
    example: str
    units: Sequence[tuple[str, str]]
    chosen: str
    why: str = ""
    error: str = ""


@dataclass
class Asked:
    """One question about the whole file: what is chosen, why, what shows it."""

    chosen: str = ""
    why: str = ""
    evidence: Sequence[str] = ()
    error: str = ""
    needed: bool = False  # it has to be said, for the file does not show it


@dataclass
class Cells:
    """Everything this step shows and asks."""

    order: Asked
    zone: Asked
    decimal: Asked
    units: list[Measured] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    nothing: list[tuple[str, int, bool]] = field(default_factory=list)  # word, how often, chosen
    site: str = ""

    @property
    def wrong(self) -> bool:
        errors = [item.error for item in (self.order, self.zone, self.decimal)] + [unit.error for unit in self.units]
        return any(errors) or any(word.error for group in self.words for word in group.words)


def cells(draft: Draft, found: Profile) -> Cells:
    """What is seen, proposed, or was said before."""
    chosen = [*draft.columns.values(), *draft.more.values()]
    mapped = [found.of(name) for names in chosen for name in names if name]
    nothing: dict[str, int] = {}
    for seen in {item.name: item for item in mapped if item}.values():
        for word, count in seen.nothing.items():
            nothing[word] = nothing.get(word, 0) + count
    return Cells(
        _order(draft),
        _zone(draft, found),
        _decimal(draft, found),
        _units(draft, found),
        _words(draft, found),
        [(word, count, word in draft.empty) for word, count in sorted(nothing.items())],
        draft.site,
    )


def orders_of(draft: Draft) -> Orders:
    """What all dates of the file show that were chosen; the whole file is looked through."""
    names = date_columns(draft.spec())
    return find_orders((frame for frame, _bad in frames(draft.path, draft.encoding, draft.delimiter, names)), names)


def _order(draft: Draft) -> Asked:
    found = orders_of(draft)
    if found.contradicts:
        return Asked(error=f"{found.contradiction()}.", evidence=(told(found.day_first), told(found.month_first)))  # type: ignore[arg-type]
    if found.day_first:
        return Asked(DateOrder.DAY_FIRST, _("day first: %(cell)s can only be day-first") % {"cell": told(found.day_first)})
    if found.month_first:
        return Asked(DateOrder.MONTH_FIRST, _("month first: %(cell)s can only be month-first") % {"cell": told(found.month_first)})
    if found.unknown:
        why = _(
            "No date has a number above 12 that would show whether day or month comes first. You have to say; these rows leave it open:"
        )
        chosen = draft.order if draft.read or draft.key else ""
        return Asked(chosen if chosen != DateOrder.ISO else "", why, [told(seen) for seen in found.open], needed=True)
    return Asked(DateOrder.ISO, _("year first, or no date of three numbers in the columns you chose"))


def _zone(draft: Draft, found: Profile) -> Asked:
    """Times without an offset need a zone: the file cannot show which."""
    open_cells = []
    for name, (column, clock) in draft.columns.items():
        seen = found.of(column)
        if seen is None or kind_of(_column(draft, name)) != "time" or is_epoch(draft, name, clock, seen):
            continue
        if clock or seen.offsets < seen.filled:
            line, text = seen.first or (0, "")
            open_cells.append(told(Cell(line, f"{column} + {clock}" if clock else column, text)))
    if not open_cells:
        return Asked(draft.zone, _("Every time carries its offset, or there is none: no zone is needed."))
    return Asked(draft.zone, _("These times carry no offset, so nobody can tell which moment is meant:"), open_cells, needed=True)


def zones() -> list[str]:
    """Those of the sites first, then UTC."""
    return list(dict.fromkeys([*Site.objects.order_by("pk").values_list("zone", flat=True), "UTC"]))


def _decimal(draft: Draft, found: Profile) -> Asked:
    numbers = [
        column for name, (column, _clock) in draft.columns.items()
        if kind_of(_column(draft, name)) == "number" and (seen := found.of(column)) and seen.shape in (*NUMBERS, "words", "text")
    ]  # fmt: skip
    commas, points, doubtful = _marks(draft, list(dict.fromkeys(numbers)))
    if commas and points:
        cells_of = {"comma": told(commas), "point": told(points)}
        return Asked(error=_("Numbers contradict each other: %(comma)s has a comma, %(point)s a point. Write them one way.") % cells_of)
    if commas:
        return Asked("comma", _("comma: %(cell)s") % {"cell": told(commas)})
    if points and not doubtful:
        return Asked("point", _("point: %(cell)s") % {"cell": told(points)})
    if doubtful:
        why = _("Whether a comma stands before decimals or between thousands cannot be seen:")
        return Asked(draft.decimal if draft.read else "", why, [told(doubtful)], needed=True)
    return Asked("point", _("no number has decimals"))


def _marks(draft: Draft, names: list[str]) -> tuple[Cell | None, Cell | None, Cell | None]:
    """Over the whole file; nulls where nothing of a kind is found."""
    found: list[Cell | None] = [None, None, None]
    if not names:
        return None, None, None
    for frame, _bad in frames(draft.path, draft.encoding, draft.delimiter, names):
        found = [before or now for before, now in zip(found, decimal_marks(frame, names), strict=True)]
    return found[0], found[1], found[2]


def _units(draft: Draft, found: Profile) -> list[Measured]:
    asked = []
    for name, (column, clock) in draft.columns.items():
        seen = found.of(column)
        units = {} if seen is None else labels_of(name, epoch=is_epoch(draft, name, clock, seen))
        if seen is None or not units:
            continue
        proposed, why = propose_unit(name, seen)
        before = draft.units.get(name, "")
        line, text = seen.first or (0, "")
        example = told(Cell(line, column, text)) if text else ""
        asked.append(Measured(name, _label(name), column, example, list(units.items()), before or proposed, "" if before else why))
    return asked


def is_epoch(draft: Draft, name: str, clock: str, seen: Seen) -> bool:
    """Whether the cells of a moment are numbers: then in which unit is asked, and no zone."""
    return kind_of(_column(draft, name)) == "time" and not clock and seen.shape in NUMBERS


def _words(draft: Draft, found: Profile) -> list[Words]:
    groups = []
    for name, (of, _clock) in draft.columns.items():
        column, seen = _column(draft, name), found.of(of)
        if seen is None or (kind_of(column) not in (CLOSED, TRUTH) and name not in OPEN_WORDS):
            continue
        before = draft.values.get(name, {})
        texts = sorted(seen.words.items(), key=lambda item: (-item[1], item[0])) if seen.words is not None else []
        words = [
            Word(f"word-{name}-{place}", text, count, _meaning(draft, column, of, text, before))
            for place, (text, count) in enumerate(texts) if text not in draft.empty
        ]  # fmt: skip
        groups.append(Words(column, of, _label(name), words, seen.words is None))
    return groups


def _meaning(draft: Draft, column: Column, of: str, text: str, before: Mapping[str, str]) -> str:
    if text in before:
        return before[text] or UNKNOWN
    if draft.read and kind_of(column) in (CLOSED, TRUTH):
        return REJECT
    return propose_meaning(column, of, text)


def channels() -> list[str]:
    """Those that are known already, and the usual words."""
    return list(dict.fromkeys([*Channel.objects.values_list("code", flat=True)[:MANY], "voice", "chat", "email"]))


def _column(draft: Draft, name: str) -> Column:
    return next(column for column in draft.base.columns if column.field == name)


def _label(name: str) -> str:
    return str(FIELD_WORDS[name][0])
