"""Qualtrics, SurveyMonkey and Chatwoot answers; and formats of sums, of which no record of ours can be made."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kpi import registry
from kpi.reading import look
from kpi.source import Refused
from tests.kpi.reading_help import REAL, read
from tests.kpi.vendor_help import SAMPLES, needs_samples, only, rows, told

SURVEYS = REAL.parent / "surveys"
QUALTRICS = ["StartDate", "Status", "Finished", "RecordedDate", "ResponseId", "ExternalReference", "RecipientEmail", "csat", "csat_comment"]
TEXTS = ["Start Date", "Response Type", "Finished", "Recorded Date", "Response ID", "External Data", "Mail", "How, well?\nReally", "More"]
IDS = [f'{{""ImportId"":""{name}""}}' for name in QUALTRICS]


def response(ref: str, score: str, status: str = "0", finished: str = "1") -> list[str]:
    return ["2026-11-20 09:00:00", status, finished, "2026-11-20 09:01:00", ref, "c-1", "kim@example.org", score, "line\nbreak"]


@needs_samples
def test_the_sample_of_qualtrics_has_three_header_rows_and_one_response():
    """Its question Q1 is no CSAT by name; taken for one, the response of 2017-07-18 08:28:48 answered 2."""
    path = SAMPLES / "transcribed" / "qualtrics_three_header_rows.csv"
    source = registry.source("qualtrics_csat")
    with pytest.raises(Refused, match="the required column “csat” is missing"):
        look(path, source)
    named = tuple(replace(column, aliases=("Q1",)) if column.name == "csat" else column for column in source.columns)
    found = read(path, replace(source, columns=named), zone="Europe/Berlin")
    assert str(found.facts.evidence["header"]) == "3 rows"
    assert only(found) == {
        "line": 4, "external_id": "R_2YPOQ602ER1jkf1", "interaction_ref": None, "answered_at": datetime(2017, 7, 18, 6, 28, 48, tzinfo=UTC),
        "score": 2.0, "comment": None, "question": "csat", "scale": "likert5",
    }  # fmt: skip


@pytest.mark.parametrize("header", [[TEXTS, IDS], [TEXTS]])
def test_qualtrics_previews_and_unfinished_responses_are_rejected_by_name(header, tmp_path):
    lines = [response("R_1", "5"), response("R_2", "4", status="1"), response("R_3", "3", finished="0"), response("R_4", "")]
    found = told(tmp_path, "qualtrics_csat", rows(QUALTRICS, *header, *lines), zone="UTC")
    assert found.accepted.select("external_id", "interaction_ref", "score").rows() == [("R_1", "c-1", 5.0)]
    assert [(item.column, item.problem) for item in found.rejected] == [("csat", "not_an_answer")] * 2
    assert "kim@example.org" not in {cell for item in found.rejected for cell in item.row.values()}


def test_a_qualtrics_question_on_another_scale_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"^file\.txt, line 7: “csat” is 9: the question was not asked on five points"):
        told(tmp_path, "qualtrics_csat", rows(QUALTRICS, TEXTS, IDS, response("R_1", "4"), response("R_2", "9")), zone="UTC")


@needs_samples
def test_the_star_wars_export_says_of_no_answer_when_it_was_given():
    """600 responses without End Date; the second header row is gone, 23 further names are empty."""
    with pytest.raises(Refused, match="the required column “End Date” is missing"):
        look(SURVEYS / "surveymonkey_star_wars_part1.csv", registry.source("surveymonkey_csat"))
    with (SURVEYS / "surveymonkey_star_wars_part1.csv").open(newline="", encoding="utf-8") as file:
        assert sum(name == "" for name in next(csv.reader(file))) == 23


def test_surveymonkey_names_stand_in_two_rows(tmp_path):
    text = rows(
        ["Respondent ID", "End Date", "Custom Data 1", "csat", "Why, exactly?", "", "Email Address"],
        ["", "", "", "Response", "Price", "Speed", ""],
        ["3292879998", "11/20/2026 09:15:00", "c-1", "Very satisfied", "x", "", "kim@example.org"],
        ["3292879999", "11/21/2026 09:15:00", "", "2", "", "", ""],
        ["3292880000", "11/21/2026 09:15:00", "", "", "", "", ""],
        ["3292880001", "11/21/2026 09:15:00", "", "fine", "", "", ""],
    )
    found = told(tmp_path, "surveymonkey_csat", text, zone="UTC")
    assert found.accepted.select("external_id", "interaction_ref", "score").rows() == [
        ("3292879998", "c-1", 5.0),
        ("3292879999", None, 2.0),
    ]
    assert found.accepted["answered_at"][0] == datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
    assert found.problems == [(6, "csat", "not_a_number")]
    assert "Why, exactly?: Speed" in found.facts.header
    copy = told(tmp_path, "surveymonkey_csat", text.replace('"","","","Response","Price","Speed",""\n', ""), zone="UTC")
    assert copy.accepted.height == 2


CHATWOOT = ["Agent Name", "Rating", "Feedback Comment", "Contact Name", "Contact Email Address", "Contact Phone Number",
            "Link to the conversation", "Recorded date"]  # fmt: skip


def test_chatwoot_answers_with_blank_lines_between_and_a_sentence_at_the_end(tmp_path):
    answer = [
        "Kim (kim@x.org)",
        "4",
        "good",
        "Lee",
        "lee@x.org",
        "+1555",
        "https://x.org/app/accounts/1/conversations/214",
        "2026-11-20 09:00:00 UTC",
    ]
    text = rows(CHATWOOT, answer) + "\n" + rows([answer[0], "6", *answer[2:7], "2026-11-20 09:05:00 UTC"]) + '"Reporting period 1 to 2"\n'
    found = told(tmp_path, "chatwoot_csat", text)
    assert found.accepted.select("external_id", "interaction_ref", "score", "comment").rows() == [
        ("214@2026-11-20 09:00:00 UTC", "214", 4.0, "good"),
    ]  # fmt: skip
    assert found.problems == [(4, "Rating", "out_of_range"), (5, "", "ragged_row")]
    assert not {"lee@x.org", "Lee", "+1555", "Kim (kim@x.org)"} & {cell for item in found.rejected for cell in item.row.values()}


def refused(path, key: str) -> str:
    with pytest.raises(Refused) as error:
        look(path, registry.source(key))
    return str(error.value)


@needs_samples
def test_operator_days_are_counted_once_and_refused_with_what_to_send():
    path = REAL / "telephony_operator_days_a.csv.gz"
    with gzip.open(path, "rt", newline="") as file:
        every = [tuple(row.values()) for row in csv.DictReader(file)]
    once = set(every)
    calls, talk, whole = (sum(int(row[place]) for row in once) for place in (6, 7, 8))
    text = refused(path, "telephony_operator_days")
    assert f"29672 rows ({len(every) - len(once)} of them exact copies)" in text
    assert f"{calls} calls, {talk} s of talk and {whole - talk} s of waiting" in text
    assert "from 2019-08-02 to" in text
    assert "agent_days_csv" in text


@needs_samples
def test_daily_volumes_are_weighted_and_refused_with_what_to_send():
    path = REAL / "call_center_daily_2020_2021.csv"
    with path.open(newline="") as file:
        days = list(csv.DictReader(file))
    offered, answered, left = (sum(int(day[name]) for day in days) for name in ("Incoming Calls", "Answered Calls", "Abandoned Calls"))
    speed = sum(int(day["Answered Calls"]) * int(day["Answer Speed (AVG)"]) for day in days) / answered
    text = refused(path, "daily_volumes")
    assert f"731 days from 2020-01-01 to 2021-12-31 with {offered} calls offered, {answered} answered and {left} abandoned" in text
    assert f"after {speed:.1f} s on average (weighted by answered calls)" in text
    assert "interactions_csv" in text


@needs_samples
def test_burnout_scores_of_single_people_are_counted_and_not_read():
    text = refused(SURVEYS / "burnout_mbi_students_part1.csv", "mbi_scores")
    assert "these are scores of 443 single people, with no team and no wave" in text
    assert "group_score, group_n, group_sd" in text


def test_a_file_of_another_kind_is_not_taken_for_one_that_is_refused(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    assert "there is no header" in refused(tmp_path / "x.csv", "daily_volumes")
