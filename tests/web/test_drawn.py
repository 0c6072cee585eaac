"""Figures beside single numbers: their parts are those of the number, and what is not shown is not drawn."""

from __future__ import annotations

from dataclasses import replace

import plotly.graph_objects as go
import pytest

from kpi.charts import beside
from kpi.charts.beside import DRAWN, funnel, ledger
from kpi.metric import Family, Status
from kpi.result import Change, Column, Section, Sheet, Verdict
from tests.kpi.result_help import result
from tests.web.sample_panel import sample_panel

PARTS = {"growth_absorbed": 48.0, "released": 83.0, "relief": 12.0}
GAIN = replace(result(Family.SAVINGS, 143, 140, 146, parts=PARTS), metric="gain_ledger", text="143", unit_text="h")
STEPS = {"eligible": 1000.0, "tried": 600.0, "closed": 400.0, "solved": 300.0}
SOLVED = replace(result(Family.RESOLUTION, 30, 28, 32, parts=STEPS), metric="ai_solved_rate")


def sheet_of(*results: object) -> Sheet:
    columns = tuple(Column(item, Change()) for item in results)  # type: ignore[arg-type]
    return Sheet("capacity", "Capacity", "?", Verdict("", ()), sample_panel(), (Section("", columns),))


def test_the_blocks_of_the_ledger_add_up_to_the_freed_hours() -> None:
    drawn = ledger(GAIN)
    assert drawn is not None
    assert sum(trace["x"][0] for trace in drawn.figure["data"]) == GAIN.value
    assert [row[1] for row in drawn.rows] == ["48\u202fh", "83\u202fh", "12\u202fh", "143\u202fh"]
    assert (
        drawn.words
        == "absorbed by growth 48\u202fh, taken out as paid hours 83\u202fh, given back to people 12\u202fh; together 143\u202fh a week."
    )
    assert drawn.figure["layout"]["barmode"] == "relative", "what is below zero stands left of it"


def test_relief_below_zero_is_called_what_it_is() -> None:
    drawn = ledger(replace(GAIN, parts=PARTS | {"relief": -29.0}))
    assert drawn is not None
    assert "squeezed: denser work −29\u202fh" in drawn.words
    assert "given back" not in drawn.words


def test_each_step_of_the_funnel_is_a_part_of_the_eligible() -> None:
    drawn = funnel(SOLVED)
    assert drawn is not None
    assert drawn.figure["data"][0]["x"] == [1000, 600, 400, 300]
    assert [row[1] for row in drawn.rows][-1] == "300 · 30.0\u202f%"
    assert drawn.words == "Of 1\u202f000 eligible contacts the AI attempted 600, contained 400, and 300 are confirmed."


@pytest.mark.parametrize("shown", [GAIN, SOLVED])
def test_a_figure_that_is_not_shown_has_no_picture(shown: object) -> None:
    hidden = replace(shown, value=None, status=Status.WITHHELD)  # type: ignore[type-var]
    assert beside(sheet_of(hidden)) == {}
    assert list(beside(sheet_of(shown))) == [shown.metric]  # type: ignore[attr-defined]


def test_a_figure_without_its_parts_has_no_picture() -> None:
    assert ledger(replace(GAIN, parts=PARTS | {"released": None})) is None
    assert funnel(replace(SOLVED, parts={"eligible": 0.0, "tried": 0.0, "closed": 0.0, "solved": 0.0})) is None


@pytest.mark.parametrize("made", [ledger(GAIN), funnel(SOLVED)])
def test_plotly_understands_every_figure(made: object) -> None:
    figure = made.figure  # type: ignore[attr-defined]
    layout = {name: value for name, value in figure["layout"].items() if name != "meta"}
    assert len(go.Figure(figure["data"], layout).data) == len(figure["data"])
    assert set(DRAWN) == {"gain_ledger", "ai_solved_rate"}
