"""What an import says of files and cells it cannot use: once where once is enough, and never that something was found which was not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi.cells import expected
from kpi.ingest.outcome import BadRow
from kpi.ingest.telling import _wrong as told
from kpi.reading import found_in_words
from kpi.source import DateOrder, Refused
from tests.kpi.reading_help import Read, cell, file_of, read

WALL = {"started_at": "2026-07-01T10:00:00"}


def said(found: Read) -> str:
    problems = [vars(item) for item in found.rejected]
    return "\n".join(text for item in problems for text in told(BadRow(item["line"], (item,), {})))


def test_a_file_without_any_offset_is_refused_once_and_says_what_to_choose(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read(file_of(tmp_path, WALL, WALL, {"started_at": ""}))
    assert "its times carry no offset (line 2, started_at: “2026-07-01T10:00:00”)" in str(refused.value)
    assert "--zone Europe/Lisbon" in str(refused.value)


def test_with_a_zone_or_with_one_offset_among_them_rows_are_judged_one_by_one(tmp_path: Path) -> None:
    assert read(file_of(tmp_path, WALL, WALL), zone="Europe/Lisbon").problems == []
    assert read(file_of(tmp_path, WALL, {"started_at": "2026-07-01T10:00:00Z"})).problems == [(2, "started_at", "no_offset")]
    assert read(file_of(tmp_path, {"started_at": "soon"})).problems == [(2, "started_at", "not_a_time")]


def test_a_text_that_was_not_kept_is_not_called_empty(tmp_path: Path) -> None:
    found = said(cell(tmp_path, "handled_by", "Anna", talk_s="jane.doe@example.com"))
    assert "found “”" not in found
    assert found.count("found a text that was not kept; expected") == 2


def test_an_empty_cell_that_must_be_filled_has_nothing_in_it(tmp_path: Path) -> None:
    assert "column queue: found nothing; expected a value" in said(cell(tmp_path, "queue", ""))
    assert found_in_words({"found": "x", "expected": ""}) == "found “x”"


@pytest.mark.parametrize(("order", "text"), [(DateOrder.DAY_FIRST, "04/31/2026 10:00"), (DateOrder.MONTH_FIRST, "31/04/2026 10:00")])
def test_a_date_that_does_not_exist_says_in_which_order_it_was_read(tmp_path: Path, order: DateOrder, text: str) -> None:
    found = read(file_of(tmp_path, {"started_at": text}), zone="Europe/Lisbon", date_order=order)
    assert found.problems == [(2, "started_at", f"impossible_{order}")]
    first, other = ("day first", "month_first") if order is DateOrder.DAY_FIRST else ("month first", "day_first")
    assert f"the {first}" in expected(f"impossible_{order}")
    assert f"--date-order {other}" in found.rejected[0].expected
