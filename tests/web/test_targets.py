"""Targets: signed by an executive, never of a saving alone, dated and never changed, beside their figure in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation

from kpi import aims, registry
from kpi.doing.target_forms import metric_choices
from kpi.metric import Status
from kpi.models import Target, Team
from kpi.models.published import Fixed
from kpi.result import Column, Query, Scope
from kpi.serializers import render_panel
from tests import factories
from tests.kpi.panel_help import PERIOD, Centre, ask, centre, of, planted_beside_wellbeing
from tests.web.test_annotations import client_of

pytestmark = pytest.mark.django_db
ENTRY = {"metric": "csat", "scope": "all", "floor": "80", "valid_from": "2026-01-01", "reason": "agreed with the council"}
BESIDE = {"csat_floor": "45", "awi_floor": "40", "rq_floor": "10"}


@pytest.fixture
def executive(db: None) -> Client:
    return client_of("executive")


@pytest.fixture
def here(db: None) -> Iterator[Centre]:
    made = centre()
    with planted_beside_wellbeing():
        yield made


def owner() -> int:
    return User.objects.latest("pk").pk


def signed(**changes: object) -> Target:
    return factories.TargetFactory(**{"floor": 0.4, **changes})


def test_an_executive_signs_a_target_and_a_further_version_follows_it(executive: Client) -> None:
    assert executive.post("/targets/", ENTRY | {"owner": owner()}).status_code == 302
    executive.post("/targets/", ENTRY | {"owner": owner(), "floor": "82.5", "valid_from": "2026-02-01"})
    executive.post("/targets/", ENTRY | {"owner": owner(), "floor": "", "valid_from": "2026-03-01", "ended": "on"})
    first, second, third = Target.objects.order_by("pk")
    assert [(item.floor, item.ended) for item in (first, second, third)] == [(0.8, False), (0.825, False), (None, True)]
    assert aims.in_force("csat", (None, None), date(2025, 12, 31)) is None
    assert aims.in_force("csat", (None, None), date(2026, 1, 31)) == first
    assert aims.in_force("csat", (None, None), date(2026, 2, 28)) == second
    assert aims.in_force("csat", (None, None), date(2026, 3, 1)) is None
    page = executive.get("/targets/").content.decode()
    assert page.index("no target") < page.index("at least 82.5") < page.index("at least 80.0")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"metric": "fte_reduction", "floor": "20"}, "A target on a saving alone is refused"),
        ({"metric": "net_saving", "floor": "20", "csat_floor": "80", "awi_floor": "60"}, "A target on a saving alone is refused"),
        ({"metric": "handoff_rate", "floor": "", "ceiling": "20"}, "a ceiling cannot ensure a least"),
        ({"floor": "800"}, "This metric lies between 0.0"),
        ({"floor": ""}, "A target has a floor, a ceiling or both."),
        ({"reason": "Ada Ofexecutive wants it"}, "This names a person"),
        ({"owner": "999999"}, "An owner is an executive or a manager"),
        ({"scope": "queue:1"}, "You can write about your own teams and sites alone."),
        ({"ended": "on"}, "A target that is lifted has no floor"),
    ],
)
def test_what_cannot_be_a_target_is_refused_with_a_sentence(executive: Client, changes: dict[str, str], said: str) -> None:
    page = executive.post("/targets/", ENTRY | {"owner": owner()} | changes)
    assert (page.status_code, said in page.content.decode()) == (400, True)
    assert not Target.objects.exists()


@pytest.mark.parametrize("role", ["manager", "analyst", "representative"])
def test_nobody_else_signs_and_a_manager_reads_of_own_teams(role: str, lark: Team, wren: Team) -> None:
    for team in (lark, wren):
        signed(team=team, floor=0.7 if team == lark else 0.123)
    client = client_of(role, *([lark] if role == "manager" else []))
    assert client.post("/targets/", ENTRY | {"owner": owner()}).status_code == 404
    page = client.get("/targets/").content.decode()
    assert "at least 70.0" in page
    assert ("at least 12.3" in page) is (role != "manager")


def test_the_database_refuses_what_the_form_refuses_and_to_change_what_was_signed() -> None:
    for wrong in (
        {"metric": "fte_reduction"},
        {"metric": "fte_reduction", "saving": True, "csat_floor": 0.8},
        {"floor": None},
        {"ceiling": 0.1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            signed(**wrong)
    item = signed()
    with pytest.raises(Fixed):
        item.save()
    with pytest.raises(Fixed):
        Target.objects.all().delete()
    for words in ("UPDATE kpi_target SET floor = 0.1", "DELETE FROM kpi_target"):
        with pytest.raises(DatabaseError, match="signed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(words)


def test_a_target_stands_beside_the_figure_of_its_own_scope_alone(here: Centre) -> None:
    signed(team=here.teams["Heron"], floor=0.4)
    signed(metric="agent_wellbeing_index", floor=99.0)
    aim = ask(of(here, "Heron")).columns[0].aim
    assert aim is not None
    assert (aim.state, aim.text) == ("within", "Target: at least 40.0\u202f%")
    assert ask(of(here, "Heron", "Owl")).columns[0].aim is None
    assert ask(replace(of(here, "Heron"), queue=here.queues["wide"])).columns[0].aim is None
    company = ask().columns
    assert company[0].aim is None
    assert company[1].aim is not None
    assert company[1].aim.state in {"below", "unclear"}


def test_a_target_on_a_saving_says_what_became_of_its_floors_and_is_withheld_with_it(here: Centre) -> None:
    signed(metric="fte_reduction", saving=True, floor=1.0, csat_floor=0.45, awi_floor=99.0, rq_floor=20.0)
    aim = ask().columns[3].aim
    assert aim is not None
    assert aim.words.startswith("within the target; it counts only with its floors (Customer satisfaction at least 45.0")
    assert "Agent wellbeing index at least 99\u202f/ 100: not kept" in aim.words
    hidden = aims.with_aims([withheld(column) for column in ask().columns], Scope(), Query(PERIOD))
    assert hidden[3].aim is None


def withheld(column: Column) -> Column:
    return replace(column, result=replace(column.result, status=Status.WITHHELD, value=None, low=None, high=None))


def test_no_bound_reaches_the_admin_or_its_log(db: None) -> None:
    signed(metric="fte_reduction", saving=True, floor=7777.0, csat_floor=0.8, awi_floor=60, rq_floor=70)
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    pages = ["/admin/kpi/target/", f"/admin/kpi/target/{Target.objects.get().pk}/change/", "/admin/auditlog/logentry/"]
    for page in pages:
        assert "7777" not in client.get(page).content.decode(), page


def test_a_team_whose_whole_interval_lies_outside_its_own_target_says_so_in_its_row(here: Centre, executive: Client) -> None:
    """Not by colour, and not for the target of the company or of another team."""
    lark = here.teams["Lark"]
    signed(team=lark, floor=0.99)
    signed(floor=0.98)
    panel = ask(scope=Scope())
    marked = {row.team: [column.result.metric for column in row.columns if column.aim and column.aim.missed] for row in panel.teams}
    assert marked[lark.pk] == ["csat"]
    assert [names for team, names in marked.items() if team != lark.pk and names] == []
    page = executive.get("/", {"period": "custom", "start": PERIOD.start, "end": PERIOD.end}).content.decode()
    assert page.count("below target") == 1
    row = next(item for item in render_panel(panel)["teams"] if item["team"] == lark.pk)
    assert row["results"][0]["target"]["state"] == "below"


def test_the_metrics_to_choose_from_begin_with_the_four_and_stand_by_family_in_the_order_of_the_alphabet() -> None:
    four, *families = metric_choices()
    assert [key for key, _label in four[1]] == ["csat", "agent_wellbeing_index", "resolution_quality", "fte_reduction"]
    assert [label for label, _found in families] == ["Customers", "People", "Resolution", "Savings"]
    offered = [key for _label, found in (four, *families) for key, _text in found]
    assert sorted(offered) == sorted(registry.metrics()), "each once"
    for _label, found in families:
        assert [text for _key, text in found] == sorted((text for _key, text in found), key=str.casefold)
    with translation.override("de"):
        [_four, customers, *_others] = metric_choices()
        plain = [text.casefold().replace("ü", "u").replace("ö", "o").replace("ä", "a") for _key, text in customers[1]]
        assert plain == sorted(plain)


def test_a_form_groups_them_and_an_action_leaves_further_savings_out(db: None) -> None:
    client = client_of("executive")
    for page, further in (("/targets/", True), ("/actions/", False)):
        text = client.get(page).content.decode()
        groups = re.findall(r'<optgroup label="([^"]*)">', text.split('name="metric"')[1].split("</select>")[0])
        assert groups == ["The four measures", "Customers", "People", "Resolution", *(["Savings"] if further else [])]
