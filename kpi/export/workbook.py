"""Tables to an XLSX file: texts are texts whatever they begin with, numbers show the digits of the screen, heads stay in view."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from kpi.export.cells import inert

LONGEST_TEXT = 32_000  # a cell holds 32 767 letters
LONGEST_NAME = 31
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
PLAIN = "General"
DAY = "yyyy-mm-dd"


@dataclass(frozen=True)
class Number:
    """A number as it is stored, with the format that shows it as the screen does."""

    value: float
    form: str = PLAIN


Cell = str | int | date | Number | None


@dataclass(frozen=True)
class Table:
    """One sheet of the book. `head` is the row that stays in view, with `fixed` columns of it."""

    title: str
    rows: Sequence[Sequence[Cell]]
    head: int = 0
    fixed: int = 1
    strong: frozenset[int] = frozenset()  # rows in bold, besides the head
    widths: Mapping[int, int] = field(default_factory=dict)


def render_book(tables: Iterable[Table], *, title: str, made: date) -> bytes:
    """The same tables give the same bytes: the file is dated by its data, not by the clock."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": title, "author": "Counterweight", "created": datetime.combine(made, time())})
        looks = Looks(book)
        names: set[str] = set()
        for table in tables:
            sheet = book.add_worksheet(sheet_name(table.title, names))
            sheet.set_header("&L" + title.replace("&", "&&")[:200])
            _write(sheet, table, looks)
    return out.getvalue()


class Looks:
    """Each format is made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, object], ...], Any] = {}

    def of(self, **asked: object) -> Any:
        key = tuple(sorted(asked.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({"valign": "top", **asked})
        return self.made[key]


def _write(sheet: Any, table: Table, looks: Looks) -> None:
    longest = max(map(len, table.rows), default=1)
    for column in range(longest):
        sheet.set_column(column, column, table.widths.get(column, 14))
    sheet.freeze_panes(table.head + 1, table.fixed)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(table.head)
    sheet.set_footer("&L&A&R&P / &N")
    for row, cells in enumerate(table.rows):
        bold = row == table.head or row in table.strong
        for column, cell in enumerate(cells):
            _write_cell(sheet, row, column, cell, looks, bold)


def _write_cell(sheet: Any, row: int, column: int, cell: Cell, looks: Looks, bold: bool) -> None:
    look = {"bold": True} if bold else {}
    if isinstance(cell, Number):
        sheet.write_number(row, column, cell.value, looks.of(num_format=cell.form, **look))
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell, looks.of(num_format="#,##0", **look))
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, datetime.combine(cell, time()), looks.of(num_format=DAY, align="left", **look))
    elif cell:
        text = str(cell)
        if inert(text) != text:  # the sign of a text: also what somebody edits or saves as CSV does not begin to run
            look = {**look, "quote_prefix": True}
        sheet.write_string(row, column, _shortened(text), looks.of(text_wrap=bold or len(text) > 40, num_format="@", **look))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"


def sheet_name(title: str, used: set[str]) -> str:
    """A name spreadsheets take, and no other sheet has."""
    plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip(" '")[:LONGEST_NAME].strip(" '") or "Table"
    name, further = plain, 1
    while name.lower() in used:
        further += 1
        tail = f" {further}"
        name = plain[: LONGEST_NAME - len(tail)] + tail
    used.add(name.lower())
    return name
