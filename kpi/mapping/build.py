"""From a mapping to a source like any other: the columns of the file under the readers of our own layout, each behind what translates
its texts. The cells themselves stay as they are, so that a rejected row is shown and corrected as the file has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl
from django.utils.translation import gettext_noop as _

from kpi import cells
from kpi.cells import Reader
from kpi.cells.reader import has_blanks
from kpi.mapping.dates import Orders, find_orders, with_century
from kpi.mapping.spec import CLOSED, TRUTH, Fill, Spec, kind_of
from kpi.mapping.units import EPOCHS, epoch_of, units_of
from kpi.sentences import Sentence
from kpi.source import Cell, Column, DateOrder, Reading, Refused, Source

NO_WORD = "\0"  # a word the mapping does not know, where it knows all that may stand there: “yes” of a column that means the contrary
HALF_DAY = r"^(.*[T ])([0-9]{1,2}):([0-5][0-9])((?::[0-5][0-9])?) ?([AaPp])\.?[Mm]\.?$"
ISO_DAY = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) "  # read much faster with the T of the standard
BETWEEN = "|"  # the parts of a number that stands in several columns
NO_UNIT = {"h:mm:ss": "not_a_duration", "m:ss": "not_a_duration_short", "h:mm": "not_a_duration_short"}
Translate = Callable[[pl.Expr], pl.Expr]
Batch = Callable[[pl.Series, Reading], tuple[pl.Series, pl.Series]]


def build(key: str, spec: Spec) -> Source:
    """The source under its own key. Every mapped column has to be in the file, also where its cells may be empty."""
    base = spec.base
    columns = tuple(_column(column, spec) for column in base.columns if column.field not in spec.constants)
    names = dict.fromkeys(name for item in spec.fills for name in item.columns)
    return Source(
        key=key,
        label=spec.label or key,
        stores=base.stores,
        columns=columns,
        identity=base.identity,
        encoding=spec.encoding,
        delimiter=spec.delimiter,
        zone=spec.zone or None,
        date_order=spec.date_order,
        decimal_comma=spec.decimal_comma,
        prepare=_joining(spec) if any(item.joined for item in spec.fills) else None,
        constants={name: _constant(base, name, value) for name, value in spec.constants.items()},
        check=base.check,
        header=tuple(names),
        made=tuple(item.name for item in spec.fills if item.joined),
        evidence=_evidence(spec),
    )


def _constant(base: Source, name: str, value: str) -> str | bool:
    [column] = [column for column in base.columns if column.field == name]
    cell = column.read(pl.col("word"), Reading(None, 0.0, b""))
    found: str | bool = pl.DataFrame({"word": [value]}).select(cell.value).item()
    return found


def _column(column: Column, spec: Spec) -> Column:
    item = spec.fill(column.field)
    if item is None:
        return replace(column, name="", required=False, aliases=())
    return replace(column, name=item.name, read=_reader(column, item, spec), required=column.required, aliases=())


def _reader(column: Column, item: Fill, spec: Spec) -> Reader:
    """The reader of our own layout behind the translation of this column."""
    translate = translation(item, spec)
    own = epoch_of(item.unit) if item.unit in EPOCHS else column.read

    def build_cell(text: pl.Expr, reading: Reading) -> Cell:
        meant = translate(text)
        cell = _measured(own, item, meant, reading) if item.unit and item.unit not in EPOCHS else own(meant, reading)
        if words:
            cell = Cell(cell.value, pl.when(cell.problem.is_not_null()).then(pl.lit("unknown_value")))
        return _needed(cell, text, meant, column)

    batch = _whole(own.batch, translate, column) if isinstance(own, Reader) and own.batch else None
    words = (tuple(item.values) or own.values) if isinstance(own, Reader) and kind_of(column) in (CLOSED, TRUTH) else ()
    return Reader(own.kind if isinstance(own, Reader) else kind_of(column), build_cell, batch, words, translate)


def _whole(own: Batch, translate: Translate, column: Column) -> Batch:
    """The same for a reader that takes a column at once."""

    def read(texts: pl.Series, reading: Reading) -> tuple[pl.Series, pl.Series]:
        meant = pl.DataFrame({"text": texts}).select(translate(pl.col("text"))).to_series()
        value, problem = own(meant, reading)
        if column.required:
            lost = meant.is_null() & texts.is_not_null()
            problem = pl.select(pl.when(lost).then(pl.lit("missing")).otherwise(problem)).to_series()
        return value, problem

    return read


def _needed(cell: Cell, text: pl.Expr, meant: pl.Expr, column: Column) -> Cell:
    """A word that means “nothing is known” is a missing value where one is needed."""
    if not column.required:
        return cell
    lost = cells.first_problem((text.is_not_null() & meant.is_null(), "missing"))
    return Cell(cell.value, pl.coalesce(lost, cell.problem))


def _measured(own: Callable[[pl.Expr, Reading], Cell], item: Fill, text: pl.Expr, reading: Reading) -> Cell:
    """The number in the unit of our own layout, judged by its reader."""
    unit = units_of(item.field)[item.unit]
    meant = unit.value(text, reading)
    cell = own(meant.cast(pl.String), replace(reading, decimal_comma=False))
    wrong = cells.first_problem((text.is_not_null() & meant.is_null(), NO_UNIT.get(item.unit, "not_a_number")))
    return Cell(cell.value, pl.coalesce(wrong, cell.problem))


def translation(item: Fill, spec: Spec) -> Translate:
    """What a text of this column means in our own layout, where that can be said cell by cell without knowing its unit."""
    unknown = [*spec.empty, *(word for word, meaning in item.values.items() if not meaning)]
    words = {word: meaning for word, meaning in item.values.items() if meaning}
    kind = kind_of(_base_column(spec, item))

    def translate(text: pl.Expr) -> pl.Expr:
        if unknown:
            text = pl.when(~text.is_in(unknown)).then(text)
        if words:
            other = pl.lit(NO_WORD) if kind in (CLOSED, TRUTH) else text
            meant = text.replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.String)
            text = pl.when(text.is_not_null()).then(pl.coalesce(meant, other))
        if kind not in ("time", "day") or item.unit:
            return text
        return _of_24_hours(with_century(text)).str.replace(ISO_DAY, "${1}T") if kind == "time" else with_century(text)

    return translate


def _base_column(spec: Spec, item: Fill) -> Column:
    return next(column for column in spec.base.columns if column.field == item.field)


def _of_24_hours(text: pl.Expr) -> pl.Expr:
    """“2:05 PM” as 14:05; anything else as it stands."""
    parts = text.str.extract_groups(HALF_DAY).struct
    hour = parts[1].cast(pl.Int64, strict=False)
    late = parts[4].str.to_lowercase() == "p"
    turned = (hour % 12 + pl.when(late).then(12).otherwise(0)).cast(pl.String).str.pad_start(2, "0")
    clock = pl.concat_str(parts[0], turned, pl.lit(":"), parts[2], parts[3])
    return pl.when(hour.is_between(1, 12)).then(clock).otherwise(text)


def _joining(spec: Spec) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """A date and a time of day of two columns, or the parts of a number, as one text beside them."""
    made = [item for item in spec.fills if item.joined]

    def prepare(raw: pl.DataFrame) -> pl.DataFrame:
        return raw.with_columns(_joined(item, raw.columns, spec.empty).alias(item.name) for item in made)

    return prepare


def _joined(item: Fill, there: Iterable[str], empty: Sequence[str]) -> pl.Expr:
    if not set(item.columns) <= set(there):
        return pl.lit(None, pl.String)
    if item.more:
        whole = pl.concat_str([_part(name, empty) for name in item.columns], separator=BETWEEN)
        blanks = pl.any_horizontal(has_blanks(pl.col(name)) for name in item.columns)
        return pl.when(blanks).then(pl.lit(" ") + whole).otherwise(whole)  # inside it nobody would see them
    clock = pl.col(item.clock).str.replace(r"^([0-9]):", "0${1}:")
    return pl.concat_str(pl.col(item.column), pl.lit(" "), clock)


def _part(name: str, empty: Sequence[str]) -> pl.Expr:
    """A part of a number, so that no two numbers become the same text; where one part lacks, there is no number."""
    text = pl.col(name).str.replace_all("\\", "\\\\", literal=True).str.replace_all(BETWEEN, f"\\{BETWEEN}", literal=True)
    return pl.when(~pl.col(name).is_in(list(empty))).then(text)


def _evidence(spec: Spec) -> Callable[[Iterable[pl.DataFrame]], Mapping[str, Sentence]]:
    """Dates that say otherwise than the mapping refuse the file; then whatever our own layout looks for in a whole file."""

    def tell(frames: Iterable[pl.DataFrame]) -> Mapping[str, Sentence]:
        dates, found = date_columns(spec), [Orders()]

        def meant() -> Iterator[pl.DataFrame]:
            for frame in frames:
                found[0] = found[0].then(find_orders([frame], dates))
                yield _canonical(frame, spec)

        read = meant()
        told = spec.base.evidence(read) if spec.base.evidence else {}
        for _rest in read:
            pass
        refuse_other_order(found[0], spec.date_order)
        return told

    return tell


def date_columns(spec: Spec) -> list[str]:
    """Columns of the file that hold dates as text."""
    dates = [item.column for item in spec.fills if kind_of(_base_column(spec, item)) in ("time", "day") and not item.unit]
    return list(dict.fromkeys(dates))


def refuse_other_order(orders: Orders, order: DateOrder) -> None:
    """A file whose dates can only be read in the other order was written by another setting of its system."""
    if orders.contradicts:
        text = _("%(rows)s. Nothing of this file is read: have its dates written one way, and send it again.")
        raise Refused(text, rows=orders.contradiction())
    other = {DateOrder.DAY_FIRST: orders.month_first, DateOrder.MONTH_FIRST: orders.day_first}.get(order)
    if other:
        said = Sentence(_("day first") if order is DateOrder.DAY_FIRST else _("month first"))
        text = _(
            "line %(line)s, %(column)s: “%(text)s” contradicts the mapping, which says %(order)s. Nothing of this file is read: have its "
            "dates written so, or make a further version of the mapping, and send it again."
        )
        raise Refused(text, line=other.line, column=other.column, text=other.text, order=said)


def _canonical(frame: pl.DataFrame, spec: Spec) -> pl.DataFrame:
    """The texts of a block under the names of our own layout, translated."""
    texts = {name: pl.lit(value) for name, value in spec.constants.items()}
    texts |= {item.field: translation(item, spec)(pl.col(item.column)) for item in spec.fills if item.column in frame.columns}
    names = {column.field: column.name for column in spec.base.columns}
    return frame.select("line", **{names[name]: text for name, text in texts.items()})
