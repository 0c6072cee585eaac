"""Control limits on every surface: in the strips, the words, the table, JSON and CSV; a saving's only inside the panel."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from kpi import charts
from kpi.control_limits import controls_of
from kpi.export import HEADER, panel_rows
from kpi.result import Panel
from kpi.serializers import render_panel
from tests.web.sample_panel import sample_panel, withheld_panel
from tests.web.test_api import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel() -> Panel:
    made = sample_panel()
    low = made.trend[15]
    customer = replace(low.results[0], value=0.76, low=0.74, high=0.78)
    trend = (*made.trend[:15], replace(low, results=(customer, *low.results[1:])), *made.trend[16:])
    return replace(made, trend=trend, controls=controls_of(trend))


def parts(figure: dict[str, Any] | None, role: str) -> dict[str, dict[str, Any]]:
    assert figure is not None
    return {trace["meta"]["part"]: trace for trace in figure["data"] if trace["meta"]["role"] == role}


def test_limits_are_drawn_in_their_strip_and_a_signal_is_framed(panel: Panel) -> None:
    found = parts(charts.trends(panel), "customer")
    assert found["limits"]["yaxis"] == found["signal"]["yaxis"] == "y"
    assert found["limits"]["x"].count(None) == 1, "an upper and a lower line"
    assert found["signal"]["y"] == [76.0]
    assert "signal: outside the limits" in found["line"]["text"][15]


def test_wellbeing_has_no_limits_in_its_strip(panel: Panel) -> None:
    assert {"limits", "centre", "signal"} & set(parts(charts.trends(panel), "wellbeing")) == set()


def test_the_provisional_point_lies_beyond_the_limits(panel: Panel) -> None:
    found = parts(charts.trends(panel), "customer")
    assert found["provisional"]["x"][-1] not in found["limits"]["x"]


def test_table_json_and_csv_say_the_same(panel: Panel) -> None:
    assert "signal: outside the limits" in charts.trend_table(panel)[15].cells[0]
    said = render_panel(panel)["trend"]["series"][0]["control"]
    assert said["signals"][0]["index"] == 15
    at = {name: place for place, name in enumerate(HEADER)}
    rows = [row for row in panel_rows(panel) if row and row[0] == "trend" and row[at["metric"]] == "csat"]
    assert [row[at["control_lower"]] for row in rows] == said["lower"]
    assert rows[15][at["signal"]] == "outside the limits"
    assert {len(row) for row in rows} == {len(HEADER)}


def test_a_withheld_saving_has_no_limit_anywhere() -> None:
    held = withheld_panel()
    held = replace(held, controls=controls_of(held.trend))
    assert set(parts(charts.trends(held), "savings")) == {"band", "line"}
    assert render_panel(held)["trend"]["series"][3]["control"]["lower"] == []


def test_the_page_answers_whether_they_vary_as_always(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpi.panel.build_panel", lambda viewer, query: panel)
    monkeypatch.setattr("kpi.panel.data_as_of", lambda: panel.query.period.end)
    page = member("executive").get("/").content.decode()
    assert "Do they vary as they always did?" in page
    assert "no control limits, for its surveys come in waves" in page


def test_limits_keep_the_figures_small(panel: Panel) -> None:
    assert len(json.dumps(charts.trends(panel), allow_nan=False)) < 60_000
