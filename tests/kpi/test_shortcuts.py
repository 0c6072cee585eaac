"""Letters of the keyboard: one for each page, the same for everybody."""

from kpi.shortcuts import letters


def test_a_page_gets_the_first_letter_that_is_free() -> None:
    assert letters(["overview", "customers", "capacity"]) == {"overview": "o", "customers": "c", "capacity": "a"}


def test_a_page_without_a_free_letter_has_none() -> None:
    assert letters(["a", "aa", "b-a", "7"]) == {"a": "a", "aa": "", "b-a": "b", "7": ""}
