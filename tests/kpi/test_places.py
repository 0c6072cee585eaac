"""The navigation: what stands in it, for whom, and where the reader is."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.translation import gettext_lazy as _

from kpi.context import navigation
from kpi.models import Membership
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
