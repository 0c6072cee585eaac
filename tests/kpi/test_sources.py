"""Our own layouts: every canonical column arrives in its field, and rows that cannot be are rejected."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpi import registry
from kpi.source import Source
from tests.kpi.reading_help import DATA, Read, read, table

ANSWER = {
    "external_id": "a1",
    "interaction_id": "c1",
    "answered_at": "2026-11-20T09:00:00Z",
    "question": "csat",
    "scale": "likert5",
    "score": "4",
}
WELL = {"wave": "w1", "wave_closed_on": "2026-11-01", "team": "lark", "respondent": "r1", "instrument": "who5", "items": "3;4;;5;2"}


def read_rows(folder: Path, key: str, *rows: dict[str, str]) -> Read:
    path = folder / "rows.csv"
    path.write_text(table(list(rows)))
    return read(path, registry.source(key))


def answers(folder: Path, *changes: dict[str, str]) -> Read:
    return read_rows(folder, "customer_answers_csv", *[{**ANSWER, "sent_at": "", **change} for change in changes])


def wellbeing(folder: Path, **change: str) -> Read:
    row = {**WELL, "group_score": "", "group_n": "", "group_sd": "", **change}
    return read_rows(folder, "wellbeing_answers_csv", row)


@pytest.mark.parametrize("source", registry.sources().values(), ids=lambda source: source.key)
def test_every_source_is_named_like_its_file_and_marks_its_persons(source: Source):
    fields = [column.field for column in source.columns]
    assert len(set(fields)) == len(fields)
    if source.refuse:  # read to say what to send instead; it makes no record
        assert fields == []
        return
    assert set(source.identity) <= {*fields, *source.constants}
    persons = {column.field for column in source.columns if column.person}
    assert persons >= {"agent", "customer", "respondent", "person", "rater"}.intersection(fields)


@pytest.mark.parametrize("score", ["0", "6", "9"])
def test_a_score_outside_its_scale_is_rejected(tmp_path, score):
    assert answers(tmp_path, {"score": score}).problems == [(2, "score", "out_of_range")]


@pytest.mark.parametrize(
    ("question", "scale", "score"),
    [
        ("csat", "likert5", "5"),
        ("csat", "scale0_10", "0"),
        ("csat", "thumbs", "1"),
        ("nps", "nps", "10"),
        ("ces", "ces", "7"),
        ("resolved", "yes_no", "0"),
    ],
)
def test_scales_that_go_with_their_question(tmp_path, question, scale, score):
    found = answers(tmp_path, {"question": question, "scale": scale, "score": score})
    assert found.problems == []
    assert found.accepted["score"][0] == float(score)


@pytest.mark.parametrize(("question", "scale"), [("csat", "nps"), ("nps", "likert5"), ("resolved", "likert5"), ("ces", "thumbs")])
def test_a_scale_of_another_question_is_rejected(tmp_path, question, scale):
    assert answers(tmp_path, {"question": question, "scale": scale, "score": "1"}).problems == [(2, "scale", "unknown_scale")]


def test_an_answer_before_its_question_is_rejected(tmp_path):
    assert answers(tmp_path, {"sent_at": "2026-11-20T09:00:01Z"}).problems == [(2, "answered_at", "answered_before_sent")]


def test_a_scale_that_changes_inside_the_file_is_named_as_a_break():
    found = read(DATA / "scale_changes_in_mid_file.csv", registry.source("customer_answers_csv"))
    assert str(found.facts.evidence["scale_break"]) == "csat changes from likert5 to scale1_10 on line 4"
    assert found.accepted["scale"].to_list() == ["likert5", "likert5", "scale1_10", "nps"]


def test_one_scale_for_each_question_is_no_break(tmp_path):
    found = answers(tmp_path, {}, {"external_id": "a2", "question": "nps", "scale": "nps"}, {"external_id": "a3"})
    assert "scale_break" not in found.facts.evidence


def test_a_comment_is_kept_as_it_came(tmp_path):
    assert answers(tmp_path, {"comment": " =fine "}).accepted["comment"][0] == " =fine "


def test_a_quality_review_is_scored_0_to_100(tmp_path):
    row = {
        "external_id": "q1",
        "interaction_id": "c1",
        "reviewed_at": "2026-11-20T09:00:00Z",
        "score": "100",
        "critical_error": "no",
        "rater": "Rita",
    }
    found = read_rows(tmp_path, "quality_reviews_csv", row, {**row, "external_id": "q2", "score": "100.5"})
    assert found.problems == [(3, "score", "out_of_range")]
    assert found.accepted.select("interaction_ref", "score", "critical_error").row(0) == ("c1", 100.0, False)


@pytest.mark.parametrize(
    ("instrument", "items"),
    [
        ("who5", "0;1;2;3;5"),
        ("who5", ";;;;3"),
        ("cbi_work", "1;2;3;4;5;;1"),
        ("stress1", "5"),
        ("enps", "10"),
        ("hse", ";".join(["3"] * 35)),
    ],
)
def test_items_as_many_as_the_instrument_has(tmp_path, instrument, items):
    found = wellbeing(tmp_path, instrument=instrument, items=items)
    assert found.problems == []
    assert found.accepted["items"][0] == items


@pytest.mark.parametrize(
    ("instrument", "items"),
    [
        ("who5", "1;2;3;4"),
        ("who5", "1;2;3;4;6"),
        ("who5", ";;;;"),
        ("cbi_work", "0;2;3;4;5;1;1"),
        ("enps", "11"),
        ("copsoq", "1;2"),
        ("hse", "3;3"),
    ],
)
def test_other_numbers_of_items_or_answers_are_rejected(tmp_path, instrument, items):
    assert wellbeing(tmp_path, instrument=instrument, items=items).problems == [(2, "items", "wrong_items")]


def test_an_imported_group_score_needs_its_size_and_its_range(tmp_path):
    good = wellbeing(tmp_path, instrument="copsoq", items="", group_score="62.5", group_n="24", group_sd="11")
    assert good.problems == []
    assert good.accepted.select("group_score", "group_n", "items").row(0) == (62.5, 24, None)
    assert wellbeing(tmp_path, instrument="copsoq", items="", group_score="62.5").problems == [(2, "group_n", "missing")]
    assert wellbeing(tmp_path, instrument="bat", items="", group_score="62", group_n="9").problems == [(2, "group_score", "out_of_range")]
    assert wellbeing(tmp_path, items="").problems == [(2, "items", "items_or_group")]
    assert wellbeing(tmp_path, group_score="3", group_n="9").problems == [(2, "items", "items_or_group")]


def test_a_respondent_is_a_pseudonym_and_the_rows_are_private(tmp_path):
    found = wellbeing(tmp_path)
    assert found.accepted["respondent"][0] > 0
    assert registry.source("wellbeing_answers_csv").private


def test_an_agent_day_has_at_most_25_hours(tmp_path):
    row = {
        "day": "2026-10-25",
        "agent_id": "anna",
        "team": "lark",
        "paid_s": "90000",
        "can_disable_prompts": "true",
        "high_emotion_runs": "0",
    }
    found = read_rows(tmp_path, "agent_days_csv", row, {**row, "paid_s": "90001"})
    assert found.problems == [(3, "paid_s", "duration_too_long")]
    assert found.accepted.select("can_disable_prompts", "high_emotion_runs", "sick_s").row(0) == (True, 0, None)


def test_employment_ends_after_it_starts_and_may_end_in_the_future(tmp_path):
    row = {
        "agent_id": "anna",
        "team": "lark",
        "role": "agent",
        "started_on": "2025-01-01",
        "ended_on": "2027-01-31",
        "end_kind": "moved",
        "contract_fte": "0.8",
    }
    found = read_rows(tmp_path, "employment_csv", row, {**row, "ended_on": "2024-12-31"}, {**row, "contract_fte": "0"})
    assert found.problems == [(3, "ended_on", "ends_before_start"), (4, "contract_fte", "not_positive")]


def test_a_reskilling_step_is_one_of_five(tmp_path):
    row = {"person": "anna", "from_role": "agent", "to_role": "analyst", "stage": "placed", "on": "2026-11-01"}
    found = read_rows(tmp_path, "reskilling_csv", row, {**row, "stage": "promised"})
    assert found.problems == [(3, "stage", "unknown_value")]
