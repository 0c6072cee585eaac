"""Small multiples: the same axes for all, each unit with its four, and only what its panel shows."""

from __future__ import annotations

from dataclasses import replace

import plotly.graph_objects as go
import pytest
from django.test import Client

from kpi.charts import multiples
from kpi.charts.multiples import TOGETHER
from kpi.models import Team
from kpi.result import Panel, Query, Scope
from tests.web.sample_panel import sample_panel, withheld_panel
from tests.web.test_pages import asked, client_of

__all__ = ["asked"]


def panels(count: int) -> list[Panel]:
    return [replace(sample_panel(), title=f"Site {number}") for number in range(count)]


def test_every_unit_has_its_four_on_the_axes_of_all() -> None:
    found = multiples(panels(TOGETHER + 1))
    assert [item.units for item in found] == [TOGETHER, 1]
    first, second = (item.figure["layout"] for item in found)
    assert first["yaxis"]["range"] == first["yaxis2"]["range"] == second["yaxis"]["range"]
    assert first["xaxis"]["range"] == second["xaxis"]["range"]
    roles = {(trace["meta"]["unit"], trace["meta"]["role"]) for trace in found[0].figure["data"]}
    assert roles == {(f"Site {at}", role) for at in range(TOGETHER) for role in ("customer", "wellbeing", "resolution", "savings")}
    assert len(go.Figure(found[0].figure["data"]).data) == len(found[0].figure["data"])


def test_a_saving_that_is_withheld_is_not_drawn_and_the_table_says_so() -> None:
    [found] = multiples([withheld_panel()])
    [(_name, cells)] = found.rows
    assert "withheld" in cells[3]
    assert multiples([replace(sample_panel(), trend=())]) == ()


@pytest.mark.django_db
def test_they_are_made_only_where_they_are_asked_for_each_through_the_door(lark: Team, asked: list[Query]) -> None:
    client: Client = client_of()
    assert "multiples-0" not in client.get("/").content.decode()
    assert len(asked) == 1
    page = client.get("/", {"by": "site"}).content.decode()
    assert 'id="multiples-0"' in page
    assert asked[-1].scope == Scope(site=lark.site_id)
