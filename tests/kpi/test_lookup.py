"""Looking something up: every word counts, wherever it stands and however it is written."""

import pytest

from kpi.lookup import matching

ENTRIES = ["csat: Customer satisfaction", "fcr_trend: First contact resolution", "occupancy: Auslastung, Überlast"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ENTRIES),
        ("CSAT", ENTRIES[:1]),
        ("contact first", ENTRIES[1:2]),
        ("fcr trend", ENTRIES[1:2]),
        ("uberlast", ENTRIES[2:]),
        ("nothing of it", []),
    ],
)
def test_an_entry_is_found_by_every_word_of_it(typed: str, found: list[str]) -> None:
    assert matching(typed, ENTRIES, lambda entry: [entry]) == found
