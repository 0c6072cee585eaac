"""How numbers are printed (metrics.md 0.2)."""

from datetime import date

import pytest

from kpi import reasons, words
from kpi.metric import Period, Unit


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.8145, Unit.SHARE, "81.5"),
        (0.814, Unit.SHARE, "81.4"),
        (58.5, Unit.INDEX, "59"),
        (57.49, Unit.INDEX, "57"),
        (9.65, Unit.FTE, "9.7"),
        (-0.04, Unit.FTE, "0.0"),
    ],
)
def test_display_rounds_half_up(value: float, unit: Unit, text: str) -> None:
    assert words.figure(value, unit) == text


def test_an_unknown_value_is_a_dash_and_never_a_zero() -> None:
    assert words.figure(None, Unit.SHARE) == "–"


def test_thousands_have_a_narrow_space() -> None:
    assert words.number(1234567) == "1\u202f234\u202f567"


def test_a_negative_number_has_a_true_minus() -> None:
    assert words.number(-3.25, 1) == "\u22123.3"


def test_a_period_is_printed_with_its_last_day() -> None:
    assert words.span(Period(date(2026, 9, 1), date(2026, 10, 1))) == "1 Sep – 30 Sep 2026"


def test_a_lopsided_interval_shows_both_sides() -> None:
    assert words.margin(0.98, 0.90, 0.99, Unit.SHARE) == "\u22128.0 / +1.0"


def test_a_reason_is_a_sentence() -> None:
    assert reasons.why("awi:suppressed", k=10) == "agent wellbeing is protected: groups of 10 and more"


def test_a_single_day_is_named_once() -> None:
    assert words.span(Period(date(2026, 3, 2), date(2026, 3, 3))) == "2 Mar 2026"


def test_a_period_over_new_year_names_both_years() -> None:
    assert words.span(Period(date(2025, 12, 29), date(2026, 1, 5))) == "29 Dec 2025 – 4 Jan 2026"


def test_a_withheld_saving_names_in_brief_what_it_lacks() -> None:
    assert reasons.without(("csat:suppressed", "awi:stale")) == "without customer satisfaction, agent wellbeing"
    assert reasons.without(("current:weeks",)) == ""
