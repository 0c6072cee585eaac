"""Rejected rows written to a file, corrected, and sent again, by the command line and through the admin."""

import csv
import io
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from kpi import ingest
from kpi.admin.imports import rejected_csv
from kpi.cells.inert import DANGEROUS, LOOKALIKE
from kpi.models import ImportRun, Interaction
from tests.kpi.ingest_help import contact, put

pytestmark = pytest.mark.django_db
FORMULAS = ("=cmd()|x", "'=cmd()|x", "＝1+1", "@sum", "-1", "+x", "it's")


def by_command(run: ImportRun) -> str:
    file = io.StringIO()
    ingest.write_csv(run.pk, file)
    return file.getvalue()


def by_admin(run: ImportRun) -> str:
    return rejected_csv(run).content.decode()


ROUTES = pytest.mark.parametrize("route", [by_command, by_admin])


def send_again(route: Callable[[ImportRun], str], path: Path, wrong: str, right: str) -> ingest.Outcome:
    path.write_text(route(ImportRun.objects.latest("pk")).replace(wrong, right), encoding="utf-8", newline="")
    run, _ = ingest.open_run(path, "interactions_csv")
    return ingest.store(run.pk)


@ROUTES
def test_no_cell_of_the_rejected_rows_runs_in_a_spreadsheet(route: Callable[[ImportRun], str], tmp_path: Path) -> None:
    put(tmp_path / "night.csv", [contact(text, talk_s="bad") for text in FORMULAS])
    rows = list(csv.reader(io.StringIO(route(ImportRun.objects.get()).removeprefix("\ufeff"), newline="")))
    cells = [cell for row in rows for cell in row if cell != "-1"]
    assert "'=cmd()|x" in cells
    assert not [cell for cell in cells if cell[:1] and unicodedata.normalize("NFKC", cell[0]) in DANGEROUS]


@ROUTES
def test_what_protected_a_cell_is_gone_when_it_comes_back(route: Callable[[ImportRun], str], tmp_path: Path) -> None:
    put(tmp_path / "night.csv", [contact(text, talk_s="bad") for text in FORMULAS])
    outcome = send_again(route, tmp_path / "again.csv", "bad", "60")
    assert (outcome.fates.new, outcome.fates.rejected) == (len(FORMULAS), 0)
    assert set(Interaction.objects.values_list("external_id", flat=True)) == set(FORMULAS)


def test_an_apostrophe_of_any_other_file_stays(tmp_path: Path) -> None:
    put(tmp_path / "night.csv", [contact("'=x")])
    assert Interaction.objects.get().external_id == "'=x"


def test_every_character_that_would_run_is_known() -> None:
    signs = [chr(code) for code in range(128, sys.maxunicode) if unicodedata.normalize("NFKC", chr(code)) in (*"=+-@",)]
    assert sorted(signs) == sorted(LOOKALIKE)


@ROUTES
def test_dates_whose_order_another_line_showed_are_read_again(route: Callable[[ImportRun], str], tmp_path: Path) -> None:
    days = ["03/04/2026 9:15:00Z", "13/04/2026 10:00:00Z", "31/02/2026 11:00Z"]
    put(
        tmp_path / "night.csv",
        [contact("a", started_at=days[0], talk_s="bad"), contact("b", started_at=days[1]), contact("c", started_at=days[2])],
    )
    found = ImportRun.objects.get().rejected_rows.get(line=4)
    assert (found.problems[0]["found"], found.row["started_at"]) == (days[2], "2026-02-31T11:00Z")
    outcome = send_again(route, tmp_path / "again.csv", "bad", "60")
    assert (outcome.fates.new, outcome.fates.rejected) == (1, 1)
    assert Interaction.objects.get(external_id="a").started_at.isoformat() == "2026-04-03T09:15:00+00:00"


def test_ambiguous_dates_are_refused_with_the_option_that_helps(tmp_path: Path) -> None:
    outcome = put(tmp_path / "night.csv", [contact("a", started_at="03/04/2026 09:15Z")])
    assert outcome.state == "failed"
    assert "--date-order day_first" in outcome.message
