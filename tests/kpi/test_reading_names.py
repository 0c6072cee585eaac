"""No name in clear of a rejected row, wherever it stands."""

from pathlib import Path

from kpi.source import Rejected
from tests.kpi.reading_help import cell, file_of, read

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
