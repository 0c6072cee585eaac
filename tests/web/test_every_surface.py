"""The walk: every address, every role, every command, and what is logged meanwhile. A saving is never alone, on no surface.

A route of the resolver that is missing in tests/web/routes.py, or a command missing in COMMANDS, fails: write down who may use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import get_commands, load_command_class
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kpi.models import Interaction, Membership, Team
from staffing.models import StaffingAssumption
from tests import factories
from tests.web.answers import listening, text_of
from tests.web.doing_routes import plan
from tests.web.planted import FAULTS, FURTHER, Fault, alone, any_saving, figures, planted, squeezed
from tests.web.routes import (
    ADDED_BY_IMPORT,
    ALERTS,
    BOOK,
    CSV,
    FIGURE,
    MODELS,
    ROLES,
    ROUTES,
    SCENARIO_FILES,
    SCENARIOS,
    SHEETS,
    SHOWS_PANEL,
    address,
)


def patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for item in resolver.url_patterns:
        text = before + str(item.pattern)
        if isinstance(item, URLPattern):
            yield "admin/<app_label>/" if "(?P<app_label>" in text else text
        else:
            yield from patterns(item, text)


def written(route: str) -> bool:
    """Whether the table, or the rule for models of the admin, knows the route."""
    if route in ROUTES:
        return True
    return any(route.startswith(f"admin/{model}/") for model in MODELS)


def test_every_route_is_written_down() -> None:
    assert [route for route in patterns(get_resolver()) if not written(route)] == []


def test_every_written_route_exists() -> None:
    known = set(patterns(get_resolver()))
    assert [route for route in ROUTES if route not in known] == []
    assert [model for model in MODELS if f"admin/{model}/" not in known] == []


@pytest.fixture
def centre(small_numbers: None, lark: Team, wren: Team) -> Team:
    """Two teams with contacts, a signed assumption, and somebody of every role."""
    site = lark.site
    for team in (lark, wren):
        for week in range(8):
            factories.InteractionFactory(team=team, site=site, day=date(2026, 2, 2) + timedelta(weeks=week))
    factories.StaffingAssumptionFactory(site=site)
    factories.AlertFactory()  # fires for the company
    for role in ROLES[1:]:
        if role == "boss":
            user = User.objects.create_superuser("boss")
        else:
            user = factories.UserFactory(username=role)
            Membership.objects.create(user=user, role=role).teams.set([lark] if role == "manager" else [])
    plan()
    return lark


def client_of(role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role != "nobody":
        client.force_login(User.objects.get(username=role))
    return client


@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_each_role_as_written(role: str, centre: Team) -> None:
    with planted():
        client = client_of(role)
        found = {route: client.get(address(route)).status_code for route in ROUTES}
    assert found == {route: expected[role] for route, expected in ROUTES.items()}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_reading_routes_refuse_to_be_written_to(role: str, method: str, centre: Team) -> None:
    client = client_of(role)
    for route in ("", "definitions/", "healthz", "readyz", "api/v1/panel", "api/schema/", "api/docs/", CSV):
        assert getattr(client, method)(address(route)).status_code in {302, 403, 405}, route


@pytest.mark.parametrize("role", [role for role in ROLES if role != "boss"])
def test_the_admin_is_closed_to_everybody_else(role: str, centre: Team) -> None:
    client = client_of(role)
    for model in MODELS:
        for page in ("", "add/", "1/change/", "1/history/", "1/delete/"):
            for method in ("get", "post"):
                assert getattr(client, method)(f"/admin/{model}/{page}").status_code == 302, (model, page)


def questions(route: str, team: Team) -> list[dict[str, Any]]:
    """A page beside the overview holds the panel of the same question, so two are enough there."""
    wide = {"period": "custom", "from": "2026-02-02", "to": "2026-03-29"}
    if route in ALERTS:  # about what is watched, whatever the address says
        return [{}]
    some = [wide, wide | {"team": team.pk}]
    return some if route in (*SHEETS, SCENARIOS) else [{}, wide | {"site": team.site_id}, wide | {"compare": "none"}, *some]


@pytest.mark.parametrize("role", ["executive", "manager"])
def test_a_saving_stands_beside_its_companions_wherever_it_is_shown(role: str, centre: Team) -> None:
    with planted():
        client = client_of(role)
        for route in SHOWS_PANEL:
            for question in questions(route, centre):
                text = text_of(client.get(address(route), question))
                assert any_saving(text), (route, question)
                assert alone(text) == [], (route, question)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.metric} {fault.name}")
def test_no_surface_shows_a_saving_while_a_companion_is_missing(fault: Fault, centre: Team) -> None:
    with planted(fault), listening() as heard:
        client = client_of("executive")
        for route in SHOWS_PANEL:
            for question in questions(route, centre)[-2:]:  # the whole and one team: eighteen faults take long
                answer = client.get(address(route), question)
                text = text_of(answer)
                assert any_saving(text) == [], (route, question)
                assert answer.status_code == 200, (route, question)
                assert says_why(route, text), (route, question)
        others = [route for route in ROUTES if route not in SHOWS_PANEL]
        assert [route for route in others if any_saving(text_of(client.get(address(route))))] == []
    assert any_saving(heard.getvalue()) == []


def says_why(route: str, text: str) -> bool:
    """The reason stands where the number would be, in words."""
    words, code, cell, book = "withheld", '"status":"withheld"', '"withheld"', "withheld,withheld"
    place = {"": "not shown", "api/v1/panel": code, CSV: cell, BOOK: book, FIGURE: cell, SCENARIOS: words}
    place |= dict(
        zip((*SHEETS, *ALERTS, *SCENARIO_FILES), (words, code, cell, book, words, words, code, cell, "outlook,withheld"), strict=True)
    )
    return place[route] in text.lower() and "withheld" in text.lower()


def test_a_further_saving_is_shown_only_on_its_page_and_beside_the_four(centre: Team) -> None:
    with planted():
        client = client_of("executive")
        shown = [route for route in SHOWS_PANEL if FURTHER in figures(squeezed(text_of(client.get(address(route)))))]
    assert shown == list(SHEETS)


def test_no_page_of_the_admin_shows_a_saving(centre: Team) -> None:
    with planted():
        client = client_of("boss")
        for model in MODELS:
            for page in ("", "add/", *_pages_of(model)):
                answer = client.get(f"/admin/{model}/{page}", follow=True)
                assert answer.status_code in ({200, 403} if page == "add/" and model in ADDED_BY_IMPORT | AXES else {200}), (model, page)
                text = text_of(answer)
                assert any_saving(text) == [], (model, page)
                assert "fte reduction" not in text.lower(), (model, page)


AXES = {"axes/accessattempt", "axes/accesslog", "axes/accessfailurelog"}


def _pages_of(model: str) -> list[str]:
    samples = {"kpi/interaction": Interaction, "kpi/team": Team, "staffing/staffingassumption": StaffingAssumption, "auth/user": User}
    row = samples[model].objects.first() if model in samples else None  # type: ignore[attr-defined]
    return [f"{row.pk}/change/", f"{row.pk}/history/"] if row else []


# Commands of our own apps -> arguments with which each is run here; None: not run, with the reason.
COMMANDS: dict[str, list[str] | None] = {
    "roll_up": [],
    "check_data": [],
    "publish": [],
    "send_mails": [],
    "night": None,  # the four above one after the other, and what each step said
    "open_pulse": ["--team", "lark=12"],
    "import_file": ["{file}", "--source", "interactions_csv", "--preview"],
    "take_back": ["999999"],
    "archive_months": None,  # writes files of totals
    "pull": None,  # asks a vendor
    "reseal_secrets": None,  # prints how many were sealed anew
    "reset_second_factor": ["nobody-of-that-name"],
    "load_organisation": None,  # reads a file of sites and teams
    "backup": None,  # prints names of files and a moment
    "restore": None,  # the same
    "make_reference_centre": None,  # writes files; its planted truths are the oracle of the tests, not a surface
}


def own_commands() -> set[str]:
    return {name for name, app in get_commands().items() if app in {"kpi", "wellbeing", "staffing"}}


def test_every_command_is_written_down() -> None:
    assert own_commands() - set(COMMANDS) == set()


@pytest.mark.parametrize("name", [name for name, arguments in COMMANDS.items() if arguments is not None])
def test_no_command_prints_or_logs_a_saving(name: str, centre: Team, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    if name not in own_commands():
        pytest.skip(f"{name} is not there")
    file = tmp_path / "contacts.csv"
    file.write_text("external_id,started_at,channel,queue\na1,2026-03-10T09:00:00Z,voice,general\n")
    arguments = [item.format(file=file) for item in COMMANDS[name] or []]
    with planted(), listening() as heard:
        try:
            command = load_command_class(get_commands()[name], name)
            command.run_from_argv(["manage.py", name, *arguments])
        except SystemExit:
            pass
    out = capfd.readouterr()
    assert any_saving(out.out + out.err + heard.getvalue()) == []
