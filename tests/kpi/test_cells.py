"""Readers of one cell: what is read, what is a problem, and that nothing is guessed (fault cases 37, 39, 43)."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from django.utils import translation
from django.utils.translation import gettext

from kpi import cells
from kpi.cells.problems import ADDRESS, CLASH, PROBLEMS, SHIFTED, expected, told
from kpi.source import Cell, DateOrder, Reading
from tests.kpi.reading_help import KEY, NOW

READING = Reading(zone=None, now=NOW.timestamp(), key=KEY)
COMMA = Reading(zone=None, now=NOW.timestamp(), key=KEY, decimal_comma=True)


def one(reader: cells.Reader, text: str | None, reading: Reading = READING) -> tuple[object, str | None]:
    """The value and the problem of one text."""
    cell: Cell = reader(pl.col("t"), reading)
    row = pl.DataFrame({"t": [text]}, schema={"t": pl.String}).select(value=cell.value, problem=cell.problem).row(0)
    return (None, row[1]) if row[1] else (row[0], None)


@pytest.mark.parametrize(("text", "seconds"), [("0", 0.0), ("12", 12.0), ("12.5", 12.5), ("86400", 86400.0), (".5", 0.5), (None, None)])
def test_a_duration_is_kept_as_given_and_empty_stays_unknown(text, seconds):
    assert one(cells.seconds(), text) == (seconds, None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("NaN", "not_finite"), ("nan", "not_finite"), ("inf", "not_finite"), ("-inf", "not_finite"), ("1e400", "not_finite"),
        ("1.234,5", "not_a_number"), ("12,5", "not_a_number"), ("１２", "not_a_number"), ("1_000", "not_a_number"),
        (" 5 ", "not_a_number"), ("5 s", "not_a_number"), ("0x10", "not_a_number"), ("-1", "negative"), ("-0.001", "negative"),
        ("259200", "duration_too_long"), ("five", "not_a_number"), ("١٢", "not_a_number"),
    ],
)  # fmt: skip
def test_what_is_not_plainly_a_duration_is_rejected(text, problem):
    assert one(cells.seconds(), text) == (None, problem)


@pytest.mark.parametrize(
    ("text", "value", "problem"),
    [
        ("12,5", 12.5, None),
        ("12", 12.0, None),
        ("1.234,5", None, "not_a_number"),
        ("12.5", None, "not_a_number"),
        ("1,2,3", None, "not_a_number"),
    ],
)
def test_with_a_decimal_comma_the_point_is_no_part_of_a_number(text, value, problem):
    assert one(cells.seconds(), text, COMMA) == (value, problem)


@pytest.mark.parametrize(
    ("text", "value", "problem"),
    [
        ("3", 3, None), ("0", 0, None), (None, None, None), ("2147483647", 2147483647, None), ("2147483648", None, "too_large"),
        ("9" * 30, None, "not_a_whole_number"), ("3.0", None, "not_a_whole_number"), ("1_000", None, "not_a_whole_number"),
        ("１２", None, "not_a_whole_number"), (" 5 ", None, "not_a_whole_number"), ("-1", None, "negative"),
    ],
)  # fmt: skip
def test_a_count_is_a_whole_number_that_the_store_can_hold(text, value, problem):
    assert one(cells.count, text) == (value, problem)


@pytest.mark.parametrize("text", ["007", "1e5", "NA", "null", "1234567890123456789", "None", "nan", "-", "0", "Ünï-9"])
def test_ids_are_kept_character_by_character(text):
    assert one(cells.identifier, text) == (text, None)


@pytest.mark.parametrize("text", [" a", "a ", "a\u00a0", "\ta"])
def test_an_id_with_blanks_around_it_is_rejected(text):
    assert one(cells.identifier, text) == (None, "blanks_around")


def test_a_text_longer_than_its_column_is_rejected():
    assert one(cells.text(3), "abcd") == (None, "too_long")
    assert one(cells.text(3), "äöü") == ("äöü", None)


@pytest.mark.parametrize("text", ["true", "TRUE", "yes", "Y", "1"])
def test_words_for_true(text):
    assert one(cells.boolean, text) == (True, None)


@pytest.mark.parametrize("text", ["false", "No", "n", "0"])
def test_words_for_false(text):
    assert one(cells.boolean, text) == (False, None)


def test_an_empty_boolean_is_unknown_and_another_word_a_problem():
    assert one(cells.boolean, None) == (None, None)
    assert one(cells.boolean, "maybe") == (None, "not_a_boolean")


def test_a_clock_duration_is_hours_minutes_seconds():
    assert one(cells.clock_duration, "0:02:23") == (143.0, None)
    assert one(cells.clock_duration, "24:00:01") == (None, "duration_too_long")
    assert one(cells.clock_duration, "2:61:00") == (None, "not_a_duration")
    assert one(cells.clock_duration, "143") == (None, "not_a_duration")


def test_a_closed_list_ignores_capitals_and_names_strangers():
    assert one(cells.one_of("ai", "human"), "AI") == ("ai", None)
    assert one(cells.one_of("ai", "human"), "bot") == (None, "unknown_value")


def test_a_sentiment_lies_between_minus_one_and_one():
    assert one(cells.sentiment, "-0.4") == (-0.4, None)
    assert one(cells.sentiment, "5") == (None, "out_of_range")


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-29T10:30:00Z",
        "2026-03-29T12:30:00+02:00",
        "2026-03-29 06:00:00-0430",
        "2026-03-29T10:30Z",
        "2026-03-29T10:30:00.000Z",
        "2026-03-29T11:30:00+01",
    ],
)
def test_one_moment_in_its_many_spellings(text):
    assert one(cells.utc, text) == (datetime(2026, 3, 29, 10, 30, tzinfo=UTC), None)


def test_a_fraction_of_a_second_is_kept_to_the_microsecond():
    assert one(cells.utc, "2026-03-29T10:30:00.123456789+00:00") == (datetime(2026, 3, 29, 10, 30, 0, 123456, tzinfo=UTC), None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2026-02-29T10:00:00Z", "not_a_time"), ("2026-03-29", "not_a_time"), ("2026-03-29T24:30:00Z", "not_a_time"),
        ("2026-03-29T10:30:00", "no_offset"), ("0001-01-01T00:00:00Z", "too_old"), ("1989-12-31T23:59:59Z", "too_old"),
        ("9999-12-31T23:59:59Z", "in_future"), ("2062-01-01T00:00:00Z", "in_future"), ("2026-03-29T10:30:00+15:00", "not_a_time"),
        ("03/04/2026 10:00", "date_order_unknown"), (" 2026-03-29T10:30:00Z", "not_a_time"), ("29.3.2026 7:05", "date_order_unknown"),
        ("２026-03-29T10:30:00Z", "not_a_time"), ("1774780200", "not_a_time"), ("2026-03-29T10:30:61Z", "not_a_time"),
    ],
)  # fmt: skip
def test_what_is_no_time_says_why(text, problem):
    assert one(cells.utc, text) == (None, problem)


@pytest.mark.parametrize(
    "reader", [cells.utc, cells.seconds(), cells.count, cells.boolean, cells.pseudonym, cells.day, cells.clock_duration]
)
def test_an_empty_cell_is_unknown_and_no_problem(reader):
    assert one(reader, None) == (None, None)


@pytest.mark.parametrize("order", [DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST])
def test_dates_of_three_numbers_follow_the_order_of_the_file(order):
    reading = Reading(zone="Europe/London", now=NOW.timestamp(), key=KEY, date_order=order)
    expected = datetime(2026, 4, 3, 9, 5, tzinfo=UTC) if order is DateOrder.DAY_FIRST else datetime(2026, 3, 4, 10, 5, tzinfo=UTC)
    assert one(cells.utc, "3/4/2026 10:05", reading) == (expected, None)
    assert one(cells.day, "03.04.2026", reading)[0] == expected.date()


def test_a_calendar_day_may_be_today_in_the_easternmost_zone_but_not_later():
    assert one(cells.day, "2026-11-23") == (datetime(2026, 11, 23, tzinfo=UTC).date(), None)
    assert one(cells.day, "2026-11-24") == (None, "in_future")
    assert one(cells.planned_day, "2027-03-31")[1] is None
    assert one(cells.day, "2026-02-30") == (None, "not_a_date")


def test_a_person_becomes_the_same_positive_pseudonym_every_time():
    value, problem = one(cells.pseudonym, "anna@example.com")
    assert problem is None
    assert value == cells.pseudonym_of("anna@example.com", KEY)
    assert 0 < value < 2**63


def test_the_pseudonym_depends_on_the_key_and_on_every_character():
    assert cells.pseudonym_of("anna", KEY) != cells.pseudonym_of("anna", b"another key")
    assert cells.pseudonym_of("anna", KEY) != cells.pseudonym_of("Anna", KEY)
    assert cells.pseudonym_of("anna", b"k" * 100) > 0


def test_a_written_pseudonym_is_read_back_as_itself():
    value = cells.pseudonym_of("anna", KEY)
    assert one(cells.pseudonym, cells.pseudonym_text(value)) == (value, None)
    assert cells.pseudonym_of(cells.pseudonym_text(value), KEY) == value


@pytest.mark.parametrize("text", ["pseudonym:anna", "pseudonym:ffffffffffffffff", "pseudonym:"])
def test_a_broken_pseudonym_is_rejected(text):
    assert one(cells.pseudonym, text) == (None, "bad_pseudonym")


def test_every_problem_says_what_would_be_right():
    assert all(len(sentence) > 10 for sentence in cells.PROBLEMS.values())
    with pytest.raises(KeyError):
        cells.expected("no such problem")


def test_what_a_row_should_have_had_is_told_in_the_reader_s_language_though_it_is_kept_in_english() -> None:
    kept = [*PROBLEMS.values(), expected("unknown_value", ("ai", "human"))]
    with translation.override("de"):
        assert [told(sentence) for sentence in kept if told(sentence) == sentence] == []
        assert told(kept[-1]) == "einen der Werte, die diese Spalte kennt: ai, human"
    assert [told(sentence) for sentence in kept] == kept
    assert told("a sentence of an older release") == "a sentence of an older release"


def test_which_lines_share_an_id_is_told_in_the_reader_s_language() -> None:
    kept = CLASH % {"lines": "19, 20"}
    with translation.override("de"):
        assert told(kept) == "eine Zeile je Kennung: Zeile 19, 20 hat dieselbe Kennung mit anderem Inhalt"
    assert told(kept) == kept == "one row per id: line 19, 20 has the same id with other content"


def test_why_the_text_of_a_cell_is_not_kept_is_told_in_the_reader_s_language_too() -> None:
    time = PROBLEMS["missing_hour"]
    shifted, address = f"{time}; {SHIFTED % {'line': 4}}", f"{time}; {ADDRESS}"
    with translation.override("de"):
        begins = gettext(time)
        assert told(shifted).startswith(f"{begins}; mehrere Zellen dieser Zeile")
        assert told(shifted).endswith("Zeile 4")
        assert told(address) == f"{begins}; die Zelle sieht wie die Adresse einer Person aus und wurde nicht behalten"
    assert (told(shifted), told(address)) == (shifted, address)
