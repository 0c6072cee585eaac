"""Answers weighted to contacts, in figures small enough for paper."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.metric import Stratum
from kpi.weighting import Cell, merge, weighted


def stratum(channel: str = "voice", group: str = "billing", *, machine: bool = False) -> Stratum:
    return Stratum(channel, group, machine)


def test_cells_that_answer_alike_need_no_weight() -> None:
    found = weighted([Cell(100, 10, 8), Cell(300, 30, 15)])
    assert found is not None
    assert (found.raw, found.value, found.n_eff) == (pytest.approx(23 / 40), pytest.approx(23 / 40), pytest.approx(40))


def test_a_weight_is_capped_at_five() -> None:
    # shares of contacts 0.9 and 0.1, of answers 0.1 and 0.9: weights min(5, 9) = 5 and 1/9
    found = weighted([Cell(900, 10, 0), Cell(100, 90, 90)])
    assert found is not None
    assert found.value == pytest.approx(90 / 9 / (5 * 10 + 90 / 9))


def test_nothing_answered_is_no_share() -> None:
    assert weighted([Cell(100, 0, 0)]) is None


def test_more_answers_than_contacts_are_refused() -> None:
    with pytest.raises(ValueError, match="does not hold"):
        Cell(5, 6, 1)


def test_intent_groups_merge_first_and_large_cells_stay() -> None:
    cells = {stratum(group="a"): Cell(10, 2, 1), stratum(group="b"): Cell(20, 6, 3), stratum(group="c"): Cell(30, 9, 9)}
    assert sorted(merge(cells), key=lambda cell: cell.answers) == [Cell(20 + 10, 8, 4), Cell(30, 9, 9)]


def test_ai_and_human_merge_before_channels() -> None:
    cells = {
        stratum("voice"): Cell(50, 10, 5),
        stratum("voice", machine=True): Cell(90, 1, 0),
        stratum("chat"): Cell(40, 7, 7),
    }
    assert sorted(merge(cells), key=lambda cell: cell.answers) == [Cell(40, 7, 7), Cell(140, 11, 5)]


def test_a_small_channel_joins_another() -> None:
    assert merge({stratum("voice"): Cell(50, 10, 5), stratum("mail"): Cell(9, 0, 0)}) == [Cell(59, 10, 5)]


@settings(deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from("vcm"), st.sampled_from("abcd"), st.booleans()), st.tuples(*[st.integers(0, 12)] * 3), max_size=12
    )
)
def test_merging_loses_no_contact_and_leaves_no_small_cell_beside_another(raw: dict[tuple[str, str, bool], tuple[int, int, int]]) -> None:
    cells = {Stratum(*key): Cell(*sorted(numbers, reverse=True)) for key, numbers in raw.items()}
    merged = merge(cells)
    assert sum(cell.contacts for cell in merged) == sum(cell.contacts for cell in cells.values())
    assert sum(cell.satisfied for cell in merged) == sum(cell.satisfied for cell in cells.values() if cell.contacts)
    assert len(merged) <= 1 or all(cell.answers >= 5 for cell in merged)
