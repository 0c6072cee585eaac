"""Where a figure is not shown, links ask the same question wider or longer; pages that say no lead on."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from kpi import wider
from kpi.metric import Status
from kpi.models import Membership
from tests import factories


class Asked:
    """The part of a filter form that links are made from."""

    def __init__(self, **applied: str) -> None:
        self.applied = {"period": "13w", "site": "", "team": "", "queue": "", "channel": "", "intent": "", "tier": ""} | applied

    def address(self, **changes: str) -> str:
        return "&".join(f"{name}={value}" for name, value in (self.applied | changes).items() if value)

    def longer(self) -> str:
        return self.address(period="52w")


def found(status: Status, *reasons: str, **applied: str) -> dict[str, str]:
    result: Any = SimpleNamespace(status=status, reasons=reasons, shown=status is Status.OK)
    form: Any = Asked(**applied)
    return {way.text: way.address for way in wider.ways(result, form)}


def test_a_small_group_is_widened_and_the_other_filters_stay() -> None:
    links = found(Status.SUPPRESSED, "people:too_few", team="7", channel="2")
    assert links == {"Widen to all teams": "period=13w&channel=2", "Widen to all channels": "period=13w&team=7"}


def test_too_few_answers_may_also_be_asked_over_a_year() -> None:
    assert found(Status.INSUFFICIENT, "n:3", queue="4")["Look at 52 weeks"] == "period=52w&queue=4"
    assert "Look at 52 weeks" not in found(Status.INSUFFICIENT, "n:3", period="52w", queue="4")


def test_a_withheld_saving_follows_what_its_companions_lack() -> None:
    assert set(found(Status.WITHHELD, "awi:suppressed", team="7")) == {"Widen to all teams"}
    assert set(found(Status.WITHHELD, "csat:insufficient", team="7")) == {"Widen to all teams", "Look at 52 weeks"}
    assert found(Status.WITHHELD, "awi:stale") == {}


def test_a_figure_that_is_shown_needs_no_way_out() -> None:
    assert found(Status.OK, team="7") == {}


@pytest.fixture
def reader(db: None) -> Client:
    user = factories.UserFactory(username="reader")
    Membership.objects.create(user=user, role=Membership.Role.EXECUTIVE)
    client = Client()
    client.force_login(user)
    return client


def listed(client: Client, typed: str) -> tuple[list[str], str]:
    page = client.get("/definitions/", {"q": typed}).content.decode()
    return re.findall(r'<h2>(?:<i [^>]*></i>)?<a href="/definitions/([\w-]+)/', page), page


def test_definitions_are_searched_on_the_server(reader: Client) -> None:
    keys, page = listed(reader, "false containment")
    assert "containment_rate" in keys
    assert len(keys) < 12
    assert f"{len(keys)} entries hold “false containment”." in page
    everything, _page = listed(reader, "")
    assert len(everything) > 30


def test_a_search_without_a_hit_says_what_to_try(reader: Client) -> None:
    keys, page = listed(reader, "<b>xyzzy")
    assert keys == []
    assert "No entry holds “&lt;b&gt;xyzzy”." in page
    assert "Show all" in page


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"])
def test_every_page_that_says_no_leads_on(name: str) -> None:
    page = render_to_string(name, {"sentence": "The database does not answer."})
    assert '<a class="button primary" href="' in page
    assert 'href="/"' in page
    assert "<h1>" in page
