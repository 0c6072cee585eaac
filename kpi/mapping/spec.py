"""A mapping as data: what is written in YAML, kept in the database, and read back with a sentence for whatever is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default
from typing import Any

import polars as pl
import yaml
from django.utils.translation import gettext as _

from kpi import registry, zones
from kpi.cells import Reader
from kpi.mapping.units import EPOCHS, units_of
from kpi.reading import describes_agent_emotion
from kpi.reading.encoding import encoding_name
from kpi.source import Column, DateOrder, Reading, Refused, Source

FORM = 1  # of what is written; raised when a reader of before would misunderstand it
HEAD = "counterweight_mapping"
LARGEST = 256 * 1024
PARTS = ("record", "label", "encoding", "delimiter", "zone", "date_order", "decimal_comma", "empty", "columns", "constants")
OF_A_COLUMN = ("field", "column", "more", "clock", "unit", "values")
NUMBERS_OF_RECORDS = ("external_id", "interaction_ref")  # may be made of several columns
MOST_TOGETHER = 4
ORDERS = (DateOrder.ISO, DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)
OPEN, CLOSED, TRUTH = "text", "choice", "boolean"


@dataclass(frozen=True)
class Fill:
    """One field and the column that fills it. `clock` is a second column that holds the time of day, `more` are the further columns that
    only together with the first are the number of a record; `values` are words of the file and what they mean here, where an empty
    meaning is “nothing is known”."""

    field: str
    column: str
    clock: str = ""
    unit: str = ""
    values: Mapping[str, str] = default(default_factory=dict)
    more: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All that are read for it."""
        return (self.column, *self.more, *([self.clock] if self.clock else []))

    @property
    def joined(self) -> bool:
        """Whether its text is made of those of several columns."""
        return len(self.columns) > 1

    @property
    def name(self) -> str:
        """What the column is called wherever a row is told about."""
        return " + ".join(self.columns)


@dataclass(frozen=True)
class Spec:
    """How the files of one source are read. `zone` is empty where every time carries its offset."""

    record: str  # key of the source of our own layout whose fields are filled
    label: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    zone: str = ""
    date_order: DateOrder = DateOrder.ISO
    decimal_comma: bool = False
    empty: tuple[str, ...] = ()
    fills: tuple[Fill, ...] = ()
    constants: Mapping[str, str] = default(default_factory=dict)

    def fill(self, name: str) -> Fill | None:
        return next((item for item in self.fills if item.field == name), None)

    @property
    def base(self) -> Source:
        return records()[self.record]


def records() -> dict[str, Source]:
    """Our own layouts, by key: a mapped file has the fields of one of them. Not those that hold what people answered about themselves:
    while a file is mapped its cells are shown."""
    return {key: source for key, source in registry.sources().items() if source.guide is None and not source.private}


def kind_of(column: Column) -> str:
    return column.read.kind if isinstance(column.read, Reader) else ""


def as_dict(spec: Spec) -> dict[str, Any]:
    """As it is kept and exported; what says nothing is left out."""
    columns = [{name: _plain(getattr(item, name)) for name in OF_A_COLUMN if getattr(item, name)} for item in spec.fills]
    kept = {name: _plain(getattr(spec, name)) for name in PARTS if name != "columns"}
    return {**{name: value for name, value in kept.items() if value not in ("", [], {})}, "columns": columns}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    return str(value) if isinstance(value, DateOrder) else value


def to_yaml(key: str, number: int, spec: Spec) -> str:
    """To be kept with other files of a project, or taken to another Counterweight."""
    content = {HEAD: FORM, "key": key, "version": number, **as_dict(spec)}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)


def from_yaml(data: bytes) -> tuple[str, Spec]:
    """(key, mapping). Refused with the place and what would be right."""
    if len(data) > LARGEST:
        raise Refused(_("A mapping has at most %(most)d KB.") % {"most": LARGEST // 1024})
    try:
        found = yaml.safe_load(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused(_("The mapping is not valid UTF-8.")) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = _(" near line %(line)d") % {"line": mark.line + 1} if mark else ""
        raise Refused(_("This is not YAML%(where)s. Send a mapping as Counterweight exports it.") % {"where": line}) from None
    if not isinstance(found, dict) or found.get(HEAD) != FORM:
        raise Refused(_("The first line of a mapping is “%(head)s: %(form)d”.") % {"head": HEAD, "form": FORM})
    content = {name: value for name, value in found.items() if name not in (HEAD, "key", "version")}
    return str(found.get("key") or ""), from_dict(content)


def from_dict(content: Any) -> Spec:
    """The mapping, checked. Refused with the place and what would be right."""
    if not isinstance(content, dict):
        raise Refused(_("A mapping is a list of names with values."))
    for name in content:
        if name not in PARTS:
            raise Refused(_("“%(name)s” is no part of a mapping. Parts are: %(parts)s.") % {"name": name, "parts": ", ".join(PARTS)})
    comma = content.get("decimal_comma", False)
    if not isinstance(comma, bool):
        raise Refused(_("decimal_comma is true or false."))
    spec = Spec(
        record=_word(content, "record"),
        label=_word(content, "label"),
        encoding=_word(content, "encoding") or "utf-8",
        delimiter=_word(content, "delimiter") or ",",
        zone=_word(content, "zone"),
        date_order=_order(_word(content, "date_order") or "iso"),
        decimal_comma=comma,
        empty=tuple(_words(content.get("empty", []), "empty")),
        fills=tuple(_fills(content.get("columns", []))),
        constants=_pairs(content.get("constants", {}), "constants"),
    )
    return checked(spec)


def _word(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name, "")
    if not isinstance(value, str) or len(value) > 1000:
        raise Refused(_("%(name)s is a text.") % {"name": name})
    return value


def _order(text: str) -> DateOrder:
    if text not in ORDERS:
        raise Refused(_("date_order is iso, day_first or month_first."))
    return DateOrder(text)


def _words(value: Any, name: str) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Refused(_("%(name)s is a list of texts.") % {"name": name})
    yield from value


def _pairs(value: Any, name: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(item, str) for pair in value.items() for item in pair):
        hint = _("%(name)s are pairs of texts; put words like yes, no and numbers into quotes.")
        raise Refused(hint % {"name": name})
    return dict(value)


def _fills(value: Any) -> Iterator[Fill]:
    if not isinstance(value, list):
        raise Refused(_("columns is a list."))
    for item in value:
        if not isinstance(item, dict) or not item.get("field") or not item.get("column") or not set(item) <= set(OF_A_COLUMN):
            parts = ", ".join(OF_A_COLUMN)
            raise Refused(_("Each of the columns has a field and a column, and may have: %(parts)s.") % {"parts": parts})
        words = {name: _word(item, name) for name in ("field", "column", "clock", "unit")}
        yield Fill(**words, values=_pairs(item.get("values", {}), "values"), more=tuple(_words(item.get("more", []), "more")))


def checked(spec: Spec) -> Spec:
    """The mapping with nothing in it that our own layout could not store."""
    if spec.record not in records():
        raise Refused(_("record is one of: %(records)s.") % {"records": ", ".join(records())})
    if spec.zone and not zones.is_zone(spec.zone):
        said = {"zone": spec.zone, "like": zones.like(spec.zone)}
        raise Refused(_("“%(zone)s” is not a time zone; write one like %(like)s.") % said)
    if len(spec.delimiter) != 1 or spec.delimiter.isalnum() or spec.delimiter in "\"'\r\n":
        raise Refused(_("A delimiter is one character that stands between columns, like a comma or a semicolon."))
    known = {column.field: column for column in spec.base.columns}
    for item in spec.fills:
        _check_fill(item, known)
    _check_persons(spec, known)
    doubled = sorted({item.field for item in spec.fills if sum(other.field == item.field for other in spec.fills) > 1})
    doubled += sorted(set(spec.constants) & {item.field for item in spec.fills})
    if doubled:
        raise Refused(_("“%(field)s” is filled twice.") % {"field": doubled[0]})
    for name, value in spec.constants.items():
        _check_constant(known, name, value)
    for column in spec.base.columns:
        if column.required and column.field not in spec.constants and spec.fill(column.field) is None:
            raise Refused(
                _("“%(field)s” has to be filled: name a column, or a value that is the same in every row.") % {"field": column.field}
            )
    return replace(spec, encoding=encoding_name(spec.encoding))


def _check_fill(item: Fill, known: Mapping[str, Column]) -> None:
    column = known.get(item.field)
    if column is None:
        raise Refused(
            _("“%(field)s” is no field of this record. Fields are: %(fields)s.") % {"field": item.field, "fields": ", ".join(known)}
        )
    for name in item.columns:
        if describes_agent_emotion(name):
            text = _(
                "The column “%(name)s” holds an agent's emotion or sentiment, or does not say whose: it is refused (EU AI Act, Article 5)."
            )
            raise Refused(text % {"name": name[:60]})
    _check_together(item)
    units = EPOCHS if kind_of(column) == "time" and item.unit else units_of(item.field)
    if units and item.unit not in units:
        raise Refused(_("“%(field)s” needs its unit: %(units)s.") % {"field": item.field, "units": ", ".join(units)})
    if item.unit and not units:
        raise Refused(_("“%(field)s” has no unit.") % {"field": item.field})
    if item.clock and (kind_of(column) != "time" or item.unit):
        raise Refused(_("“%(field)s” is no moment: it has no time of day.") % {"field": item.field})
    if item.values and kind_of(column) not in (OPEN, CLOSED, TRUTH):
        raise Refused(_("Words of “%(field)s” cannot be translated.") % {"field": item.field})
    for word in item.values.values():
        if word and not fits(column, word):
            raise Refused(_("“%(word)s” is nothing “%(field)s” may be.") % {"word": word[:60], "field": item.field})


def _check_together(item: Fill) -> None:
    """Several columns are one number of a record, each of them once."""
    if item.more and item.field not in NUMBERS_OF_RECORDS:
        text = _("“%(field)s” is no number of a record: it is filled by one column.")
        raise Refused(text % {"field": item.field})
    if len(set(item.columns)) < len(item.columns) or not all(item.more) or len(item.more) >= MOST_TOGETHER:
        text = _("“%(field)s” is made of at most %(most)d columns, each of them once.")
        raise Refused(text % {"field": item.field, "most": MOST_TOGETHER})


def _check_persons(spec: Spec, known: Mapping[str, Column]) -> None:
    """The number of a record is stored as it stands: who somebody is may not be in it."""
    people = {item.column for item in spec.fills if known[item.field].person}
    for item in spec.fills:
        if item.field in NUMBERS_OF_RECORDS and (found := sorted(people & set(item.columns))):
            text = _("The column “%(name)s” holds people: it cannot be in “%(field)s”, which is stored as it stands.")
            raise Refused(text % {"name": found[0][:60], "field": item.field})


def _check_constant(known: Mapping[str, Column], name: str, value: str) -> None:
    column = known.get(name)
    if column is None or kind_of(column) not in (OPEN, CLOSED, TRUTH) or name == "external_id" or name == "interaction_ref":
        raise Refused(_("“%(field)s” cannot be the same in every row.") % {"field": name})
    if not value or not fits(column, value):
        raise Refused(_("“%(word)s” is nothing “%(field)s” may be.") % {"word": value[:60], "field": name})


def fits(column: Column, word: str) -> bool:
    """Whether this word, read as a cell of our own layout, is accepted."""
    cell = column.read(pl.col("word"), Reading(None, 0.0, b""))
    return bool(pl.DataFrame({"word": [word]}).select(cell.problem.is_null() & cell.value.is_not_null()).item())
