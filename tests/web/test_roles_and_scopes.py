"""Role x route x scope: what a reader asks about is theirs, or is left out with a sentence (pages) or refused (API and files)."""

from __future__ import annotations

import pytest
from django.http import HttpResponseBase

from kpi.models import Team
from tests import factories
from tests.web.answers import text_of
from tests.web.planted import planted
from tests.web.routes import ROUTES, SHOWS_PANEL, address
from tests.web.test_every_surface import centre, client_of

__all__ = ["centre"]
pytestmark = pytest.mark.django_db
LISTS = tuple(route for route in ROUTES if "lists/" in route)
SCOPED = (*(route for route in SHOWS_PANEL if "alerts" not in route), *LISTS, "definitions/<slug:key>/")
SEES_ALL = ("executive", "analyst", "representative")
WITHOUT_CONTACTS = ("executive", "representative")


def is_page(route: str) -> bool:
    return not route.startswith(("api/", "export/"))


@pytest.fixture
def scopes(centre: Team) -> dict[str, dict[str, int]]:
    """Lark is the manager's; the other site and its team are somebody else's."""
    far = factories.TeamFactory(name="Albatross", code="albatross", site=factories.SiteFactory(code="antarctica", name="Antarctica"))
    for agent in range(6):
        factories.InteractionFactory(team=far, site=far.site, agent=900 + agent, day="2026-03-16")
    return {
        "own team": {"team": centre.pk},
        "foreign team": {"team": far.pk},
        "own site": {"site": centre.site_id},
        "foreign site": {"site": far.site_id},
        "company": {},
    }


def test_every_route_that_takes_a_scope_is_walked() -> None:
    """A new route belongs to one of the two: with filters it is walked here; the others are about no scope of the address."""
    begin = ("account/", "admin/", "alerts/", "annotations/", "api/docs/", "api/schema/", "exports/", "first-run/", "mails/")
    doing = (
        "actions/",
        "data/",
        "initiatives/",
        "pulse/",
        "start/",
        "targets/",
        "views/",
        "waves/",
    )  # a scope is part of the row, not of the address
    systems = ("api/v1/alerts", "api/v1/annotations", "api/v1/imports")
    whole = {"definitions/", "healthz", "keys/", "login/", "login/code/", "logout/", "metrics", "readyz", "who-looked/"}
    assert {route for route in ROUTES if not route.startswith((*begin, *doing, *systems))} - whole - set(SCOPED) == set()


def test_a_manager_reads_own_teams_and_own_site_and_the_company_everywhere_and_nothing_else(scopes: dict[str, dict[str, int]]) -> None:
    client = client_of("manager")
    with planted():
        for route in SCOPED:
            for name, question in scopes.items():
                answer: HttpResponseBase = client.get(address(route), question)
                about = (route, name, answer.status_code)
                foreign = name.startswith("foreign") and route != "definitions/<slug:key>/"  # a definition has a scope of its own
                assert answer.status_code == (200 if is_page(route) or not foreign else 400), about
                text = text_of(answer)
                assert "Albatross" not in text, about
                assert "Antarctica" not in text, about
                if foreign and not route.startswith("export/"):
                    assert "is not one of yours" in text, about


@pytest.mark.parametrize("role", SEES_ALL)
def test_who_may_see_all_reads_every_scope(role: str, scopes: dict[str, dict[str, int]]) -> None:
    client = client_of(role)
    with planted():
        for route in ("", "api/v1/panel", "export/panel.csv", "<slug:page>/", *LISTS):
            for name, question in scopes.items():
                expected = 403 if route in LISTS and role in WITHOUT_CONTACTS else 200
                assert client.get(address(route), question).status_code == expected, (route, name)


@pytest.mark.parametrize("role", ["steward", "administrator", "boss"])
def test_a_role_without_dashboards_reads_no_scope_at_all(role: str, scopes: dict[str, dict[str, int]]) -> None:
    client = client_of(role)
    for route in SCOPED:
        if route != "definitions/<slug:key>/":
            assert client.get(address(route), scopes["own team"]).status_code == 403, route
