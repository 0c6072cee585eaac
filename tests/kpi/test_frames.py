"""A query becomes a frame alike on both databases: null is null, empty is empty, times are UTC to the microsecond."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from kpi.frames import MOMENT, is_in, read_frame
from kpi.models import CustomerAnswer, Interaction
from tests import factories

pytestmark = pytest.mark.django_db
KNOWN = pl.Enum(["human", "ai"])
FIXED = {
    "day": pl.Date, "started_at": MOMENT, "ended_at": MOMENT, "agent": pl.Int64, "transfers": pl.Int32, "role": pl.Int16,
    "talk_s": pl.Float64, "abandoned": pl.Boolean, "handled_by": KNOWN,
}  # fmt: skip
MOMENT_OF_DAY = datetime(1969, 12, 31, 23, 59, 59, 123456, tzinfo=UTC)
FULL = {
    "day": date(1969, 12, 31), "started_at": MOMENT_OF_DAY, "ended_at": MOMENT_OF_DAY, "agent": 2**62, "transfers": 0, "role": 2,
    "talk_s": 0.1, "abandoned": False, "handled_by": "ai",
}  # fmt: skip
EMPTY = {**dict.fromkeys(FULL), "day": FULL["day"], "started_at": MOMENT_OF_DAY}


def stored(schema: dict) -> list[dict]:
    names = ", ".join(schema)
    return read_frame(f"SELECT {names} FROM kpi_interaction ORDER BY id", [], schema).rows(named=True)


def test_every_type_comes_back_as_it_was_stored_and_null_stays_null() -> None:
    factories.InteractionFactory(**FULL)
    factories.InteractionFactory(**EMPTY)
    assert stored(FIXED) == [FULL, EMPTY]


def test_text_keeps_the_difference_between_empty_and_unknown() -> None:
    texts = ["", None, "a,b", 'say "x"', "two\nlines", "ä€"]
    for text in texts:
        factories.InteractionFactory(**{**FULL, "language": text})
    schema = {**FIXED, "language": pl.String}
    rows = stored(schema)
    assert [row.pop("language") for row in rows] == texts
    assert rows == [FULL] * len(texts)


def test_a_word_an_enum_does_not_know_is_null() -> None:
    factories.InteractionFactory(handled_by="hybrid")
    assert stored({"handled_by": KNOWN}) == [{"handled_by": None}]


@pytest.mark.parametrize("schema", [FIXED, {"day": pl.Date, "language": pl.String}])
def test_no_rows_keep_their_columns(schema) -> None:
    frame = read_frame(f"SELECT {', '.join(schema)} FROM kpi_interaction", [], schema)
    assert dict(frame.schema) == schema
    assert frame.is_empty()


def test_any_number_of_values_can_be_asked_for() -> None:
    rows = [factories.InteractionFactory(day=date(2026, 3, n)) for n in (1, 2, 3)]
    condition, params = is_in("day", [date(2026, 3, 1), date(2026, 3, 3)])
    found = read_frame(f"SELECT id FROM kpi_interaction WHERE {condition} ORDER BY id", params, {"id": pl.Int64})
    assert found["id"].to_list() == [rows[0].pk, rows[2].pk]
    condition, params = is_in("id", [row.pk for row in rows] + list(range(10**6, 10**6 + 40_000)))
    assert read_frame(f"SELECT id FROM kpi_interaction WHERE {condition}", params, {"id": pl.Int64}).height == 3
    condition, params = is_in("day", [])
    assert read_frame(f"SELECT id FROM kpi_interaction WHERE {condition}", params, {"id": pl.Int64}).is_empty()


def test_the_orm_and_the_frame_agree() -> None:
    factories.CustomerAnswerFactory(score=4.5)
    schema = {"answered_at": MOMENT, "score": pl.Float64, "comment": pl.String}
    frame = read_frame("SELECT answered_at, score, comment FROM kpi_customeranswer", [], schema)
    assert frame.rows() == list(CustomerAnswer.objects.values_list("answered_at", "score", "comment"))
    assert Interaction.objects.count() == 0
