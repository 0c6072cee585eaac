"""Rows of a file: each meets a fate, by its physical line (fault cases 29, 31, 37, 43, 50, 52, 54)."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.cells import pseudonym_of, pseudonym_text
from kpi.reading import Limits, look, read_blocks
from kpi.source import Reading
from kpi.sources.interactions_csv import SOURCE as INTERACTIONS
from tests.kpi.reading_help import DATA, KEY, NOW, ROW, cell, file_of, read, table

GOOD = "c{0},2026-11-20T09:00:00Z,voice,care,{1}\n"
HEAD = "external_id,started_at,channel,queue,team\n"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "rows.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_every_field_arrives_with_its_type(tmp_path):
    found = cell(tmp_path, "wait_s", "3")
    schema = found.accepted.schema
    assert schema["line"] == pl.Int64
    assert schema["started_at"] == schema["reopened_at"] == pl.Datetime("us", "UTC")
    assert schema["wait_s"] == schema["customer_sentiment"] == pl.Float64
    assert schema["transfers"] == schema["agent"] == schema["customer"] == pl.Int64
    assert schema["resolved"] == pl.Boolean
    assert schema["team"] == schema["handled_by"] == pl.String
    assert found.accepted.columns == ["line", *(column.field for column in INTERACTIONS.columns)]


def test_empty_is_unknown_and_zero_is_zero(tmp_path):
    row = read(file_of(tmp_path, {"wait_s": "0", "talk_s": "", "transfers": "0", "team": ""})).accepted.row(0, named=True)
    assert (row["wait_s"], row["talk_s"], row["transfers"], row["team"]) == (0.0, None, 0, None)


def test_a_negative_duration_an_end_before_the_start_and_a_wait_of_three_days_are_rejected():
    found = read(DATA / "durations_impossible.csv")
    assert found.problems == [
        (2, "talk_s", "negative"),
        (3, "ended_at", "ends_before_start"),
        (4, "wait_s", "duration_too_long"),
        (6, "human_reached_at", "before_start"),
        (7, "prompts_dismissed", "more_dismissed_than_shown"),
    ]
    assert found.accepted["external_id"].to_list() == ["email-waits-3-days", "all-zero"]
    assert found.lines == 7


def test_a_rejection_says_what_was_found_and_what_would_be_right(tmp_path):
    [item] = cell(tmp_path, "wait_s", "1_000").rejected
    assert (item.line, item.column, item.found, item.problem) == (2, "wait_s", "1_000", "not_a_number")
    assert "no thousands marks" in item.expected
    assert item.row["external_id"] == "c1"


def test_a_missing_required_cell_is_named(tmp_path):
    assert cell(tmp_path, "queue", "").problems == [(2, "queue", "missing")]


def test_several_problems_of_one_row_are_all_named_and_the_row_counts_once(tmp_path):
    found = read(file_of(tmp_path, {"wait_s": "x", "resolved": "maybe"}, {}))
    assert found.problems == [(2, "wait_s", "not_a_number"), (2, "resolved", "not_a_boolean")]
    assert found.lines == 2
    assert found.accepted.height == 1


def test_ids_stay_as_they_are(tmp_path):
    ids = ["007", "1e5", "NA", "null", "1234567890123456789", "nan", "TRUE"]
    assert read(file_of(tmp_path, *[{"external_id": name} for name in ids])).accepted["external_id"].to_list() == ids


def test_a_rejected_row_holds_pseudonyms_and_can_be_sent_again(tmp_path):
    row = {"agent_id": "anna@example.com", "customer_id": "Ada Lovelace", "wait_s": "oops"}
    [item] = read(file_of(tmp_path, row)).rejected
    assert item.row["agent_id"] == pseudonym_text(pseudonym_of("anna@example.com", KEY))
    assert "Ada" not in json.dumps(dict(item.row))
    again = read(file_of(tmp_path, {**item.row, "wait_s": "3"})).accepted
    assert again["agent"][0] == pseudonym_of("anna@example.com", KEY)
    assert again["customer"][0] == pseudonym_of("Ada Lovelace", KEY)


def test_a_person_that_cannot_be_read_is_masked_all_the_same(tmp_path):
    [item] = cell(tmp_path, "agent_id", " Ada Lovelace").rejected
    assert item.problem == "blanks_around"
    assert item.found.startswith("pseudonym:")
    assert "Ada" not in str(item)


def test_names_in_columns_nobody_asked_for_are_kept_nowhere(tmp_path):
    [item] = read(file_of(tmp_path, {"customer_name": "Ada Lovelace", "wait_s": "x"})).rejected
    assert "Ada" not in str(item)


def test_a_nul_byte_rejects_its_row_alone(tmp_path):
    found = read(write(tmp_path, HEAD.encode() + b"c1,2026-11-20T09:00:00Z,voice,care,a\x00b\n" + GOOD.format(2, "x").encode()))
    assert found.problems == [(2, "team", "control_character")]
    assert found.rejected[0].found == "a␀b"
    assert "\0" not in json.dumps(dict(found.rejected[0].row))
    assert found.accepted["line"].to_list() == [3]


@pytest.mark.parametrize("quoted", ["x", '"x"', '"x\ny"'])
def test_a_quote_never_closed_is_named_and_swallows_nothing(tmp_path, quoted):
    """Line 500 opens a quote that nothing closes; whatever stands in the other lines."""
    spans = quoted.count("\n")
    lines = [GOOD.format(place, quoted) for place in range(3000)]
    start = 2 + 498 * (1 + spans)
    lines[498] = GOOD.format(498, '"never closed')
    found = read(write(tmp_path, HEAD + "".join(lines)), rows=1000)
    assert found.problems == [(start, "", "broken_quote")]
    assert found.accepted.height == 2999
    assert found.accepted["line"][-1] == start + 1 + 2500 * (1 + spans)


def test_the_line_where_the_quote_opened_is_named_inside_a_row_of_several_lines(tmp_path):
    text = HEAD + 'c1,"2026-11-20T09:00:00Z\n",voice,"care\n' + GOOD.format(2, "x")
    found = read(write(tmp_path, text))
    assert found.problems == [(3, "", "broken_quote")]
    assert found.accepted["line"].to_list() == [4]


def test_a_ragged_row_is_counted_and_its_content_not_kept(tmp_path):
    text = HEAD + GOOD.format(1, "x") + "c2,2026-11-20T09:00:00Z,voice\n" + GOOD.format(3, "x,Ada,Lovelace") + GOOD.format(4, "x")
    found = read(write(tmp_path, text))
    assert [(item.line, item.problem, item.found) for item in found.rejected] == [
        (3, "ragged_row", "3 fields found, 5 expected"),
        (4, "ragged_row", "7 fields found, 5 expected"),
    ]
    assert [item.row for item in found.rejected] == [{}, {}]
    assert found.accepted["line"].to_list() == [2, 5]
    assert found.lines == 4


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_physical_with_quoted_newlines_and_blank_lines(tmp_path, end):
    text = end.join(
        [HEAD.strip(), "", GOOD.format(1, '"two').strip(), 'lines"', GOOD.format(2, "x").strip(), "", GOOD.format(3, '"a ""b"" c"').strip()]
    )
    found = read(write(tmp_path, text.encode()))
    assert found.accepted["line"].to_list() == [3, 5, 7]
    assert found.accepted["team"].to_list() == ["two\nlines", "x", 'a "b" c']
    assert found.lines == 3


def test_blank_lines_before_the_header_are_lines_too(tmp_path):
    assert read(write(tmp_path, "\n\r\n" + HEAD + GOOD.format(1, "x"))).accepted["line"].to_list() == [4]


def test_quotes_inside_a_cell_that_is_not_quoted_are_kept(tmp_path):
    found = read(write(tmp_path, HEAD + GOOD.format(1, '5" screen') + GOOD.format(2, '"x"')))
    assert found.accepted["team"].to_list() == ['5" screen', "x"]


def test_a_row_longer_than_a_row_may_be_is_rejected(tmp_path):
    text = HEAD + GOOD.format(1, "x" * 200_000) + GOOD.format(2, "x")
    assert read(write(tmp_path, text)).problems == [(2, "", "line_too_long")]
    text = HEAD + GOOD.format(1, "x" * 200_000) + GOOD.format(2, '"x"')
    assert read(write(tmp_path, text)).problems == [(2, "", "line_too_long")]


def test_a_last_line_without_its_newline_is_a_line(tmp_path):
    assert read(write(tmp_path, HEAD + GOOD.format(1, "x").strip())).lines == 1


def test_many_rejected_rows_come_in_parts_and_none_is_lost(tmp_path):
    rows = [{**ROW, "external_id": f"c{place}", "wait_s": "x"} for place in range(25_000)]
    found = read(write(tmp_path, table(rows) + "ragged\n"), rows=100_000)
    assert len(found.rejected) == found.lines == 25_001
    assert found.accepted.height == 0


def test_progress_ends_at_the_size_of_the_file(tmp_path):
    path, heard = file_of(tmp_path, {}), []
    facts = look(path, INTERACTIONS)
    list(read_blocks(path, INTERACTIONS, facts, Reading(None, NOW.timestamp(), KEY), progress=heard.append))
    assert heard[-1] == facts.size


def test_local_times_across_the_spring_change_of_london():
    found = read(DATA / "times_london_spring.csv", zone="Europe/London")
    hours = [value.strftime("%H:%M") for value in found.accepted["started_at"]]
    assert hours == ["00:30", "00:59", "01:00", "01:30", "23:30"]
    assert found.accepted["started_at"].dt.day().to_list() == [29, 29, 29, 29, 28]
    assert found.problems == [(4, "started_at", "missing_hour"), (5, "started_at", "missing_hour")]


def test_the_doubled_hour_of_london_is_read_as_its_first():
    found = read(DATA / "times_london_autumn.csv", zone="Europe/London")
    assert [value.strftime("%H:%M") for value in found.accepted["started_at"]] == ["23:30", "00:30", "00:59", "01:30", "02:00"]
    assert found.problems == []


def test_times_without_offset_need_a_zone_and_those_with_one_keep_it(tmp_path):
    rows = [{"started_at": "2026-07-01T10:00:00+02:00"}, {"started_at": "2026-07-01T10:00:00"}, {"started_at": "2026-07-01T10:00:00Z"}]
    found = read(file_of(tmp_path, *rows))
    assert found.problems == [(3, "started_at", "no_offset")]
    assert found.accepted["started_at"].dt.hour().to_list() == [8, 10]
    found = read(file_of(tmp_path, *rows), zone="America/New_York")
    assert found.accepted["started_at"].dt.hour().to_list() == [8, 14, 10]


def test_the_zone_of_the_host_is_never_used(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        found = read(file_of(tmp_path, {"started_at": "2026-07-01T10:00:00"}), zone="UTC")
        assert found.accepted["started_at"][0] == datetime(2026, 7, 1, 10, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("ahead", "fine"), [(timedelta(minutes=59), True), (timedelta(hours=1, seconds=1), False), (timedelta(days=1), False)]
)
def test_a_moment_beyond_the_allowed_skew_is_rejected(tmp_path, ahead, fine):
    found = cell(tmp_path, "started_at", (NOW + ahead).isoformat().replace("+00:00", "Z"))
    assert found.problems == ([] if fine else [(2, "started_at", "in_future")])


def test_the_year_2062_is_rejected(tmp_path):
    assert cell(tmp_path, "started_at", "2062-01-01T00:00:00Z").problems == [(2, "started_at", "in_future")]


TEAMS = [
    "x",
    '"quoted"',
    '"two\nlines"',
    '"a ""b"""',
    '""',
    '"open',
    'x"y',
    '"x"y',
    'a","b',
    "a\0b",
    '"',
    '"open\n,2026',
    "e\u0301",
    "x\ry",
    '"\n\n"',
]
ODD_LINES = [
    "\n",
    "\r\n",
    "ragged,row\n",
    '"""\n',
    '""\n',
    GOOD.format(90, "ü").replace("voice", ""),
    GOOD.format(91, "x").replace("\n", "\r\n"),
]
PIECES = st.lists(st.sampled_from([*(GOOD.format(place, team) for place, team in enumerate(TEAMS)), *ODD_LINES]), max_size=14)


@settings(max_examples=100, deadline=None)
@given(pieces=PIECES, rows=st.integers(2, 9), end=st.booleans())
def test_any_block_size_gives_the_same_rows_and_rejections(tmp_path_factory, pieces, rows, end):
    path = tmp_path_factory.getbasetemp() / "split.csv"
    text = HEAD + "".join(pieces)
    path.write_bytes((text if end else text.rstrip("\n")).encode())
    limits = Limits(max_record=300)
    one, other = read(path, rows=1, limits=limits), read(path, rows=rows, limits=limits)
    assert one.accepted.equals(other.accepted)
    assert one.rejected == other.rejected
    assert one.lines == other.lines == one.accepted.height + len({item.line for item in one.rejected})


def test_a_word_of_no_closed_list_is_answered_with_the_list(tmp_path: Path) -> None:
    found = cell(tmp_path, "handled_by", "robot")
    assert found.rejected[0].expected == "one of the values this column knows: ai, human, hybrid"
