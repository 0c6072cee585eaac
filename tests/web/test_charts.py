"""Figures are plain dictionaries that Plotly accepts, and show nothing the panel does not show."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import plotly.graph_objects as go
import pytest

from kpi import charts
from kpi.charts.points import settles
from kpi.metric import Family, Status
from kpi.serializers import render_panel
from tests.web.sample_panel import STEPS, TURN, sample_panel, silent_panel, withheld_panel

pytestmark = pytest.mark.django_db


def trends(panel: Any = None) -> dict[str, Any]:
    figure = charts.trends(panel or sample_panel())
    assert figure is not None
    return figure


def of(figure: dict[str, Any], role: str, part: str) -> dict[str, Any]:
    return next(trace for trace in figure["data"] if trace["meta"] == {"role": role, "part": part})


def test_plotly_accepts_every_figure() -> None:
    for figure in (trends(), charts.waterfall(STEPS)):
        assert figure is not None
        drawn = go.Figure(figure)
        assert len(drawn.data) == len(figure["data"])


def test_all_four_and_the_contacts_share_one_time_axis() -> None:
    figure = trends()
    assert {trace["xaxis"] for trace in figure["data"]} == {"x"}
    assert {trace["yaxis"] for trace in figure["data"]} == {"y", "y2", "y3", "y4", "y5"}
    heights = [round(high - low, 6) for low, high in (figure["layout"][axis]["domain"] for axis in ("yaxis", "yaxis2", "yaxis3", "yaxis4"))]
    assert len(set(heights)) == 1, "no family is drawn larger than another"


def test_a_gap_stays_open_in_line_and_band() -> None:
    figure = trends()
    line, band = of(figure, "customer", "line"), of(figure, "customer", "band")
    assert line["y"][12] is None
    assert line["connectgaps"] is False
    assert band["x"].count(None) == 1, "two closed shapes, one on each side of the gap"
    assert line["x"][12] not in band["x"]


def test_a_carried_forward_point_is_hollow_and_a_provisional_one_drawn_apart() -> None:
    figure = trends()
    assert of(figure, "wellbeing", "line")["marker"]["symbol"][1:4] == ["circle-open", "circle-open", "circle"]
    young = of(figure, "customer", "provisional")
    assert young["marker"]["symbol"][-1] == "diamond-open"
    assert of(figure, "customer", "line")["y"][-1] is None


def test_shares_are_drawn_as_percent() -> None:
    assert of(trends(), "customer", "line")["y"][0] == pytest.approx(82.0, abs=0.01)


def test_the_week_in_which_growth_stopped_is_a_line_through_all_strips() -> None:
    shapes = {shape["name"]: shape for shape in trends()["layout"]["shapes"]}
    assert shapes["turn"]["x0"] == TURN.isoformat()
    assert (shapes["turn"]["y0"], shapes["turn"]["y1"]) == (0, 1)
    assert shapes["growth"]["x1"] == shapes["after"]["x0"] == TURN.isoformat()


def test_every_point_speaks_with_its_doubt_and_its_sample() -> None:
    told = of(trends(), "customer", "line")["text"][0]
    assert told == "Customer satisfaction: 82.0 % (80.8 to 83.2) · 1\u202f470 answers"


def test_a_withheld_saving_is_in_no_figure() -> None:
    panel = withheld_panel()
    figure = trends(panel)
    assert set(of(figure, "savings", "line")["y"]) == {None}
    assert of(figure, "savings", "band")["y"] == []
    assert charts.waterfall(panel.steps) is None
    assert charts.sparks(panel)[3] == charts.Spark()


def test_the_table_and_the_words_hold_the_figures_of_the_picture() -> None:
    panel = sample_panel()
    lines = charts.trend_table(panel)
    assert lines[0].cells[0] == "82.0 % (80.8 to 83.2) · 1\u202f470 answers"
    assert lines[12].cells == ("not enough data",) * 4
    assert charts.summaries(panel)[3].endswith("between 0.8 and 9.2 FTE; the latest is 9.2 FTE.")


def test_the_waterfall_ends_where_its_steps_lead() -> None:
    moves = sum(step.value for step in STEPS if not step.total)
    assert STEPS[0].value + moves == pytest.approx(STEPS[-1].value)
    figure = charts.waterfall(STEPS)
    assert figure is not None
    assert figure["data"][0]["measure"] == ["absolute", *["relative"] * 5, "absolute"]
    low, high = figure["layout"]["yaxis"]["range"]
    assert low < 93.6
    assert high > 107.3
    assert charts.axis_is_cut(figure)


def test_nothing_to_draw_is_no_figure() -> None:
    assert charts.trends(silent_panel()) is None
    assert charts.waterfall(()) is None


def test_figures_are_json_and_small() -> None:
    panel = sample_panel()
    text = json.dumps([charts.trends(panel), charts.waterfall(panel.steps)], allow_nan=False)
    assert len(text) < 60_000


def test_every_family_has_its_colour_role_and_no_colour() -> None:
    figure = trends()
    assert {trace["meta"]["role"] for trace in figure["data"]} == {*(family.value for family in Family), "ink"}
    assert "#" not in json.dumps(figure)
    assert Status.CARRIED_FORWARD in {result.status for point in sample_panel().trend for result in point.results}


# --- what can still change


def test_the_interval_of_a_provisional_point_is_hatched_and_no_part_of_the_firm_one() -> None:
    figure = trends()
    firm, young = of(figure, "customer", "band"), of(figure, "customer", "young")
    last = of(figure, "customer", "line")["x"][-1]
    assert last in young["x"]
    assert last not in firm["x"]
    assert len(set(young["x"])) == 2, "from the last firm point to the young one"
    assert [trace for trace in figure["data"] if trace["meta"] == {"role": "wellbeing", "part": "young"}] == []


def test_the_small_trend_is_dotted_to_what_can_still_change() -> None:
    customer, wellbeing, _quality, _saving = charts.sparks(sample_panel())
    assert (customer.young.count("L"), wellbeing.young) == (1, "")
    assert customer.line.split("L")[-1] == customer.young.removeprefix("M").split("L")[0], "the one begins where the other ends"


def test_a_small_sample_that_is_provisional_too_says_both_and_is_drawn_apart() -> None:
    panel = sample_panel()
    last = panel.trend[-1]
    both = replace(last.results[0], status=Status.SMALL_SAMPLE, reasons=("sample:small", "provisional:answers"))
    panel = replace(panel, trend=(*panel.trend[:-1], replace(last, results=(both, *last.results[1:]))))
    assert charts.trend_table(panel)[-1].cells[0].endswith("small sample, provisional")
    assert of(trends(panel), "customer", "provisional")["marker"]["symbol"][-1] == "diamond-open"
    assert render_panel(panel)["trend"]["series"][0]["provisional"] == [False] * 19 + [True]


def test_words_say_which_points_can_change_and_until_when() -> None:
    assert charts.youngest(sample_panel()) == (
        "Dotted and hatched points are provisional, for answers and outcomes of their last days can still arrive: "
        "Customer satisfaction until 19 Oct 2026, Resolution quality until 19 Oct 2026."
    )
    firm = replace(sample_panel(), trend=sample_panel().trend[:-1])
    assert charts.youngest(firm) == ""


@pytest.mark.parametrize(
    ("reasons", "days"), [(("provisional:answers",), 7), (("provisional:outcomes",), 14), (("provisional:answers", "reviews:open"), 14)]
)
def test_answers_are_in_after_7_days_and_outcomes_after_14(reasons: tuple[str, ...], days: int) -> None:
    result = replace(sample_panel().columns[0].result, reasons=reasons)
    assert settles(result) == result.period_end + timedelta(days)


@pytest.mark.parametrize("status", [Status.WITHHELD, Status.SUPPRESSED, Status.NO_DATA])
def test_what_is_hidden_is_not_provisional(status: Status) -> None:
    hidden = replace(sample_panel().columns[0].result, status=status, value=None, reasons=("provisional:answers",))
    assert not hidden.provisional
