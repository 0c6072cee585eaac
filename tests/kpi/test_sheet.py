"""Pages beside the overview: figures in their places, gated and protected by the panel they stand beside."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpi import registry, sheet
from kpi.metric import Direction, Estimate, Family, Metric, Part, Status, Unit
from kpi.result import Query, Scope, Sheet, Viewer
from kpi.rights import NotAllowed
from kpi.sheet import build_sheet
from tests.kpi.panel_help import EXECUTIVE, PERIOD, YEAR_AGO, Centre, centre, manager, of, planted_beside_wellbeing

PAGE = "capacity"


def figure(key: str, family: Family, estimate: Estimate, **more: object) -> Metric:
    """A metric that gives the same estimate whatever it is asked."""
    model = registry.metrics()["fcr"]
    fixed = {"windows": lambda frame: {}, "estimate": lambda evidence: estimate, "page": PAGE, "section": "Figures", "by": (), "shows": {}}
    return replace(model, key=key, label=key, family=family, **{**fixed, **more})  # type: ignore[arg-type]


FOUND = Estimate(Status.OK, 0.7, 0.6, 0.8, 400, "wilson", parts={"raw": 0.65, "unknown": None})
SAVED = Estimate(Status.OK, 777.0, 700.0, 800.0, 400, "bootstrap", parts={"gross": 888.0})
GROSS = {"gross": Part("gross", Unit.FTE)}


@pytest.fixture
def here(db: None) -> Iterator[Centre]:
    made = centre()
    with planted_beside_wellbeing(), pytest.MonkeyPatch.context() as patch:
        further = {
            "handling": figure("handling", Family.RESOLUTION, FOUND, place=2, by=("team", "queue"), shows={"raw": Part("raw", Unit.SHARE)}),
            "left_over": figure("left_over", Family.SAVINGS, SAVED, place=1, section="Left", unit=Unit.FTE, by=("team",), shows=GROSS),
        }
        metrics = {key: replace(item, page="") for key, item in registry.metrics().items()} | further
        patch.setattr(registry, "metrics", cache(lambda: metrics))
        yield made


def ask(scope: Scope = Scope(), viewer: Viewer = EXECUTIVE) -> Sheet:  # noqa: B008
    return build_sheet(viewer, Query(PERIOD, scope, YEAR_AGO, "year"), PAGE)


def test_figures_stand_in_their_places_under_their_headings(here: Centre) -> None:
    found = ask()
    assert [(section.title, [column.result.metric for column in section.columns]) for section in found.sections] == [
        ("Left", ["left_over"]),
        ("Figures", ["handling"]),
    ]
    assert found.question == str(sheet.PAGES[PAGE].question)


def test_a_part_is_printed_in_its_unit_and_an_unknown_one_is_left_out(here: Centre) -> None:
    [column] = ask().sections[1].columns
    assert column.notes == ("raw 65.0\u202f%",)


def test_a_further_saving_is_shown_beside_the_four_of_its_scope_and_period(here: Centre) -> None:
    found = ask()
    [column] = found.sections[0].columns
    assert (column.result.value, column.notes) == (777.0, ("gross 888.0\u202fFTE",))
    assert all(item.result.shown for item in found.panel.columns)
    assert {item.result.scope for item in found.panel.columns} == {column.result.scope}


def test_a_further_saving_is_withheld_with_nothing_left_of_it_where_a_companion_is_missing(here: Centre) -> None:
    [column] = ask(of(here, "Wren")).sections[0].columns
    assert (column.result.status, column.result.value, column.result.reasons) == (Status.WITHHELD, None, ("awi:suppressed",))
    assert "777" not in repr(column)
    assert "888" not in repr(column)


def test_no_saving_stands_in_a_table(here: Centre) -> None:
    tables = ask().breakdowns
    assert {table.title for table in tables} == {"By team", "By queue"}
    assert {column.result.metric for table in tables for line in table.lines for column in line.columns} == {"handling"}


def test_a_filter_that_is_set_has_no_table_of_its_own(here: Centre) -> None:
    assert [table.title for table in ask(Scope(queue=here.queues["wide"])).breakdowns] == ["By team"]


def test_a_manager_reads_the_lines_of_own_teams_alone(here: Centre) -> None:
    tables = ask(viewer=manager(here, "Heron")).breakdowns
    [teams] = [table for table in tables if table.title == "By team"]
    assert [line.label for line in teams.lines] == ["Heron team"]


def test_a_manager_is_refused_the_team_of_somebody_else(here: Centre) -> None:
    with pytest.raises(NotAllowed):
        ask(of(here, "Owl"), manager(here, "Heron"))


def test_the_same_question_is_not_worked_out_twice(here: Centre) -> None:
    first = ask()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert ask() == first
    assert not any("kpi_rollup" in query["sql"] for query in asked)


@contextmanager
def with_figure(direction: Direction) -> Iterator[None]:
    """One figure on the page: 90 % now, 70 % a year ago."""
    now = Estimate(Status.OK, 0.9, 0.89, 0.91, 400)
    turns = iter([now, FOUND])
    only = replace(figure("handling", Family.RESOLUTION, now, better=direction), estimate=lambda evidence: next(turns))
    metrics = {key: item for key, item in registry.metrics().items() if key != "left_over"} | {"handling": only}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "metrics", cache(lambda: metrics))
        yield


def test_the_answer_says_first_what_got_worse_beyond_noise(here: Centre) -> None:
    with with_figure(Direction.DOWN):
        answer = ask().answer
    assert answer.lead == "Something got worse."
    assert answer.sentences == (("handling: 90.0\u202f% ±1.0 (▲ 20.0 pt, +10.0 to +30.0, worse, beyond noise).", True),)


def test_the_answer_says_that_nothing_got_worse(here: Centre) -> None:
    with with_figure(Direction.UP):
        answer = ask().answer
    assert answer.lead == "Nothing got clearly worse."
    assert answer.sentences == (("handling: 90.0\u202f% ±1.0 (▲ 20.0 pt, +10.0 to +30.0, better, beyond noise).", False),)


def test_the_answer_does_not_call_steady_what_has_nothing_to_compare_with(here: Centre) -> None:
    with with_figure(Direction.UP):
        answer = build_sheet(EXECUTIVE, Query(PERIOD, Scope(), None, "none"), PAGE).answer
    assert answer.lead == "Nothing here can be compared yet."
    assert answer.sentences == (("One figure with nothing to compare with.", False),)


def test_a_figure_without_a_good_direction_is_never_called_better_or_worse(here: Centre) -> None:
    with with_figure(Direction.NEITHER):
        [section] = ask().sections
    assert (section.columns[0].change.direction, section.columns[0].change.words) == ("more", "more, beyond noise")


def test_only_pages_on_which_a_figure_stands_exist(here: Centre) -> None:
    assert list(sheet.pages()) == [PAGE]
