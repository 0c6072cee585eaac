"""A page as a book for spreadsheets: the four side by side on the first sheet, then a sheet for each table of the page.

Wherever a saving stands, the three it is paid with stand in the same row or in the same sheet; a cell without a number says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from kpi.cases import CaseList
from kpi.export.cells import Row
from kpi.export.figures import LONG, as_number, long_row, numbers_of, short_cells, short_head, side_by_side, volume_rows
from kpi.export.head import about, panel_head, sheet_head
from kpi.export.rows import case_rows
from kpi.export.workbook import Cell, Number, Table, render_book
from kpi.metric import Family, Unit
from kpi.result import Breakdown, Column, Panel, Register, Sheet
from kpi.words import span

WIDE = {0: 26}


def panel_book(panel: Panel) -> bytes:
    """The overview."""
    tables = [_first(panel, panel_head(panel)), *_of_panel(panel)]
    return render_book(tables, title=f"{panel.title}, {panel.period_text}", made=panel.columns[0].result.data_as_of)


def sheet_book(sheet: Sheet) -> bytes:
    """A page beside the overview, with the panel its figures stand beside."""
    panel = sheet.panel
    tables = [_first(panel, sheet_head(sheet)), *_figures(sheet), *map(_breakdown, sheet.breakdowns), *_registers(sheet)]
    return render_book(tables, title=f"{sheet.title}: {panel.title}, {panel.period_text}", made=panel.columns[0].result.data_as_of)


def further_book(panel: Panel, page: str, registers: Sequence[Register]) -> bytes:
    """A page of its own tables, the panel first; a cell that prints a number is one."""
    head = about(panel, page, [column.result for column in panel.columns])
    tables = [_first(panel, head), *(Table(item.title, _with_numbers(item), widths={0: 26}) for item in registers)]
    return render_book(tables, title=f"{page}: {panel.title}, {panel.period_text}", made=panel.columns[0].result.data_as_of)


def case_book(found: CaseList) -> bytes:
    """A list of contacts: what it is, and one row for each, the heads in view."""
    rows = [tuple(map(_cell, row)) for row in case_rows(found)]
    head = next(place for place, row in enumerate(rows) if not row) + 1
    widths = {0: 14, 1: 22, 2: 24, 6: 28, 7: 44}
    table = Table(str(found.kind.label), rows, head=head, fixed=0, widths=widths)
    return render_book([table], title=f"{found.kind.label}, {found.period_text}", made=found.period.end)


def _with_numbers(register: Register) -> list[Sequence[Cell]]:
    return [register.head, *([row[0], *map(as_number, row[1:])] for row in register.rows)]


def _first(panel: Panel, head: Iterator[Row]) -> Table:
    """The four side by side, and below them what the numbers cannot be read without."""
    four = [(_("Measure"), *(str(column.result.label) for column in panel.columns)), *side_by_side(panel.columns)]
    said: list[tuple[Cell, ...]] = [tuple(_cell(item) for item in row) for row in head]
    return Table(
        _("Panel"),
        [*four, (), (_("About this file"),), *said],
        strong=frozenset({1, len(four) + 1}),
        widths={0: 22, **dict.fromkeys(range(1, 5), 34)},
    )


def _cell(item: str | int | float | None) -> Cell:
    return Number(item) if isinstance(item, float) else item


def _of_panel(panel: Panel) -> Iterator[Table]:
    if panel.changed:
        yield _changed(panel)
    if panel.teams:
        rows = [(str(team.label), str(team.site), *short_cells(team.columns)) for team in panel.teams]
        yield Table(_("Teams"), [(_("Team"), _("Site"), *short_head(panel.columns)), *rows], widths=WIDE, fixed=2)
    if panel.steps:
        yield _steps(panel)
    if panel.trend:
        yield _trend(panel)
    if panel.growth.weeks:
        yield Table(_("Contacts by week"), [(_("Week of"), _("Contacts"), _("Status")), *volume_rows(panel.growth)], widths={2: 30})
    if panel.annotations:
        yield Table(_("Annotations"), [(_("Day"), _("Text")), *((note.day, str(note.text)) for note in panel.annotations)], widths={1: 80})


def _changed(panel: Panel) -> Table:
    """What moved beyond noise; no saving is among it."""
    head = (_("Figure"), _("Where"), _("Now"), _("Sample"), _("Change"), _("Interval of the change"), _("In words"))
    rows = [
        (
            str(item.label),
            str(item.where or panel.title),
            str(item.text),
            str(item.sample_text),
            str(item.change.text),
            str(item.interval_text),
            str(item.change.words),
        )
        for item in panel.changed
    ]
    return Table(_("What changed"), [head, *rows], widths={0: 28, 1: 22, 3: 28, 6: 40})


def _steps(panel: Panel) -> Table:
    """From base practice to now, and below it all four of the same scope and period."""
    steps = [(str(step.label), Number(step.value, numbers_of(Unit.FTE)), str(step.text)) for step in panel.steps]
    four = [long_row(panel.title, column) for column in panel.columns]
    rows: list[Sequence[Cell]] = [(_("Where the FTE come from"), _("FTE"), _("As printed")), *steps, (), LONG(), *four]
    return Table(_("FTE steps"), rows, strong=frozenset({len(steps) + 2}), widths={0: 34, 1: 26})


def _trend(panel: Panel) -> Table:
    """A row holds all four of one stretch, their control limits and what they signal."""
    head = (_("Days"), _("First day"), _("Day after"), *short_head(panel.columns, changes=False), *_control_head(panel))
    rows = []
    for index, point in enumerate(panel.trend):
        columns = [Column(result, panel.columns[place].change) for place, result in enumerate(point.results)]
        cells = short_cells(columns, changes=False)
        rows.append((span(point.period), point.period.start, point.period.end, *cells, *_control_cells(panel, index)))
    return Table(_("Trend"), [head, *rows], widths={0: 28}, fixed=1)


def _control_head(panel: Panel) -> Iterator[str]:
    for column in panel.columns if panel.controls else ():
        yield from (f"{column.result.label}: {name}" for name in (_("lower control limit"), _("upper control limit"), _("signal")))


def _control_cells(panel: Panel, index: int) -> Iterator[Cell]:
    for control, column in zip(panel.controls, panel.columns, strict=False):
        form = numbers_of(column.result)
        limits = (control.lower[index], control.upper[index]) if control.lower else (None, None)
        yield from (None if limit is None else Number(limit, form) for limit in limits)
        yield control.signal_at(index)


def _figures(sheet: Sheet) -> Iterator[Table]:
    """Every figure of the page under its heading; under a heading with a saving the four stand too."""
    rows: list[Sequence[Cell]] = []
    for section in sheet.sections:
        rows += [long_row(section.title, column) for column in section.columns]
        if any(column.result.family is Family.SAVINGS for column in section.columns):
            rows += [long_row(section.title, column) for column in sheet.panel.columns]
    if rows:
        yield Table(_("Figures"), [LONG(), *rows], widths={0: 26, 1: 30, len(LONG()) - 1: 60}, fixed=2)


def _breakdown(table: Breakdown) -> Table:
    columns = [column for column in table.lines[0].columns if _may_stand(table.lines[0].columns, column)]
    rows = [
        (str(line.label), *short_cells([column for column in line.columns if _may_stand(line.columns, column)])) for line in table.lines
    ]
    return Table(table.title, [(table.title, *short_head(columns)), *rows], widths=WIDE)


def _may_stand(beside: Sequence[Column], column: Column) -> bool:
    """The pages put no saving into such a table; one that came without all four of its line would stay out of the file too."""
    return column.result.family is not Family.SAVINGS or {item.result.family for item in beside} == set(Family)


def _registers(sheet: Sheet) -> Iterator[Table]:
    for register in sheet.registers:
        yield Table(register.title, [register.head, *register.rows], widths=dict.fromkeys(range(len(register.head)), 24))
