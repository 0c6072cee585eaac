"""A figure as cells of a spreadsheet: the stored number in the digits of the screen, the words it prints, sample, doubt, reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from kpi import registry
from kpi.charts.points import sample_of
from kpi.export.rows import reasons_of
from kpi.export.workbook import Cell, Number
from kpi.metric import Family, Unit
from kpi.result import Change, Column, Growth, Result
from kpi.words import DECIMALS, NARROW, interval, state, status_word, with_unit

PERCENTS = {Unit.SHARE, Unit.PERCENT, Unit.FIVES}  # stored as fractions, shown as percent; a gap is shown in points, which no format can
GAP = "0.000"


def numbers_of(what: Unit | Result) -> str:
    """The number format that prints a stored value as the screen does."""
    unit = what if isinstance(what, Unit) else _unit_of(what)
    if unit is Unit.GAP:
        return GAP
    if unit in PERCENTS:
        return "0%" if not DECIMALS[unit] else f"0.{'0' * DECIMALS[unit]}%"
    return "#,##0" if not DECIMALS[unit] else f"#,##0.{'0' * DECIMALS[unit]}"


def _unit_of(result: Result) -> Unit:
    metric = registry.metrics().get(result.metric)
    return metric.unit if metric else Unit.MEAN


def _changes_of(result: Result) -> str:
    """A saving is compared with base practice, as a share; a share moves by points, which are stored as a fraction."""
    if result.family is Family.SAVINGS:
        return "0.0%"
    return GAP if _unit_of(result) in PERCENTS | {Unit.GAP} else numbers_of(result)


def _number(value: float | None, form: str) -> Cell:
    return None if value is None else Number(value, form)


def _value(result: Result) -> Cell:
    """The number; where none is shown, in its place the word of the page."""
    return _number(result.value, numbers_of(result)) if result.shown else status_word(result.status)


def _printed(result: Result) -> str:
    """A trend carries numbers without words: they are made as the page makes them."""
    if not result.shown:
        return status_word(result.status)
    return f"{result.text} {result.unit_text}".strip() if result.text else with_unit(result.value, _unit_of(result))


def side_by_side(columns: Sequence[Column]) -> Iterator[tuple[Cell, ...]]:
    """A row for everything that is said of a figure, a column for each of the four."""
    for name, cells in _lines(columns):
        if any(cell not in (None, "") for cell in cells):
            yield (name, *cells)


def _lines(columns: Sequence[Column]) -> Iterator[tuple[str, list[Cell]]]:
    results, changes = [column.result for column in columns], [column.change for column in columns]
    yield _("As printed"), [_printed(result) for result in results]
    yield _("Value"), [_value(result) for result in results]
    yield _("Low, 95 %"), [_number(result.low, numbers_of(result)) for result in results]
    yield _("High, 95 %"), [_number(result.high, numbers_of(result)) for result in results]
    yield _("Interval as printed"), [str(result.interval_text) for result in results]
    yield _("Margin as printed"), [str(result.margin_text) for result in results]
    yield _("Sample"), [str(result.sample_text) for result in results]
    yield _("n"), [result.n for result in results]
    yield _("Status"), [str(result.status) for result in results]
    yield _("State in words"), [state(result) or status_word(result.status) for result in results]
    yield _("Reasons"), [reasons_of(result) for result in results]
    yield _("To see it"), [str(result.unlock) for result in results]
    yield _("Change"), [_number(column.change.value, _changes_of(column.result)) for column in columns]
    yield _("Change as printed"), [f"{change.text} {change.words}".strip() for change in changes]
    yield _("Facts"), [" · ".join(map(str, column.notes)) for column in columns]
    yield _("Assumptions"), ["; ".join(f"{label}: {text}" for label, text in result.assumptions) for result in results]
    yield _("Restated"), [str(result.restated.text) if result.restated else "" for result in results]
    yield _("First day"), [result.period_start for result in results]
    yield _("Day after"), [result.period_end for result in results]
    yield _("Data as of"), [result.data_as_of for result in results]
    yield _("Definition version"), [result.definition_version for result in results]


PRINTED = re.compile(r"([+\u2212-]?)(\d{1,3}(?:\u202f\d{3})*|\d+)(\.\d+)?( ?[\u202f ]?%)?")


def as_number(text: str) -> Cell:
    """A printed number as the number it is, in the same digits; any other text stays a text."""
    found = PRINTED.fullmatch(text)
    if found is None:
        return text
    sign, whole, part, percent = found.groups()
    value = float(f"{'-' if sign not in ('', '+') else ''}{whole.replace(NARROW, '')}{part or ''}")
    form = "#,##0" + ("" if not part else f".{'0' * (len(part) - 1)}")
    return Number(value / 100, f"{form}%") if percent else Number(value, form)


def SHORT() -> tuple[str, ...]:  # noqa: N802
    return (_("as printed"), _("low"), _("high"), _("interval"), _("n"), _("sample"), _("status"), _("reasons"))


def short_head(columns: Sequence[Column], *, changes: bool = True) -> Iterator[str]:
    """Heads of a table in which every figure takes several columns."""
    further = (*SHORT(), _("change"), _("change as printed")) if changes else SHORT()
    for column in columns:
        yield str(column.result.label)
        yield from (f"{column.result.label}: {name}" for name in further)


def short_cells(columns: Sequence[Column], *, changes: bool = True) -> Iterator[Cell]:
    for column in columns:
        result = column.result
        yield _value(result)
        yield _printed(result)
        yield from _doubt(result)
        if changes:
            yield from _moved(result, column.change)


def _doubt(result: Result) -> Iterator[Cell]:
    form = numbers_of(result)
    around = str(result.interval_text) or interval(result.low, result.high, _unit_of(result))
    yield from (_number(result.low, form), _number(result.high, form), around)
    yield from (result.n, str(sample_of(result)), str(result.status), reasons_of(result))


def _moved(result: Result, change: Change) -> Iterator[Cell]:
    yield _number(change.value, _changes_of(result))
    yield f"{change.text} {change.words}".strip()


def LONG() -> tuple[str, ...]:  # noqa: N802
    """The head of a table with a row for each figure."""
    return (
        _("Under"), _("Figure"), _("Value"), _("As printed"), _("Low"), _("High"), _("Interval"), _("n"), _("Sample"), _("Status"),
        _("Reasons"), _("Change"), _("Change as printed"), _("First day"), _("Day after"), _("Data as of"), _("Version"), _("Metric"),
        _("Facts and assumptions"),
    )  # fmt: skip


def long_row(under: str, column: Column) -> tuple[Cell, ...]:
    result = column.result
    facts = [*map(str, column.notes), *(f"{label}: {text}" for label, text in result.assumptions)]
    return (
        str(under), str(result.label), _value(result), _printed(result), *_doubt(result), *_moved(result, column.change),
        result.period_start, result.period_end, result.data_as_of, result.definition_version, result.metric, " · ".join(facts),
    )  # fmt: skip


def volume_rows(growth: Growth) -> Iterator[tuple[Cell, ...]]:
    for week in growth.weeks:
        yield (week.start, week.contacts, _("not shown") if week.contacts is None else "")
