"""A target in the strip of its measure and beside a team: a band, bounds and words, the same for all four; a saving's is never green."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from kpi import charts
from kpi.plans.targets import Band
from kpi.result import Aim, Panel
from tests.web.sample_panel import sample_panel

SINCE = date(2026, 3, 2)


def aimed(index: int, floor: float | None, ceiling: float | None = None) -> Panel:
    """The sample with one target in force since SINCE."""
    made = sample_panel()
    column = made.columns[index]
    aim = Aim("within", floor, ceiling, "Target: x", "within the target", None, SINCE)
    columns = tuple(replace(column, aim=aim) if at == index else item for at, item in enumerate(made.columns))
    return replace(made, columns=columns)  # type: ignore[arg-type]


def test_the_band_beside_a_figure_is_a_drawing_in_every_language() -> None:
    place = Band(start=95.7, length=144.3, low=40.0, high=80.5, value=60.2)
    panel = aimed(0, 0.78)
    column = replace(panel.columns[0], aim=replace(panel.columns[0].aim, band=place))  # type: ignore[type-var]
    with translation.override("de"):
        drawn = render_to_string("kpi/_aim.html", {"column": column})
    assert 'x="95.7"' in drawn
    assert 'width="144.3"' in drawn
    assert 'd="M40.0 7H80.5"' in drawn
    assert 'd="M60.2 1V13"' in drawn


def shapes(panel: Panel, name: str) -> list[dict[str, Any]]:
    figure = charts.trends(panel)
    assert figure is not None
    return [shape for shape in figure["layout"]["shapes"] if shape["name"] == name]


def test_a_floor_is_a_line_with_a_band_above_it_from_the_day_it_holds() -> None:
    panel = aimed(0, 0.78)
    [band], [line] = shapes(panel, "target"), shapes(panel, "bound")
    assert (band["yref"], band["y0"], line["y0"], line["y1"]) == ("y", 78.0, 78.0, 78.0)
    assert band["y1"] > max(point.results[0].high * 100 for point in panel.trend if point.results[0].high)
    assert band["x0"] == SINCE.isoformat()
    figure = charts.trends(panel)
    assert figure is not None
    assert "<b>Customer satisfaction</b> · Target: x" in [item["text"] for item in figure["layout"]["annotations"]]


def test_floor_and_ceiling_are_two_lines_around_the_band() -> None:
    panel = aimed(1, 50.0, 70.0)
    [band] = shapes(panel, "target")
    assert (band["yref"], band["y0"], band["y1"]) == ("y2", 50.0, 70.0)
    assert [line["y0"] for line in shapes(panel, "bound")] == [50.0, 70.0]


def test_a_saving_s_target_looks_like_every_other() -> None:
    said = [(band["name"], band.get("fillcolor"), band["line"]) for index in range(4) for band in shapes(aimed(index, 1.0), "target")]
    assert said == [("target", None, {"width": 0})] * 4, "colours are the theme's, by the name of the part"


def test_without_a_target_nothing_is_drawn() -> None:
    assert shapes(sample_panel(), "target") == []
