"""What waits in the scope of the overview: how many alerts fire and actions are open, each leading to its list with the same scope."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpi.models import Action, Alert, AlertChange, Membership
from kpi.pages import READERS
from kpi.pending import Pending, pending
from kpi.result import Scope
from kpi.version import one_version
from kpi.watch import acknowledge
from tests import factories
from tests.kpi.panel_help import Centre, centre, manager, of, planted_beside_wellbeing
from tests.web.test_annotations import client_of

pytestmark = pytest.mark.django_db
PAST, AHEAD = date(2026, 3, 1), date(2027, 1, 1)
LINE = re.compile(r'<p class="pending">(.*?)</p>', re.S)


@pytest.fixture
def here(clock: None, db: None) -> Iterator[Centre]:
    """For the company one alert and one action that is overdue; for Owl, at North, two of each; at Harbour an alert."""
    made = centre()
    owl, north, harbour = made.teams["Owl"], made.sites["North"], made.sites["Harbour"]
    with planted_beside_wellbeing():
        factories.AlertFactory()
        factories.AlertFactory(dimension="team", member=owl.pk)
        factories.AlertFactory(dimension="team", member=owl.pk, rule="substitution", state="acknowledged")
        factories.AlertFactory(dimension="site", member=north.pk, state="ok")
        factories.AlertFactory(dimension="site", member=harbour.pk)
        factories.AlertFactory(rule="a_rule_of_yesterday")
        factories.ActionFactory(due=PAST, starts_on=PAST)
        for due in (PAST, AHEAD):
            factories.ActionFactory(team=owl, starts_on=PAST, due=due, state="running")
        factories.ActionFactory(team=owl, starts_on=PAST, due=PAST, state="done", done_on=PAST)
        yield made


def line(client: Client, address: str = "/") -> str:
    """The words of the line, without its marks; empty where there is none."""
    found = LINE.search(client.get(address).content.decode())
    return " ".join(re.sub(r"<[^>]*>", "", found[1]).split()) if found else ""


def test_the_line_counts_what_fires_and_what_is_open_under_the_scope_of_the_page(here: Centre) -> None:
    client, owl = client_of("executive"), here.teams["Owl"]
    assert line(client) == "4 alerts fire, 1 taken on · 3 actions are open, 2 overdue"
    assert line(client, f"/?team={owl.pk}") == "2 alerts fire, 1 taken on · 2 actions are open, 1 overdue"
    assert line(client, f"/?site={here.sites['North'].pk}") == line(client, f"/?team={owl.pk}"), "a site's teams are its own"
    assert line(client, f"/?site={here.sites['Harbour'].pk}") == "1 alert fires"
    assert line(client, f"/?team={here.teams['Lark'].pk}") == "", "nothing where nothing waits"
    german = client.get("/", headers={"Accept-Language": "de"}).content.decode()
    assert "4 Warnungen schlagen an" in german
    assert "2 überfällig" in german


def test_each_count_leads_to_its_list_with_the_scope_kept_and_the_list_holds_as_many(here: Centre) -> None:
    client, owl = client_of("executive"), here.teams["Owl"]
    for question, alerts, actions in (("", 4, 4), (f"team={owl.pk}", 2, 3)):  # a list of actions holds what is done as well
        found = LINE.search(client.get(f"/?{question}").content.decode())
        assert found is not None
        links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', found[1])]
        assert [link.split("?")[0] for link in links] == ["/alerts/", "/actions/"]
        assert all(question in link for link in links)
        raised = client.get(links[0]).context
        assert sum(len(group.alerts) for group in raised["groups"]) == alerts
        assert len(client.get(links[1]).context["rows"]) == actions
        assert len(client.get(f"/api/v1/alerts?{question}").json()["alerts"]) == alerts + (not question)  # with one that does not fire


def test_a_list_that_is_narrowed_says_so_and_leads_back_to_the_whole(here: Centre) -> None:
    client, owl = client_of("executive"), here.teams["Owl"]
    for page in ("/alerts/", "/actions/"):
        narrowed = client.get(f"{page}?team={owl.pk}")
        [chip] = narrowed.context["chips"]
        assert "Owl team" in chip.text
        assert "team=" not in chip.without
        assert not client.get(page).context["chips"]
    assert f"/api/v1/alerts?team={owl.pk}" in client.get(f"/alerts/?team={owl.pk}").content.decode()
    assert client.get("/api/v1/alerts?team=999999").status_code == 400


def test_a_manager_counts_the_company_and_what_is_their_own(here: Centre) -> None:
    with one_version():
        assert pending(manager(here, "Lark"), Scope()) == Pending(2, 0, 1, 1), "the company, and the own site Harbour; nothing of Owl"
        assert pending(manager(here, "Owl"), of(here, "Owl")) == Pending(2, 1, 2, 1)


@pytest.mark.parametrize("role", sorted(READERS))
def test_every_role_with_an_overview_may_open_what_the_line_leads_to(role: str, here: Centre) -> None:
    client = client_of(role, here.teams["Owl"])
    assert line(client).endswith("overdue")
    assert [client.get(page).status_code for page in ("/alerts/", "/actions/")] == [200, 200]


def test_on_paper_nobody_follows_a_link_so_the_line_is_not_there(here: Centre) -> None:
    page = type("Request", (), {"paper": True})()
    assert render_to_string("kpi/_pending.html", {"request": page, "pending": Pending(1, 0, 1, 0)}).strip() == ""


def test_the_line_costs_two_queries_once_for_each_version_of_the_data(here: Centre) -> None:
    client = client_of("executive")
    with CaptureQueriesContext(connection) as first:
        client.get("/")
    with CaptureQueriesContext(connection) as again:
        client.get("/")
    asked = [[query["sql"] for query in read if re.search('FROM "kpi_(alert|action)"', query["sql"])] for read in (first, again)]
    assert list(map(len, asked)) == [2, 0]


def test_an_alert_that_is_taken_on_and_an_action_that_is_done_are_told_at_once(here: Centre) -> None:
    client = client_of("executive")
    etag = client.get("/").headers["ETag"]
    acknowledge(Alert.objects.get(dimension="all", rule="saving_while_wellbeing_falls").pk, "kim", "")
    assert AlertChange.objects.count() == 1
    answer = client.get("/", headers={"If-None-Match": etag})
    assert answer.status_code == 200, "no browser goes on showing its old page"
    assert line(client).startswith("4 alerts fire, 2 taken on")
    action = Action.objects.filter(team=None, site=None).get()
    action.state, action.done_on = Action.State.DONE, PAST
    action.save()
    assert line(client).endswith("2 actions are open, 1 overdue")


def test_a_steward_has_no_overview_and_no_line(here: Centre) -> None:
    member = client_of("executive")
    Membership.objects.update(role="steward")
    assert LINE.search(member.get("/").content.decode()) is None
