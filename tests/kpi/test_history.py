"""A figure that was restated says so wherever it is shown: old and new value, date and reason; what is hidden says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpi import charts
from kpi.export import panel_rows, render_csv
from kpi.forms import comparison_of
from kpi.history import with_history
from kpi.metric import Estimate, Period, Status
from kpi.publishing import publish
from kpi.result import Panel, Query, Scope
from kpi.serializers import render_panel
from tests.kpi.panel_help import WAVE, Centre, everything_said, manager, of, row
from tests.kpi.published_help import AS_OF, FOUR, asked, corrected, figure, gives, mature_centre
from tests.web.planted import saving
from tests.web.sample_panel import sample_panel

SAYS = "revised on 13 Apr 2026 from 50.1\u202f% to 45.0\u202f% (records of 18 Mar 2026 changed after publication)"


@pytest.fixture
def here(clock: None, db: None) -> Iterator[Centre]:
    with mature_centre() as made:
        publish()
        figure("csat", 0.45)
        corrected()
        publish()
        yield made


def notes(panel: Panel) -> list[str]:
    return [column.result.restated.text if column.result.restated else "" for column in panel.columns]


def test_the_figure_says_what_it_was_when_it_changed_and_why(here: Centre) -> None:
    found = asked().columns[0].result.restated
    assert found is not None
    assert (found.text, found.old, found.new, found.action) == (SAYS, 0.501, 0.45, "update_marked_revised")
    assert notes(asked()) == [SAYS, "", "", ""], "the others did not change"


@pytest.mark.parametrize("kind", ["site", "team"])
def test_so_do_sites_and_teams_and_the_rows_of_teams(here: Centre, kind: str) -> None:
    scope = {"site": Scope(site=here.sites["North"].pk), "team": of(here, "Heron")}[kind]
    assert notes(asked(scope))[0] == SAYS
    told = row(asked(), "Heron")[0].result.restated
    assert told is not None
    assert told.text == SAYS


def test_the_trend_says_it_at_the_stretch_that_changed_and_nowhere_else(here: Centre) -> None:
    panel = asked()
    told = {point.period: point.results[0].restated for point in panel.trend}
    assert [period for period, found in told.items() if found] == [FOUR]
    assert SAYS in charts.trend_table(panel)[-1].cells[0]


def test_a_comparison_with_a_restated_figure_says_so(here: Centre) -> None:
    later = Period(FOUR.end, AS_OF)
    assert any(SAYS in note for note in asked(period=later, than=FOUR).columns[0].notes)
    assert not any("restated" in note for note in asked(period=later).columns[0].notes)


def test_a_row_of_the_table_has_room_for_what_it_was(here: Centre) -> None:
    found = row(asked(), "Heron")[0].result.restated
    assert found is not None
    assert found.brief == "revised, was 50.1\u202f%"


def test_json_and_csv_say_what_the_page_says(here: Centre) -> None:
    panel = asked()
    said = render_panel(panel)
    assert said["columns"][0]["restated"]["text"] == said["trend"]["series"][0]["restated"][-1]["text"] == SAYS
    assert (said["columns"][0]["restated"]["old"], said["columns"][1]["restated"]) == (0.501, None)
    assert render_csv(panel_rows(panel)).count(SAYS) == 8, "the column, five teams, the group of steps, one stretch of the trend"


def test_of_people_no_earlier_figure_is_repeated(here: Centre) -> None:
    gives("agent_wellbeing_index", Estimate(Status.OK, 41.0, 38.0, 44.0, 40, extra={"wave": WAVE}))
    corrected()
    publish()
    found = asked().columns[1].result
    assert (found.value, found.restated is not None) == (41.0, True)
    assert found.restated is not None
    assert (found.restated.old, found.restated.new) == (None, None)
    assert "not repeated" in found.restated.text


def test_a_figure_that_is_hidden_now_says_nothing_of_what_it_was(here: Centre) -> None:
    gives("csat", Estimate(Status.SUPPRESSED, reasons=("agents:too_few",)))
    corrected()
    for _night in range(2):  # before it is published anew, and after
        panel = asked()
        assert notes(panel)[0] == ""
        assert "50.1" not in everything_said(panel)
        assert "45.0" not in everything_said(panel)
        publish()


def test_a_restated_saving_is_told_beside_its_companions_and_not_where_it_is_withheld(here: Centre) -> None:
    gives("fte_reduction", saving(5))
    corrected()
    publish()
    panel = asked()
    assert "7\u202f001.4" in notes(panel)[3]
    assert all(column.result.shown for column in panel.columns)
    gives("resolution_quality", Estimate(Status.NO_DATA))
    corrected()
    publish()
    assert notes(asked())[3] == ""
    assert "7001" not in everything_said(asked()).replace("\u202f", "")


def test_a_filter_by_queue_is_another_figure(here: Centre) -> None:
    assert notes(asked(Scope(queue=here.queues["wide"]))) == [""] * 4


def test_a_manager_is_told_of_own_teams_and_totals_only(here: Centre) -> None:
    panel = asked(viewer=manager(here, "Heron"))
    assert notes(panel)[0] == SAYS
    assert [item.label for item in panel.teams] == ["Heron team"]
    assert notes(asked(of(here, "Heron", "Owl"), manager(here, "Heron", "Owl")))[0] == "", "two teams together were never published"


def test_it_costs_one_query_however_many_teams_and_points_there_are(here: Centre) -> None:
    asked()
    cache.clear()
    with CaptureQueriesContext(connection) as read:
        asked()
    assert sum("kpi_publishedvalue" in query["sql"] for query in read.captured_queries) == 1


def test_a_remembered_page_is_out_of_date_once_a_value_is_restated(here: Centre) -> None:
    later = asked()
    figure("csat", 0.30)
    corrected()
    asked()  # kept, with the note of the first night
    publish()
    assert later.columns[0].result.restated != asked().columns[0].result.restated


def test_a_comparison_whose_year_has_no_week_53_says_so() -> None:
    for start, says in ((date(2026, 7, 6), ""), (date(2026, 11, 2), "(52 weeks earlier: that year has no week 53")):
        period = Period(start, start + timedelta(weeks=13))
        query = Query(period, Scope(queue=1), comparison_of(period, "year"), "year")
        assert says in with_history(sample_panel(query), query.scope).comparison_text
        other = replace(query, comparison=comparison_of(period, "previous"), comparison_key="previous")
        assert "week 53" not in with_history(sample_panel(other), other.scope).comparison_text
