"""The scenarios as files: what the page prints, in the same digits, and no saving foreseen without its companions."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import openpyxl
import pytest
from django.test import Client

from kpi.export import BOM
from kpi.metric import Family
from kpi.result import Column, Panel, Query, Result
from tests.web.sample_panel import result, sample_panel, withheld_panel
from tests.web.test_pages import answers_with
from tests.web.test_scenarios import figures, reader, rows

__all__ = ["figures", "reader"]
pytestmark = pytest.mark.django_db


def test_the_book_holds_the_tables_of_the_page_in_the_same_digits(reader: Client, figures: dict[str, Result]) -> None:
    question = {"contacts": "500000", "years": "3"}
    page, book = reader.get("/scenarios/", question), reader.get("/export/scenarios.xlsx", question)
    sheets = openpyxl.load_workbook(io.BytesIO(book.content))
    assert sheets.sheetnames == [
        "Panel",
        "The coming years",
        "Calculator",
        "Agents of an interval",
        "From 100 to 50",
        "Targets",
        "Assumptions",
    ]
    _head, _seed, _plan, exact = rows(page, "calculator")
    found = [cell.value for cell in sheets["Calculator"][4]]
    assert found == [exact[0], *(float(cell.replace("\u202f", "")) for cell in exact[1:])]
    assumed = {str(row[0].value): row[1].value for row in sheets["Assumptions"].iter_rows()}
    assert 500_000 in assumed.values()


def test_the_rows_name_the_column_of_every_cell(reader: Client, figures: dict[str, Result]) -> None:
    answer = reader.get("/export/scenarios.csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode().removeprefix(BOM))))
    said = [" ".join(line) for line in lines if line[:1] == ["Calculator"]]
    assert any("104.17" in line and "people: " in line for line in said)
    assert [line[2] for line in lines if line[:1] == ["panel"]] == [column.result.metric for column in sample_panel().columns]


def test_an_outlook_that_is_withheld_leaves_its_reasons_and_no_year(
    reader: Client, figures: dict[str, Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers_with(monkeypatch, withheld_panel)
    sheets = openpyxl.load_workbook(io.BytesIO(reader.get("/export/scenarios.xlsx").content))
    cells = [[cell.value for cell in row] for row in sheets["The coming years"].iter_rows()]
    assert cells[1] == ["Outlook", "withheld"]
    assert cells[2][1].startswith("Agent wellbeing index: ")
    assert len(cells) == 3


def test_an_outlook_is_withheld_where_wellbeing_is_shown_but_too_old(
    reader: Client, figures: dict[str, Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stale(query: Query | None = None) -> Panel:
        panel = sample_panel(query)
        held = Column(withheld_panel().columns[3].result, panel.columns[3].change)
        return replace(panel, columns=(*panel.columns[:3], held), steps=())

    answers_with(monkeypatch, stale)
    assert "<b>Withheld.</b>" in reader.get("/scenarios/").content.decode()
    sheets = openpyxl.load_workbook(io.BytesIO(reader.get("/export/scenarios.xlsx").content))
    assert [cell.value for cell in sheets["The coming years"][2]] == ["Outlook", "withheld"]


def test_the_four_stand_on_the_sheet_of_the_outlook(reader: Client, figures: dict[str, Result]) -> None:
    for name in ("contained_share", "occupancy", "shrinkage"):
        figures[name] = result(Family.RESOLUTION, 0.3, 0.01, 100)
    sheet = openpyxl.load_workbook(io.BytesIO(reader.get("/export/scenarios.xlsx").content))["The coming years"]
    named = {row[0].value for row in sheet.iter_rows()}
    assert {column.result.label for column in sample_panel().columns} <= named


def test_the_menu_leads_to_them_with_all_that_was_typed(reader: Client) -> None:
    page = reader.get("/scenarios/", {"contacts": "500000"}).content.decode()
    assert 'href="/export/scenarios.xlsx?contacts=500000"' in page
