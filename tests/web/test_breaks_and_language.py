"""A series that is made in another way is marked; numbers and days are written as the reader's language has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from kpi import words
from kpi.charts import broken, trends
from kpi.charts.marks import breaks
from kpi.charts.points import place
from tests.web.sample_panel import sample_panel


def changed(at: int, **values: object) -> object:
    """The sample, whose first strip is made in another way from a point on."""
    panel = sample_panel()
    points = [
        replace(point, results=(replace(point.results[0], **values), *point.results[1:])) if index >= at else point  # type: ignore[arg-type]
        for index, point in enumerate(panel.trend)
    ]
    return replace(panel, trend=tuple(points))


def test_another_definition_is_marked_in_its_own_strip_and_said() -> None:
    panel = changed(5, definition_version=2)
    day = place(panel.trend[5])  # type: ignore[attr-defined]
    assert breaks(panel) == [(day, 0)]  # type: ignore[arg-type]
    marks = [item for item in trends(panel)["layout"]["shapes"] if item["name"] == "break"]  # type: ignore[arg-type,index]
    assert [(item["x0"], item["y1"]) for item in marks] == [(day.isoformat(), 1.0)]
    said = f"Customer satisfaction from {words.day(day)} on is made in another way than before: the two sides are not to be compared."
    assert broken(panel) == (said,)  # type: ignore[arg-type]


def test_a_series_of_one_kind_has_no_mark() -> None:
    assert breaks(sample_panel()) == []
    assert broken(sample_panel()) == ()


@pytest.mark.parametrize(
    ("language", "number", "day"),
    [("en", "12\u202f345.6", "7 Jun 2026"), ("de", "12\u202f345,6", "7. Juni 2026"), ("fr", "12\u202f345,6", "7 juin 2026")],
)
def test_numbers_and_days_are_those_of_the_reader_s_language(language: str, number: str, day: str) -> None:
    with translation.override(language):
        assert words.number(12_345.6, 1) == number
        assert words.day(date(2026, 6, 7)) == day
        assert words.moment(datetime(2026, 6, 7, 2, 5, tzinfo=UTC)) == f"{day}, 02:05"
