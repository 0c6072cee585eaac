"""The one door: who may look, what of a few people and of an unbalanced saving never passes, and at what cost it is built."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kpi import gaps, ledger, panel, registry
from kpi.metric import Estimate, Evidence, Status
from kpi.models import Rollup
from kpi.panel import build_panel, panel_key
from kpi.result import Panel, Query, Scope, Viewer
from kpi.rights import NotAllowed
from kpi.serializers import render_panel
from tests import factories
from tests.kpi.panel_help import PEOPLE, PERIOD, SECRETS, YEAR_AGO, Centre, centre, is_empty, planted_beside_wellbeing, row

EXECUTIVE = Viewer("executive")


@pytest.fixture
def here(db: None) -> Iterator[Centre]:
    made = centre()
    with planted_beside_wellbeing():
        yield made


def ask(scope: Scope = Scope(), viewer: Viewer = EXECUTIVE) -> Panel:  # noqa: B008
    return build_panel(viewer, Query(PERIOD, scope, YEAR_AGO, "year"))


def of(here: Centre, *names: str) -> Scope:
    return Scope(teams=frozenset(here.teams[name].pk for name in names))


def manager(here: Centre, *names: str) -> Viewer:
    teams = [here.teams[name] for name in names]
    return Viewer("manager", frozenset(team.pk for team in teams), frozenset(team.site_id for team in teams))


def everything_said(found: Panel) -> str:
    """The panel as any surface may print it, and as Python would."""
    return json.dumps(render_panel(found), cls=DjangoJSONEncoder, ensure_ascii=False) + repr(found)


def without_wellbeing(found: Panel) -> bool:
    """Neither wellbeing nor the saving, in the columns, the trend, the steps and every sentence."""
    results = [found.columns[1].result, found.columns[3].result]
    results += [result for point in found.trend for result in (point.results[1], point.results[3])]
    text = everything_said(replace(found, teams=()))
    return all(map(is_empty, results)) and not found.steps and not found.steps_text and not any(secret in text for secret in SECRETS)


# --- people


def test_the_small_team_and_the_one_beside_it_are_hidden_in_the_table(here: Centre) -> None:
    found = ask()
    for name, shown in {"Wren": False, "Lark": False, "Heron": True, "Owl": True, "Kite": True}.items():
        wellbeing, saving = row(found, name)[1], row(found, name)[3]
        assert (wellbeing.result.shown, saving.result.shown) == (shown, shown), name
        assert shown or (is_empty(wellbeing.result) and is_empty(saving.result))
        assert shown or (wellbeing.change.value, saving.change.value, saving.change.text) == (None, None, "")


@pytest.mark.parametrize("name", ["Wren", "Lark"])
def test_asked_for_alone_a_hidden_team_shows_nothing_anywhere(here: Centre, name: str) -> None:
    found = ask(of(here, name))
    assert len(found.trend) == 7
    assert without_wellbeing(found)
    assert found.verdict.lead == "No saving can be shown."
    assert found.columns[0].result.shown


def test_a_team_that_may_be_shown_is_shown_with_its_saving(here: Centre) -> None:
    found = ask(of(here, "Heron"))
    assert [column.result.shown for column in found.columns] == [True] * 4
    assert "7001" in everything_said(found)
    assert len(found.steps) == 7


@pytest.mark.parametrize(
    ("names", "shown"), [(("Wren", "Lark"), True), (("Wren", "Heron"), False), (("Lark", "Heron"), False), (("Heron", "Owl"), True)]
)
def test_own_teams_of_a_manager_taken_together_give_nobody_away(here: Centre, names: tuple[str, ...], shown: bool) -> None:
    found = ask(of(here, *names), manager(here, *names))
    assert found.columns[1].result.shown is shown
    assert shown or without_wellbeing(found)


@pytest.mark.parametrize(("queue", "shown"), [("small", False), ("pair", False), ("wide", True)])
def test_behind_a_filter_too_few_people_hide_the_saving_and_the_page_says_what_to_widen(here: Centre, queue: str, shown: bool) -> None:
    found = ask(Scope(queue=here.queues[queue]))
    assert found.columns[3].result.shown is shown
    assert shown or without_wellbeing(found)
    assert ("widen the filter by queue" in found.people_text) is not shown
    assert found.title == f"All sites · Queue {queue}"


def test_the_teams_behind_a_filter_are_named(here: Centre) -> None:
    found = ask(Scope(queue=here.queues["wide"]))
    assert found.people_text == "Wellbeing is that of the teams that handled at least 5 % of these contacts: Heron team, Owl team."


def test_a_filter_nobody_worked_under_says_what_to_widen(here: Centre) -> None:
    found = ask(Scope(queue=factories.QueueFactory(code="empty").pk, channel=here.channel))
    assert "No team handled at least 5 % of these contacts" in found.people_text
    assert found.people_text.endswith("widen the filter by queue or channel.")
    assert without_wellbeing(found)


def test_a_small_site_and_the_one_beside_it_are_hidden_with_all_their_teams(db: None) -> None:
    made = centre({"Wren": 4, "Heron": 5, "Owl": 20, "Kite": 18})
    with planted_beside_wellbeing():
        for site in made.sites.values():
            assert without_wellbeing(ask(Scope(site=site.pk)))
        found = ask()
    assert found.columns[1].result.shown
    assert not any(item.columns[1].result.shown for item in found.teams)


def test_a_site_is_shown_and_no_exact_number_of_people_leaves(here: Centre) -> None:
    found = ask(Scope(site=here.sites["Harbour"].pk))
    assert (found.columns[1].result.n, found.columns[1].result.sample_text) == (30, "30–34 people who answered")
    for point in found.trend:
        assert (point.results[1].n or 0) % 5 == 0


def test_every_wellbeing_figure_says_its_sample_as_a_band(here: Centre) -> None:
    found = {item.label.split()[0]: item.columns[1].result for item in ask().teams}
    assert {name: (result.n, result.sample_text.split(" ")[0]) for name, result in found.items() if result.shown} == {
        "Heron": (15, "15–19"),
        "Kite": (15, "15–19"),
        "Owl": (20, "20–24"),
    }


# --- changes


def test_teams_stand_with_the_worst_change_of_wellbeing_first_and_the_unknown_last(here: Centre) -> None:
    labels = [item.label for item in ask().teams]
    assert labels[:3] == ["Heron team", "Kite team", "Owl team"]
    assert labels[3:] == ["Lark team", "Wren team"]


def test_what_eroded_beside_the_saving_is_the_lead(here: Centre) -> None:
    found = ask()
    assert found.columns[1].change.direction == "worse"
    assert found.verdict.lead == "A saving with a cost."
    assert any(text.startswith("Wellbeing fell by") and strong for text, strong in found.verdict.sentences)


def test_without_a_comparison_nothing_is_compared(here: Centre) -> None:
    found = build_panel(EXECUTIVE, Query(PERIOD))
    assert {column.change.direction for column in found.columns[:3]} == {"unknown"}
    assert {item.columns[1].change.words for item in found.teams if item.columns[1].result.shown} == {"no comparison chosen"}
    assert found.comparison_text == ""


def test_a_gap_makes_the_period_partial_ends_the_comparison_and_leaves_the_trend_open(here: Centre) -> None:
    lost = frozenset(PERIOD.start + timedelta(i) for i in (3, 4, 5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gaps, "gap_days", lambda sites: {here.sites["Harbour"].pk: lost})
        found = ask()
        north = ask(Scope(site=here.sites["North"].pk))
    assert [column.result.status for column in found.columns] == [Status.PARTIAL] * 4
    assert all("3 days without data" in column.result.why for column in found.columns)
    assert {column.change.words for column in found.columns[:3]} == {"cannot be compared: days without data"}
    assert [result.value for result in found.trend[-1].results] == [None] * 4
    assert found.trend[-2].results[0].status is Status.OK
    assert "3 days of this period have no data" in " ".join(found.freshness.warnings)
    assert north.columns[0].result.status is Status.OK


def test_a_period_that_is_not_over_is_not_compared(here: Centre) -> None:
    found = build_panel(EXECUTIVE, Query(replace(PERIOD, end=PERIOD.end + timedelta(7)), Scope(), YEAR_AGO))
    assert found.columns[0].change.words == "cannot be compared: a period that is not over"
    assert found.columns[0].result.status is Status.PARTIAL


# --- rights


@pytest.mark.parametrize("kind", ["company", "site", "team", "queue"])
def test_a_manager_reads_no_name_and_no_row_of_another_team(here: Centre, kind: str) -> None:
    site = here.sites["Harbour"]
    scope = {"company": Scope(), "site": Scope(site=site.pk), "team": of(here, "Heron"), "queue": Scope(queue=here.queues["wide"])}[kind]
    found = ask(scope, manager(here, "Heron"))
    assert [item.label for item in found.teams] == ["Heron team"]
    assert not any(f"{name} team" in everything_said(found) for name in PEOPLE if name != "Heron")


def test_a_manager_reads_no_note_about_another_site(here: Centre) -> None:
    for text, site in (("for all", None), ("for Harbour", here.sites["Harbour"]), ("for North", here.sites["North"])):
        factories.AnnotationFactory(text=text, site=site, day=PERIOD.start)
    assert {note.text for note in ask(viewer=manager(here, "Heron")).annotations} == {"for all", "for Harbour"}
    assert {note.text for note in ask().annotations} == {"for all", "for Harbour", "for North"}
    assert {note.text for note in ask(of(here, "Owl")).annotations} == {"for all", "for North"}


def test_notes_outside_the_axis_are_left_out(here: Centre) -> None:
    for day in (PERIOD.end, PERIOD.end - timedelta(561)):
        factories.AnnotationFactory(day=day)
    assert ask().annotations == ()


@pytest.mark.parametrize("names", [("Wren",), ("Heron", "Wren")])
def test_what_is_not_allowed_is_refused_before_any_total_is_read(here: Centre, names: tuple[str, ...]) -> None:
    with (
        CaptureQueriesContext(
            connection,
        ) as read,
        pytest.raises(NotAllowed),
    ):
        ask(of(here, *names), manager(here, "Heron"))
    assert not any("rollup" in query["sql"] for query in read.captured_queries)


def test_a_panel_in_the_cache_is_still_refused(here: Centre) -> None:
    ask(of(here, "Wren"))
    with pytest.raises(NotAllowed):
        ask(of(here, "Wren"), manager(here, "Heron"))


# --- the cache


def test_the_key_differs_by_viewer_question_language_and_version(here: Centre) -> None:
    query = Query(PERIOD, Scope(), YEAR_AGO)
    viewers = [EXECUTIVE, Viewer("analyst"), manager(here, "Heron"), manager(here, "Heron", "Owl"), manager(here, "Lark")]
    queries = [
        Query(PERIOD),
        Query(YEAR_AGO),
        Query(PERIOD, of(here, "Heron")),
        Query(PERIOD, Scope(site=1)),
        Query(PERIOD, Scope(queue=1)),
    ]
    keys = [panel_key(viewer, query) for viewer in viewers] + [panel_key(EXECUTIVE, item) for item in queries]
    with translation.override("de"):
        keys.append(panel_key(EXECUTIVE, query))
    ledger.mark_due("interaction", [PERIOD.start])
    keys.append(panel_key(EXECUTIVE, query))
    site = here.sites["North"]
    LogEntry.objects.create(content_type=ContentType.objects.get_for_model(site), object_pk=site.pk, action=LogEntry.Action.UPDATE)
    keys.append(panel_key(EXECUTIVE, query))
    assert len(set(keys)) == len(keys)


def test_two_viewers_with_the_same_rights_share_a_panel(here: Centre) -> None:
    first = ask(viewer=manager(here, "Heron", "Owl"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panel, "_build", lambda granted, query: pytest.fail("built again"))
        assert ask(viewer=manager(here, "Owl", "Heron")) == first


def test_new_data_are_seen_at_once(here: Centre) -> None:
    assert ask().columns[1].result.shown
    Rollup.objects.filter(subject="pulse").delete()
    ledger.mark_due("pulse", [PERIOD.start])
    assert ask().columns[1].result.status is Status.NO_DATA


def test_a_panel_with_a_failed_number_is_not_kept(here: Centre) -> None:
    def broken(_evidence: Evidence) -> Estimate:
        raise ZeroDivisionError

    made = registry.metrics()
    works = made["csat"]
    made["csat"] = replace(works, estimate=broken)
    found = ask()
    assert found.columns[0].result.reasons == ("computation:failed",)
    assert found.columns[3].result.reasons == ("csat:insufficient",)
    made["csat"] = works
    assert ask().columns[0].result.shown


# --- the cost


def queries_of(scope: Scope) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as read:
        ask(scope)
    return len(read.captured_queries)


@pytest.mark.parametrize("queue", [None, "wide"])
def test_a_panel_costs_few_queries_however_many_teams_there_are(here: Centre, queue: str | None) -> None:
    scope = Scope(queue=here.queues[queue]) if queue else Scope()
    few = queries_of(scope)
    for team in factories.TeamFactory.create_batch(10, site=here.sites["North"]):
        factories.CellFactory(site=team.site_id, team=team.pk, queue=here.queues["wide"], channel=here.channel)
    assert queries_of(scope) == few
    assert few <= 36


def test_an_uncached_panel_stays_below_its_budget_and_a_cached_one_is_a_look_up(
    here: Centre, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        ask()
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        ask()


# --- an empty house


def test_before_the_first_import_every_number_is_empty_and_says_so(db: None) -> None:
    factories.TeamFactory()
    found = build_panel(EXECUTIVE, Query(PERIOD, Scope(), YEAR_AGO))
    assert not any(column.result.shown for column in found.columns)
    assert not any(result.shown for point in found.trend for result in point.results)
    assert (found.steps, found.growth.phase, found.freshness.text) == ((), "insufficient", "No data yet")
    assert found.title == "All sites"


def test_the_smallest_group_is_said_on_every_panel(here: Centre) -> None:
    assert ask().policy_text == "Wellbeing is shown for groups of 10 and more, never for a person."
    assert ask().period_text == "2 Mar – 29 Mar 2026"
