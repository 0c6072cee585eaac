"""Who opens a list of contacts is remembered on every surface, without anything the list held; JSON, page and file hold the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError
from django.test import Client

from kpi.models import ListOpened, Membership, Team
from tests import factories
from tests.kpi.rollup_help import loaded
from tests.web.test_cases import AGENT, CUSTOMER, WEEKS, looped, rows  # noqa: F401  a fixture among them
from tests.web.test_pages import client_of

pytestmark = pytest.mark.django_db
SURFACES = {"page": "/lists/loops/", "csv": "/export/lists/loops.csv", "xlsx": "/export/lists/loops.xlsx", "json": "/api/v1/lists/loops"}
ANALYST = Membership.Role.ANALYST


def test_nothing_but_the_door_that_remembers_reads_a_list() -> None:
    files = [path for app in ("kpi", "staffing", "wellbeing") for path in (Path(settings.BASE_DIR) / app).rglob("*.py")]
    found = {path.name for path in files if "list_cases" in path.read_text()}
    assert found == {"cases.py", "openings.py"}


def test_json_holds_what_the_file_holds(looped: Team) -> None:  # noqa: F811
    client = client_of(ANALYST)
    told = client.get(SURFACES["json"], WEEKS).json()
    head, *found = rows(client)
    assert [[case[name] for name in head] for case in told["cases"]] == [[cell.removeprefix("'") for cell in row] for row in found]
    assert len(told["cases"]) == 2
    assert (told["key"], told["metric"], told["period"]) == ("loops", "loop_rate", {"start": "2026-03-02", "end": "2026-03-30"})
    assert str(AGENT) not in str(told)


def test_json_holds_every_case_and_a_manager_gets_the_own_teams(looped: Team) -> None:  # noqa: F811
    told = client_of(Membership.Role.MANAGER, looped).get(SURFACES["json"], WEEKS).json()
    assert [case["contact"] for case in told["cases"]] == [f"=loop-{looped.name}"]


@pytest.mark.parametrize("surface", SURFACES)
def test_every_opening_is_remembered_on_every_surface(looped: Team, surface: str) -> None:  # noqa: F811
    client = client_of(ANALYST)
    for _twice in range(2):
        answer = client.get(SURFACES[surface], WEEKS | {"team": looped.pk})
        client.get(SURFACES[surface], WEEKS | {"team": looped.pk}, headers={"If-None-Match": answer.headers.get("ETag", "*")})
    found = ListOpened.objects.all()
    assert len(found) == 4
    assert {(item.kind, item.surface, item.role, item.scope, item.start, item.end) for item in found} == {
        ("loops", surface, "analyst", f"team: {looped.name}", date(2026, 3, 2), date(2026, 3, 30))
    }
    assert {item.user for item in found} == {User.objects.get(username=found[0].username)}


@pytest.mark.parametrize("surface", SURFACES)
def test_nothing_of_what_the_list_held_is_remembered(looped: Team, surface: str) -> None:  # noqa: F811
    client_of(ANALYST).get(SURFACES[surface], WEEKS)
    [row] = ListOpened.objects.values()
    assert not any(str(CUSTOMER) in str(value) or "loop-" in str(value) for value in row.values())
    for name in ("customer", "contact", "count", "agent"):
        with pytest.raises(FieldDoesNotExist):
            ListOpened._meta.get_field(name)


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("role", [Membership.Role.EXECUTIVE, Membership.Role.REPRESENTATIVE])
def test_who_may_not_open_a_list_opens_none(looped: Team, role: str, surface: str) -> None:  # noqa: F811
    assert client_of(role).get(SURFACES[surface], WEEKS).status_code == 403
    assert not ListOpened.objects.exists()


@pytest.mark.parametrize("surface", SURFACES)
def test_what_cannot_be_remembered_is_not_shown(
    looped: Team,  # noqa: F811
    surface: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_args: object, **_values: object) -> None:
        raise DatabaseError("read only")

    monkeypatch.setattr(ListOpened.objects, "create", away)
    client = client_of(ANALYST)
    client.raise_request_exception = False
    answer = client.get(SURFACES[surface], WEEKS)
    assert answer.status_code >= 500
    assert b"loop-" not in answer.content


def test_the_name_stays_when_the_user_goes(lark: Team) -> None:
    loaded(date(2026, 3, 2), date(2026, 4, 13))
    factories.InteractionFactory(team=lark)
    client_of(ANALYST).get(SURFACES["page"], WEEKS)
    name = ListOpened.objects.get().username
    User.objects.get(username=name).delete()
    assert (ListOpened.objects.get().username, ListOpened.objects.get().user) == (name, None)


LIST = "/admin/kpi/listopened/"


def staff(role: str) -> Client:
    client = Client()
    client.force_login(factories.MembershipFactory(role=role, user=factories.UserFactory(is_staff=True)).user)
    return client


def test_administrators_and_representatives_read_the_log_and_nobody_edits_it(lark: Team) -> None:
    opened = factories.ListOpenedFactory(username="nosy")
    boss = Client()
    boss.force_login(User.objects.create_superuser("boss"))
    for client in (boss, staff(Membership.Role.REPRESENTATIVE)):
        assert "nosy" in client.get(LIST).content.decode()
        assert client.get(f"{LIST}{opened.pk}/change/").status_code == 200
        assert client.post(f"{LIST}{opened.pk}/change/", {"username": "x"}).status_code == 403
        assert client.post(f"{LIST}{opened.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.get(f"{LIST}add/").status_code == 403
    for role in (Membership.Role.STEWARD, Membership.Role.ANALYST, Membership.Role.MANAGER):
        assert staff(role).get(LIST).status_code == 403
