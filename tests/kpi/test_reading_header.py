"""What a header must hold, what it must not, and what of it is never repeated."""

from pathlib import Path

import pytest

from kpi.reading import describes_agent_emotion
from kpi.source import Refused
from tests.kpi.reading_help import ROW, read, table

OF_AN_AGENT = (
    "agent_emotion", "AgentSentiment", "agent mood", "voice_agent_stress_level", "operator_frustration", "employee-feelings",
    "advisor_emotion", "rep_feeling", "agent_tone", "voice_emotion", "stimmung_agent", "emotion",
)  # fmt: skip
OF_NO_AGENT = (
    "customer_sentiment", "customer_emotion", "high_emotion_runs", "agent_id", "stress1", "agent_days", "report_tone",
)  # fmt: skip


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        read(path)
    return str(caught.value)


@pytest.mark.parametrize("name", OF_AN_AGENT)
def test_a_column_of_an_agents_emotion_is_refused_before_any_row(tmp_path: Path, name: str) -> None:
    assert describes_agent_emotion(name)
    said = refusal(written(tmp_path / "a.csv", table([{**ROW, name: "calm"}]).encode()))
    assert f"“{name}”" in said
    assert "nothing of this file is read" in said


@pytest.mark.parametrize("name", OF_NO_AGENT)
def test_other_columns_are_not_taken_for_it(name: str) -> None:
    assert not describes_agent_emotion(name)


def test_a_file_without_a_header_is_refused_without_repeating_what_its_first_line_holds(tmp_path):
    path = written(tmp_path / "a.csv", b"c-9,2026-03-02T09:14:05Z,,voice,billing,lark,Jane Secretname,jane.secret@example.org,human\n")
    said = refusal(path)
    assert "there is no header: none of 9 column(s)" in said
    assert "external_id, started_at" in said
    assert "Jane" not in said
    assert "example.org" not in said


def test_a_name_in_the_header_that_looks_like_an_address_is_not_repeated(tmp_path):
    said = refusal(written(tmp_path / "a.csv", b"external_id,jane.secret@example.org\nc-1,x\n"))
    assert "the required column" in said
    assert "example.org" not in said
    assert "(hidden)" in said
