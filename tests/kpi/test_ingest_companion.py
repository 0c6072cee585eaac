"""A file that holds two kinds of records is imported once, by the source that reads both."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kpi import ingest
from kpi.models import CustomerAnswer, DataSource, Interaction
from kpi.source import Refused
from tests.kpi.ingest_help import Row, put, write

pytestmark = pytest.mark.django_db
CALL: Row = {
    "Call Id": "ID0001", "Agent": "Diane", "Date": "2021-01-01", "Time": "9:12:58", "Topic": "Contract related", "Answered (Y/N)": "Y",
    "Resolved": "Y", "Speed of answer in seconds": "109", "AvgTalkDuration": "0:02:23", "Satisfaction rating": "3",
}  # fmt: skip


def test_what_was_seen_by_the_main_source_stays_and_the_companions_stands_apart(tmp_path: Path) -> None:
    outcome = put(tmp_path / "calls.csv", [CALL], "pwc_call_centre")
    assert (Interaction.objects.count(), CustomerAnswer.objects.count()) == (1, 1)
    assert outcome.facts["evidence"]["delimiter"].endswith("9 of 9 known columns found")
    assert outcome.facts["evidence"]["ignored_columns"] == "Satisfaction rating"
    also = outcome.facts["also"]["pwc_call_centre_ratings"]
    assert also["new"] == 1
    assert "Agent" in also["evidence"]["ignored_columns"]


@pytest.mark.parametrize("act", [ingest.open_run, ingest.preview])
def test_the_companion_alone_is_refused_with_the_source_to_use(tmp_path: Path, act: Callable[..., object]) -> None:
    path = write(tmp_path / "calls.csv", [CALL])
    with pytest.raises(Refused, match="import the file with --source pwc_call_centre, which stores both"):
        act(path, "pwc_call_centre_ratings")
    assert not DataSource.objects.exists()


def test_the_same_file_again_says_that_nothing_of_either_kind_is_new(tmp_path: Path) -> None:
    put(tmp_path / "calls.csv", [CALL], "pwc_call_centre")
    again = put(tmp_path / "calls.csv", [CALL], "pwc_call_centre")
    assert again.state == "same"
    also = again.facts["also"]["pwc_call_centre_ratings"]
    assert (also["lines"], also["new"], also["changed"], also["unchanged"]) == (1, 0, 0, 1)
    assert "new_codes" not in again.facts
