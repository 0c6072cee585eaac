"""The navigation: what stands in it, for whom, and where the reader is."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.translation import gettext_lazy as _

from kpi.context import navigation
from kpi.models import Membership, Team
from kpi.pages import Group, Place
from tests import factories


def lines(client: Client, address: str) -> dict[str, list[str]]:
    answer = client.get(address)
    return {str(heading): [str(entry.label) for entry in entries] for heading, entries in answer.context["navigation"]}


@pytest.fixture
def analyst(db: None) -> Client:
    user = factories.UserFactory()
    Membership.objects.create(user=user, role="analyst")
    client = Client()
    client.force_login(user)
    return client


def test_the_overview_is_first_and_the_pages_of_figures_follow(analyst: Client) -> None:
    assert lines(analyst, "/")["See"][:3] == ["Overview", "Customers", "People"]


def test_one_entry_says_where_the_reader_is(analyst: Client) -> None:
    for address, label in (("/", "Overview"), ("/definitions/csat/", "Definitions"), ("/capacity/", "Capacity and savings")):
        groups = analyst.get(address).context["navigation"]
        assert [str(entry.label) for _heading, entries in groups for entry in entries if entry.here] == [label]


def test_the_staff_alone_is_led_to_the_admin(analyst: Client) -> None:
    assert "Administration" not in lines(analyst, "/definitions/")["Trust"]
    boss = Client()
    boss.force_login(User.objects.create_superuser("boss"))
    assert "Administration" in lines(boss, "/definitions/")["Trust"]


def test_a_place_for_some_roles_is_shown_to_those_alone(analyst: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place("council", _("For the council"), Group.TRUST, 1, "definitions", roles=frozenset({"representative"}))
    monkeypatch.setattr("kpi.context.registry", SimpleNamespace(places=lambda: (place,)))
    assert "Trust" not in lines(analyst, "/")
    Membership.objects.update(role="representative")
    assert lines(analyst, "/")["Trust"] == ["For the council"]


def test_the_navigation_asks_the_database_nothing_once_the_rights_are_known(analyst: Client, django_assert_num_queries: object) -> None:
    request = analyst.get("/").wsgi_request
    with django_assert_num_queries(0):  # type: ignore[operator]
        list(navigation(request)["navigation"])


def test_a_steward_is_led_to_the_data_and_to_no_figure(db: None) -> None:
    user = factories.UserFactory()
    Membership.objects.create(user=user, role="steward")
    client = Client()
    client.force_login(user)
    groups = lines(client, "/data/")
    assert "See" not in groups
    assert "Data and imports" in groups["Trust"]
    assert 'href="/data/"' in client.get("/").content.decode()


def way(client: Client, label: str, came: str, at: str) -> str:
    """Where the navigation of a page leads, for who comes from another one."""
    page = client.get(at, headers={"Referer": f"http://testserver{came}"}).content.decode()
    found = re.search(rf'<a href="([^"]*)"[^>]*>{label}</a>', page)
    assert found is not None, label
    return found[1].replace("&amp;", "&")


def test_the_scope_in_view_goes_along_through_pages_that_ask_none(analyst: Client, lark: Team) -> None:
    """A digest begun from the menu starts with it, however one came there."""
    here = f"/people/?site={lark.site_id}"
    for label in ("Actions", "Annotations", "Data and imports", "My views"):
        here = way(analyst, label, "/", here)
        assert f"site={lark.site_id}" in here, label
    mails = way(analyst, "Mails", here, "/data/?page=1")
    assert f"site={lark.site_id}" in mails, "a further page of a list asks none either"
    assert "site=" not in way(analyst, "Mails", "/", "/actions/"), "nothing where nothing was chosen"
