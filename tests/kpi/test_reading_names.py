"""No name in clear of a rejected row, wherever it stands."""

import gzip
import zipfile
from pathlib import Path

import pytest

from kpi.source import Refused, Rejected
from kpi.sources.customer_answers_csv import SOURCE as ANSWERS
from tests.kpi.reading_help import cell, file_of, read, table

ANNA = "Anna Kowalska"


def everything(rejected: tuple[Rejected, ...]) -> str:
    return " ".join(f"{item.found} {item.expected} {dict(item.row)}" for item in rejected)


def test_the_wrong_cells_of_a_row_that_seems_shifted_are_not_kept(tmp_path: Path) -> None:
    found = cell(tmp_path, "handled_by", ANNA, talk_s="jane.doe@example.com", queue="billing")
    assert found.problems == [(2, "handled_by", "unknown_value"), (2, "talk_s", "not_a_number")]
    assert ANNA not in everything(found.rejected)
    assert "jane" not in everything(found.rejected)
    assert [item.found for item in found.rejected] == ["", ""]
    assert all("seems shifted" in item.expected and "line 2" in item.expected for item in found.rejected)
    assert (found.rejected[0].row["handled_by"], found.rejected[0].row["queue"]) == ("", "billing")


def test_a_missing_cell_beside_a_wrong_one_is_a_shifted_row_too(tmp_path: Path) -> None:
    found = cell(tmp_path, "handled_by", ANNA, queue="")
    assert len(found.problems) == 2
    assert ANNA not in everything(found.rejected)


def test_one_wrong_cell_is_kept_to_be_corrected(tmp_path: Path) -> None:
    found = cell(tmp_path, "handled_by", "robot")
    assert (found.rejected[0].found, found.rejected[0].row["handled_by"]) == ("robot", "robot")


def test_a_wrong_cell_with_an_address_is_not_kept(tmp_path: Path) -> None:
    found = cell(tmp_path, "talk_s", "jane.doe@example.com", queue="billing")
    assert "jane" not in everything(found.rejected)
    assert "not kept" in found.rejected[0].expected
    assert (found.rejected[0].row["talk_s"], found.rejected[0].row["queue"]) == ("", "billing")


def test_two_cells_that_only_do_not_go_together_are_no_shifted_row(tmp_path: Path) -> None:
    early = "2026-11-20T08:00:00Z"
    found = read(file_of(tmp_path, {"ended_at": early, "reopened_at": early}))
    assert [item.found for item in found.rejected] == [early, early]


@pytest.mark.parametrize("column", ["queue", "team", "channel", "intent", "external_id", "customer_id"])
@pytest.mark.parametrize("sign", ["\a", "\x1b", "\x7f", "\x85"])
def test_a_control_character_in_a_code_rejects_the_row(tmp_path: Path, column: str, sign: str) -> None:
    assert cell(tmp_path, column, f'"ab{sign}cd"').problems == [(2, column, "control_character")]


def test_tabs_and_line_breaks_in_comments_are_text_and_a_bell_in_one_is_kept(tmp_path: Path) -> None:
    row = {"external_id": "a", "answered_at": "2026-11-20T09:00:00Z", "question": "csat", "scale": "likert5", "score": "4"}
    path = tmp_path / "answers.csv"
    path.write_text(table([{**row, "comment": '"one\ttwo\nthree\a"'}]))
    found = read(path, ANSWERS)
    assert (found.problems, found.accepted["comment"].to_list()) == ([], ["one\ttwo\nthree\a"])


def test_a_tab_delimited_file_is_no_file_of_control_characters(tmp_path: Path) -> None:
    assert read(file_of(tmp_path, {"queue": "care"}, delimiter="\t")).problems == []


@pytest.mark.parametrize("packed", [False, True])
def test_a_workbook_is_named_and_its_bytes_are_not_quoted(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "calls.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    if packed:
        path.write_bytes(gzip.compress(path.read_bytes()))
    with pytest.raises(Refused, match=r"calls\.csv: this is a workbook \(\.xlsx\) .* save .* as CSV") as refused:
        read(path)
    assert str(refused.value).isprintable()
