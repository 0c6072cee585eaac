"""Who may pass the door, what is kept in the cache and for whom, and at what cost a panel is built."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kpi import ledger, panel, registry, sheet
from kpi.balance import by_family
from kpi.metric import Estimate, Evidence, Status
from kpi.models import Rollup
from kpi.panel import panel_key
from kpi.result import Query, Result, Scope, Viewer
from kpi.rights import NotAllowed
from tests import factories
from tests.kpi.panel_help import (
    EXECUTIVE,
    PEOPLE,
    PERIOD,
    YEAR_AGO,
    Centre,
    ask,
    centre,
    everything_said,
    manager,
    of,
    planted_beside_wellbeing,
)
from tests.memory import forget_process


@pytest.fixture
def here(db: None) -> Iterator[Centre]:
    made = centre()
    with planted_beside_wellbeing():
        yield made


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
    by_family.forget()
    found = ask()
    assert found.columns[0].result.reasons == ("computation:failed",)
    assert found.columns[3].result.reasons == ("csat:insufficient",)
    made["csat"] = works
    by_family.forget()
    assert ask().columns[0].result.shown


def test_a_page_beside_it_with_a_failed_number_is_not_kept_either(here: Centre) -> None:
    made = registry.metrics()

    def broken(_evidence: Evidence) -> Estimate:
        raise ZeroDivisionError

    further = replace(made["csat"], key="nps", headline=False, page="customers")
    made["nps"] = replace(further, estimate=broken)

    def nps() -> Result:
        found = sheet.build_sheet(EXECUTIVE, Query(PERIOD, Scope(), None), "customers")
        return next(column.result for column in found.sections[0].columns if column.result.metric == "nps")

    assert nps().reasons == ("computation:failed",)
    made["nps"] = further
    assert nps().shown


# --- the cost


def queries_of(scope: Scope, *, warm: bool = False) -> int:
    """Of an answer nobody keeps, by a process that has just started, or that keeps what it laid out."""
    cache.clear()
    if not warm:
        forget_process()
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
    assert few <= (60 if queue else 45)  # five of them once a minute: what may not be trusted (kpi/doubts.py)
    assert queries_of(scope, warm=True) <= (24 if queue else 16)


def test_an_uncached_panel_stays_below_its_budget_and_a_cached_one_is_a_look_up(
    here: Centre, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(42):  # type: ignore[operator]
        ask()
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        ask()


def test_an_annotation_of_a_team_is_drawn_on_the_teams_own_chart_alone(here: Centre) -> None:
    item = factories.AnnotationFactory(
        text="of Heron", team=here.teams["Heron"], day=date(2020, 1, 1), last_day=PERIOD.start, kind="outage"
    )
    assert [note.text for note in ask(of(here, "Heron")).annotations] == ["of Heron"], "its span reaches into the chart"
    assert ask().annotations == ask(of(here, "Lark")).annotations == ()
    [note] = ask(of(here, "Heron"), viewer=manager(here, "Heron")).annotations
    assert (note.last, note.kind, note.where) == (item.last_day, "outage", "Heron team")
