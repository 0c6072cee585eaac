"""Books for spreadsheets: equal to the page, read back by another library; no formula, whatever a team is called."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest

from kpi import words
from kpi.export import panel_book, panel_rows, sheet_book
from kpi.export.figures import as_number, numbers_of
from kpi.export.workbook import Number, Table, render_book, sheet_name
from kpi.metric import Family, Status, Unit
from kpi.result import Breakdown, Change, Column, Line, Moved, Panel, Register, Section, Sheet, Verdict
from tests.web.sample_panel import STEPS, WITHHELD, sample_panel, withheld_panel

HOSTILE = [
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠a", " =1", "{=1}",
    "http://a.example", "mailto:a@b.example", "007", "1e5", "x" * 40_000,
]  # fmt: skip


def read(book: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(book))


def lines(sheet: Any) -> dict[str, list[Any]]:
    """{first cell: the others}; the first of that name."""
    found: dict[str, list[Any]] = {}
    for row in sheet.iter_rows():
        found.setdefault(str(row[0].value), list(row[1:]))
    return found


def in_digits(cell: Any) -> str:
    """What a spreadsheet prints of a number in its format."""
    form = cell.number_format
    decimals = len(form.partition(".")[2].rstrip("%"))
    value = cell.value * 100 if form.endswith("%") else cell.value
    return words.number(value, decimals)


def capacity(panel: Panel) -> Sheet:
    """A page with a further saving."""
    saving = panel.columns[3]
    further = Column(replace(saving.result, metric="net_saving", label="Net saving"), saving.change, ("a year",))
    table = Breakdown("By queue", (Line("Billing", panel.columns[:1]), Line("Orders", panel.columns[:1])))
    register = Register("Policies: in force / [now]", ("Intent", "Policy"), (("refund", "=1+1"),))
    section = Section("What is left", (further,))
    return Sheet("capacity", "Capacity", "What is left?", Verdict("A warning.", ()), panel, (section,), (table,), (register,))


def test_the_four_stand_first_and_side_by_side_in_the_digits_of_the_screen() -> None:
    panel = sample_panel()
    book = read(panel_book(panel))
    sheet = book.worksheets[0]
    assert (sheet.title, sheet.freeze_panes) == ("Panel", "B2")
    found = lines(sheet)
    assert [cell.value for cell in found["Measure"]] == [column.result.label for column in panel.columns]
    for place, column in enumerate(panel.columns):
        result = column.result
        assert found["As printed"][place].value == f"{result.text} {result.unit_text}"
        assert found["Value"][place].value == result.value
        assert in_digits(found["Value"][place]) == result.text
        assert (found["Low, 95 %"][place].value, found["High, 95 %"][place].value) == pytest.approx((result.low, result.high), rel=1e-14)
        assert found["Interval as printed"][place].value == result.interval_text
        assert (found["n"][place].value, found["Sample"][place].value) == (result.n, result.sample_text)
        assert found["Change as printed"][place].value == f"{column.change.text} {column.change.words}"
    assert found["Data"][0].value == panel.freshness.text
    assert found["Definition versions"][0].value == "csat 1; agent_wellbeing_index 1; resolution_quality 1; fte_reduction 1"
    assert found["Scope"][0].value == "All sites"


def test_every_table_of_the_page_has_a_sheet_whose_head_stays_in_view() -> None:
    panel = sample_panel()
    book = read(panel_book(panel))
    assert book.sheetnames == ["Panel", "Teams", "FTE steps", "Trend", "Contacts by week", "Annotations"]
    assert all(sheet.freeze_panes for sheet in book)
    assert book["Teams"].max_row == 1 + len(panel.teams)
    assert book["Trend"].max_row == 1 + len(panel.trend)
    assert [row[1].value for row in book["FTE steps"].iter_rows(min_row=2, max_row=1 + len(STEPS))] == [step.value for step in STEPS]
    assert book["Trend"]["B2"].value.date() == panel.trend[0].period.start


def test_every_sheet_with_a_saving_holds_its_companions() -> None:
    labels = [column.result.label for column in sample_panel().columns]
    for book in (read(panel_book(sample_panel())), read(sheet_book(capacity(sample_panel())))):
        for sheet in book:
            texts = {str(cell.value) for row in sheet.iter_rows() for cell in row}
            if any(name in texts for name in ("FTE reduction", "Net saving")):
                assert set(labels) <= texts, sheet.title


def test_a_saving_that_slips_into_a_table_without_the_three_stays_out_of_the_file() -> None:
    panel = sample_panel()
    table = Breakdown("By queue", (Line("Billing", (panel.columns[0], panel.columns[3])),))
    book = read(sheet_book(replace(capacity(panel), breakdowns=(table,))))
    assert "FTE reduction" not in {cell.value for row in book["By queue"].iter_rows() for cell in row}


def test_a_withheld_saving_is_a_word_and_its_reason_and_nowhere_a_number() -> None:
    book = read(panel_book(withheld_panel()))
    found = lines(book["Panel"])
    assert (found["Value"][3].value, found["Status"][3].value) == ("withheld", "withheld")
    assert WITHHELD in found["Reasons"][3].value
    assert "FTE steps" not in book.sheetnames
    head = [cell.value for cell in book["Trend"][1]]
    columns = [place for place, name in enumerate(head) if str(name).startswith("FTE reduction")]
    assert not [
        row[place].value
        for row in book["Trend"].iter_rows(min_row=2)
        for place in columns
        if row[place].data_type == "n" and row[place].value
    ]
    assert 9.6 not in {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}


def test_nothing_that_anybody_wrote_runs_or_leads_away() -> None:
    panel = sample_panel()
    teams = tuple(replace(panel.teams[0], label=name) for name in HOSTILE)
    notes = tuple(replace(panel.annotations[0], text=name) for name in HOSTILE)
    written = panel_book(replace(panel, title=HOSTILE[0], teams=teams, annotations=notes))
    book = read(written)
    for sheet in book:
        for row in sheet.iter_rows():
            assert not [cell.coordinate for cell in row if cell.data_type == "f" or cell.hyperlink]
    for place, name in enumerate(HOSTILE[:3]):
        cell = book["Teams"].cell(row=place + 2, column=1)
        assert (cell.value, cell.quotePrefix) == (name, True), "a text for good, also when it is edited or saved as CSV"
    assert book["Teams"].cell(row=HOSTILE.index("007") + 2, column=1).value == "007"
    with zipfile.ZipFile(io.BytesIO(written)) as packed:
        assert not [name for name in packed.namelist() if "externalLink" in name or "vba" in name.lower()]
        assert b"<f>" not in b"".join(packed.read(name) for name in packed.namelist())


@pytest.mark.parametrize("unit", Unit)
def test_the_format_of_a_number_has_the_digits_of_the_screen(unit: Unit) -> None:
    if unit is not Unit.GAP:  # no format of a spreadsheet shows a fraction as points: the words beside it do
        form = numbers_of(unit)
        assert len(form.partition(".")[2].rstrip("%")) == words.DECIMALS[unit]
        assert form.endswith("%") == (words.scaled(1, unit) == 100)


def test_names_of_sheets_are_short_apart_and_without_what_spreadsheets_refuse() -> None:
    used: set[str] = set()
    names = [sheet_name(title, used) for title in ("Policies: in force / [now]", "a" * 40, "A" * 40, "''", "")]
    assert len({name.lower() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_the_same_figures_give_the_same_file_and_an_empty_table_is_no_error() -> None:
    assert panel_book(sample_panel()) == panel_book(sample_panel())
    assert read(render_book([Table("Empty", [])], title="x", made=date(2026, 10, 5))).sheetnames == ["Empty"]


def test_a_figure_without_a_number_says_so_in_words() -> None:
    few = replace(
        sample_panel().columns[0].result, status=Status.INSUFFICIENT, value=None, text="–", reasons=("n:3",), family=Family.CUSTOMER
    )
    panel = sample_panel()
    shown = replace(panel, columns=(Column(few, panel.columns[0].change), *panel.columns[1:]))
    assert lines(read(panel_book(shown))["Panel"])["Value"][0].value == "not enough data"


@pytest.mark.parametrize(
    ("text", "value", "form"),
    [
        ("23.9", 23.9, "#,##0.0"), ("165\u202f964", 165964.0, "#,##0"), ("\u2212239\u202f543", -239543.0, "#,##0"),
        ("58.3\u202f%", 0.583, "#,##0.0%"), ("+2.2", 2.2, "#,##0.0"),
    ],
)  # fmt: skip
def test_a_printed_number_becomes_the_number_it_prints(text: str, value: float, form: str) -> None:
    found = as_number(text)
    assert isinstance(found, Number)
    assert (found.value, found.form) == (pytest.approx(value), form)


@pytest.mark.parametrize("text", ["", "21.4 to 26.4", "–", "14: enough", "=1", "7 Jul 2026", "1e5", "12.", "1\u202f2"])
def test_any_other_text_stays_a_text(text: str) -> None:
    assert as_number(text) == text


def test_what_changed_is_in_the_book_and_in_the_rows() -> None:
    moved = Moved(
        3, "Lark", "csat", "CSAT", Family.CUSTOMER, "81.4 %", Change(text="▲ 3", words="better, beyond noise"), "+1 to +5", "412 answers"
    )
    panel = replace(sample_panel(), changed=(moved,))
    cells = [cell.value for cell in read(panel_book(panel))["What changed"][2]]
    assert cells == ["CSAT", "Lark", "81.4 %", "412 answers", "▲ 3", "+1 to +5", "better, beyond noise"]
    [row] = [row for row in panel_rows(panel) if row and row[0] == "changed"]
    assert row[:4] == ("changed", "Lark", "csat", "CSAT")
    assert "412 answers" in row
