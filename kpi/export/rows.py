"""A panel as rows of a file: what is on the screen, in long form, with its filters, freshness and versions on top.

Every group of rows that holds a saving holds its three companions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from kpi import registry
from kpi.anonymity import FLOOR
from kpi.balance import in_words
from kpi.cases import CaseList
from kpi.export.cells import Row, Value
from kpi.export.head import about, panel_head, sheet_head
from kpi.metric import Family
from kpi.models import RejectedRow
from kpi.over_time import Control
from kpi.result import Change, Column, Panel, Register, Result, Sheet

HEADER: Row = (
    "section", "row", "metric", "label", "value", "text", "unit", "low", "high", "interval", "n", "sample", "status", "reasons", "change",
    "change_low", "change_high", "change_text", "change_words", "period_start", "period_end", "scope", "data_as_of", "definition_version",
    "restated", "provisional",
    "control_lower", "control_upper", "signal",
)  # fmt: skip


FIGURES = ("trends", "waterfall")


def figure_rows(panel: Panel, figure: str) -> Iterator[Row]:
    """The table behind one figure of the overview, with all four of the scope and period above it."""
    yield from panel_head(panel)
    yield ()
    yield HEADER
    yield from (_column_row("panel", panel.title, column) for column in panel.columns)
    if figure == "waterfall":
        yield from _step_rows(panel)
        return
    yield from _trend_rows(panel)
    yield from _week_rows(panel)
    yield from _annotation_rows(panel)


def panel_rows(panel: Panel) -> Iterator[Row]:
    """Head rows, an empty row, the header, and the figures group by group."""
    yield from panel_head(panel)
    yield ()
    yield HEADER
    yield from (_column_row("panel", panel.title, column) for column in panel.columns)
    yield from _changed_rows(panel)
    for team in panel.teams:
        yield from (_column_row("team", team.label, column) for column in team.columns)
    yield from _step_rows(panel)
    yield from _trend_rows(panel)
    yield from _week_rows(panel)
    yield from _annotation_rows(panel)


def _changed_rows(panel: Panel) -> Iterator[Row]:
    """What moved beyond noise; no saving is among it."""
    for item in panel.changed:
        yield _padded(
            section="changed", row=str(item.where or panel.title), metric=item.metric, label=str(item.label), text=str(item.text),
            sample=str(item.sample_text),
            change=item.change.value, change_low=item.change.low, change_high=item.change.high, change_text=str(item.change.text),
            change_words=str(item.change.words),
        )  # fmt: skip


def further_rows(panel: Panel, page: str, registers: Sequence[Register]) -> Iterator[Row]:
    """A page of its own tables: the four first, then every row of every table, each cell with the name of its column."""
    yield from about(panel, page, [column.result for column in panel.columns])
    yield ()
    yield HEADER
    yield from (_column_row("panel", panel.title, column) for column in panel.columns)
    for register in registers:
        yield from _register_rows(register)


def _register_rows(register: Register) -> Iterator[Row]:
    for first, *others in register.rows:
        said = (f"{name}: {cell}" if name else cell for name, cell in zip(register.head[1:], others, strict=False) if cell)
        yield _named(register.title, first, " · ".join(said))


def _annotation_rows(panel: Panel) -> Iterator[Row]:
    yield from (_named("annotation", str(note.day), str(note.text)) for note in panel.annotations)


def _trend_rows(panel: Panel) -> Iterator[Row]:
    """All four of every stretch, with their control limits and what they signal."""
    controls = panel.controls or (None,) * len(Family)
    for index, point in enumerate(panel.trend):
        label = f"{point.period.start} – {point.period.end}"
        for result, control in zip(point.results, controls, strict=True):
            yield (*_result_row("trend", label, _told(result))[:-3], *_limits(control, index))


def _told(result: Result) -> Result:
    """A point of a trend is drawn without words; in a file it has its unit and sample like every figure."""
    metric = registry.metrics().get(result.metric)
    return result if result.sample_text or metric is None else in_words(result, metric, max(settings.WELLBEING_MIN_GROUP, FLOOR))


def _limits(control: Control | None, index: int) -> Row:
    if control is None or not control.lower:
        return (None, None, "")
    return (control.lower[index], control.upper[index], control.signal_at(index))


def sheet_rows(sheet: Sheet) -> Iterator[Row]:
    """The four first, then every group of figures; a group with a saving holds its companions too."""
    yield from sheet_head(sheet)
    yield ()
    yield HEADER
    yield from (_column_row("panel", sheet.panel.title, column) for column in sheet.panel.columns)
    for section in sheet.sections:
        yield from _group(section.title, sheet.panel.title, section.columns, sheet.panel)
    for table in sheet.breakdowns:
        for line in table.lines:
            yield from _group(table.title, line.label, line.columns, sheet.panel)
    for register in sheet.registers:
        yield from _register_rows(register)


def case_rows(found: CaseList) -> Iterator[Row]:
    """A list of contacts: what it is, the days it speaks of, and one row for each."""
    yield (_("List"), str(found.kind.label))
    yield (_("Holds"), str(found.kind.words))
    yield (_("Period"), found.period_text, found.period.start.isoformat(), found.period.end.isoformat())
    yield ()
    yield ("closed_on", "customer", "intent", "channel", "queue", "source", "contact", "why")
    for case in found.cases:
        yield (case.day.isoformat(), case.customer, case.intent, case.channel, case.queue, case.source, case.reference, case.why)


def _group(section: str, label: str, columns: Sequence[Column], panel: Panel) -> Iterator[Row]:
    for column in columns:
        yield _column_row(section, label, column)
        if column.notes:
            yield _named(section, label, f"{column.result.label}: {' · '.join(column.notes)}")
        for assumption, text in column.result.assumptions:
            yield _named(section, label, f"{column.result.label}: {assumption}: {text}")
    if any(column.result.family is Family.SAVINGS for column in columns):
        yield from (_column_row(section, panel.title, column) for column in panel.columns)


def _column_row(section: str, label: str, column: Column) -> Row:
    return _result_row(section, label, column.result, column.change)


def _result_row(section: str, label: str, result: Result, change: Change | None = None) -> Row:
    moved = change or Change()
    return (
        section, str(label), result.metric, str(result.label), result.value, str(result.text), str(result.unit_text),
        result.low, result.high, str(result.interval_text), result.n, str(result.sample_text), str(result.status), reasons_of(result),
        moved.value, moved.low, moved.high, str(moved.text), str(moved.words),
        result.period_start.isoformat(), result.period_end.isoformat(), str(result.scope), result.data_as_of.isoformat(),
        result.definition_version, str(result.restated.text) if result.restated else "",
        _("yes") if result.provisional else "",
        None, None, "",
    )  # fmt: skip


def reasons_of(result: Result) -> str:
    """The codes, and in words what the page says in place of the number."""
    words = " ".join(str(sentence) for sentence in result.why)
    return " – ".join(part for part in ("; ".join(result.reasons), words) if part)


def _step_rows(panel: Panel) -> Iterator[Row]:
    """Where the FTE come from, with the three companions of the same scope and period in the same group."""
    if not panel.steps:
        return
    saving = next(column.result for column in panel.columns if column.result.family is Family.SAVINGS)
    for step in panel.steps:
        yield _padded(
            section="step", row=str(step.label), metric=f"{saving.metric}.{step.key}", value=step.value, text=str(step.text), unit="FTE",
            status=str(saving.status), n=saving.n, sample=str(saving.sample_text), interval=str(step.sample),
            period_start=saving.period_start.isoformat(),
            period_end=saving.period_end.isoformat(), scope=str(saving.scope), data_as_of=saving.data_as_of.isoformat(),
            definition_version=saving.definition_version,
        )  # fmt: skip
    yield from (_column_row("step", panel.title, column) for column in panel.columns if column.result.family is not Family.SAVINGS)


def _week_rows(panel: Panel) -> Iterator[Row]:
    for week in panel.growth.weeks:
        text = _("not known") if week.contacts is None else str(week.contacts)
        yield _padded(section="week", row=week.start.isoformat(), metric="contacts", value=week.contacts, text=text)


def _named(section: str, row: str, text: str) -> Row:
    return _padded(section=section, row=row, text=text)


def _padded(**cells: Value) -> Row:
    return tuple(cells.get(str(name)) for name in HEADER)


def private_rejected_rows(rows: Iterable[RejectedRow]) -> Iterator[Row]:
    """Where the answers of people were not understood, without the answers: to be corrected in the system they came from."""
    yield ("line", "column", "problem", "expected")
    for row in rows:
        yield from ((row.line, item["column"], item["problem"], item["expected"]) for item in row.problems)
