"""Scales on a common unit, row by row and column by column alike."""

from __future__ import annotations

import polars as pl
import pytest

from kpi.scales import SCALES, goalpost, map_answer, scale_break, unit_score


@pytest.mark.parametrize(
    ("scale", "satisfied"),
    [
        ("likert5", [4, 5]),
        ("stars5", [4, 5]),
        ("likert7", [6, 7]),
        ("likert4", [4]),
        ("thumbs", [1]),
        ("scale1_10", [8, 9, 10]),
        ("scale0_10", [8, 9, 10]),
        ("smiley3", [3]),
    ],
)
def test_the_satisfied_answers_of_a_scale_are_those_of_the_table(scale: str, satisfied: list[int]) -> None:
    assert [value for value in range(-1, 12) if map_answer(scale, value).satisfied] == satisfied


def test_columns_are_read_as_single_answers_are() -> None:
    rows = [(scale, float(value)) for scale in SCALES for value in range(-1, 12)]
    found = pl.DataFrame(rows, schema=["scale", "score"], orient="row").select(unit_score(pl.col("scale"), pl.col("score"))).to_series()
    assert found.to_list() == [map_answer(scale, value).unit_score for scale, value in rows]


def test_an_unknown_scale_is_refused_and_in_a_column_unknown() -> None:
    with pytest.raises(ValueError, match="likert5"):
        map_answer("likert6", 3)
    frame = pl.DataFrame({"scale": ["likert6", None], "score": [3.0, 3.0]})
    assert frame.select(unit_score(pl.col("scale"), pl.col("score"))).to_series().to_list() == [None, None]


def test_goalposts_work_both_ways_and_never_beyond_their_ends() -> None:
    assert [goalpost(x, worst=0, best=10) for x in (-1, 0, 5, 10, 11)] == [0, 0, 50, 100, 100]
    assert [goalpost(x, worst=10, best=0) for x in (-1, 5, 11)] == [100, 50, 0]
    with pytest.raises(ValueError, match="same"):
        goalpost(1, worst=2, best=2)


def test_a_scale_that_moves_by_more_than_ten_points_breaks_the_series() -> None:
    assert not scale_break({"likert5": 90, "thumbs": 10}, {"likert5": 80, "thumbs": 20})
    assert scale_break({"likert5": 90, "thumbs": 10}, {"likert5": 79, "thumbs": 21})
    assert scale_break({"likert5": 100}, {"thumbs": 100})
    assert not scale_break({}, {"thumbs": 100})
