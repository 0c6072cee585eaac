"""Questionnaires scored by hand, and answers that cannot be."""

from __future__ import annotations

import pytest

from wellbeing import instruments


def test_the_last_item_of_the_burnout_scale_is_turned_round() -> None:
    assert instruments.cbi_work([1, 1, 1, 1, 1, 1, 5]).score == 0
    assert instruments.cbi_work([5, 5, 5, 5, 5, 5, 1]).score == 100


def test_three_of_seven_answers_are_no_score() -> None:
    assert instruments.cbi_work([3, 3, 3, None, None, None, None]) == instruments.Scored(None, 3)


def test_every_item_of_the_hse_tool_belongs_to_one_scale() -> None:
    keys = sorted(key for keys in instruments.HSE_SCALES.values() for key in keys)
    assert keys == list(range(1, 36))


def test_a_scale_with_half_of_its_items_counts_and_with_fewer_leaves_no_overall() -> None:
    items: list[float | None] = [3] * 35
    for key in (26, 28):  # two of the three items on change
        items[key - 1] = None
    found = instruments.hse_indicator(items)
    assert (found.change, found.overall, found.overall_0_100) == (None, None, None)
    items[25] = 5
    assert instruments.hse_indicator(items).change == 4


@pytest.mark.parametrize("items", [[3, 3, 3, 3], [3, 3, 3, 3, 6], [3, 3, 3, 3, -1]])
def test_answers_that_cannot_be_are_refused_with_a_sentence(items: list[float]) -> None:
    with pytest.raises(ValueError, match=r"items are expected|answers are from"):
        instruments.who5(items)


def test_an_unknown_item_number_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to 35, not 36"):
        instruments.hse_from_answers({"36": 3})


def test_skipped_items_are_read_as_unknown_and_not_as_zero() -> None:
    assert instruments.read_items("3;;0;5") == [3, None, 0, 5]


def test_each_shipped_instrument_has_a_score_a_length_and_a_range() -> None:
    assert instruments.SCORES.keys() == instruments.ITEM_COUNTS.keys() == instruments.ITEM_RANGES.keys()
    for key, score in instruments.SCORES.items():
        low, high = instruments.ITEM_RANGES[key]
        assert score([high] * instruments.ITEM_COUNTS[key]) is not None
        assert score([low] * instruments.ITEM_COUNTS[key]) is not None
        assert score([None] * instruments.ITEM_COUNTS[key]) is None


def test_less_stress_is_a_higher_score() -> None:
    assert [instruments.stress_single_item(x) for x in (1, 3, 5, None)] == [100, 50, 0, None]
