"""SECOND_FACTOR_FOR: whoever must have a second factor gets nowhere without one, the admin least of all."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.test import Client

from kpi.models import Membership
from tests import factories
from tests.accounts.help import code, password_of, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PAGE = "/account/second-factor/"


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_role_can_be_named_and_by_default_none_is() -> None:
    assert site.SECOND_FACTOR_FOR == []
    assert tuple(role.value for role in Membership.Role) == site.ROLES


def test_who_must_have_one_is_led_to_its_page_and_nowhere_else(settings: Any) -> None:
    settings.SECOND_FACTOR_FOR = ["analyst"]
    client = entered(somebody("ada", "analyst"))
    for address in ("/", "/definitions/", "/account/", "/admin/", "/export/panel.csv", "/data/send/", "/no/such/page/"):
        answer = client.get(address)
        assert answer.status_code in {302, 404}, address
        assert answer.status_code == 404 or answer["Location"] == PAGE, address
    answer = client.get("/api/v1/panel")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Your role asks for a second factor." in page.content.decode()
    assert client.get("/keys/").status_code == 200
    assert client.post("/logout/").status_code == 302


def test_nobody_else_is_asked(settings: Any) -> None:
    settings.SECOND_FACTOR_FOR = ["analyst"]
    assert entered(somebody("ben", "steward")).get("/definitions/").status_code == 200
    assert Client().get("/pulse/").status_code == 200
    assert Client().get("/healthz").status_code == 200


def test_for_administrators_it_is_asked_of_everybody_who_may_open_the_admin(settings: Any) -> None:
    settings.SECOND_FACTOR_FOR = ["administrator"]
    for user in (
        User.objects.create_superuser("boss"),
        somebody("sue", "steward", is_staff=True),
        somebody("ann", "administrator"),
    ):
        client = entered(user)
        for address in ("/admin/", "/admin/kpi/site/", "/admin/auth/user/", "/definitions/"):
            assert client.get(address)["Location"] == PAGE, (user, address)
            assert client.post(address)["Location"] == PAGE, (user, address)


def test_set_up_it_opens_everything(settings: Any) -> None:
    settings.SECOND_FACTOR_FOR = ["administrator"]
    somebody("ann", "administrator", is_staff=True, is_superuser=True, with_device=True)
    client = Client()
    password_of(client, "ann")
    client.post("/login/code/", {"code": code()})
    assert client.get("/admin/").status_code == 200


def test_a_session_that_no_code_opened_ends_where_there_is_a_device(settings: Any) -> None:
    settings.SECOND_FACTOR_FOR = ["administrator"]
    client = entered(somebody("ann", "administrator", is_staff=True, with_device=True))
    assert client.get("/admin/")["Location"] == "/login/"
    assert "_auth_user_id" not in client.session


def test_a_session_ends_with_the_device_that_opened_it() -> None:
    somebody(with_device=True)
    client = Client()
    password_of(client)
    client.post("/login/code/", {"code": code()})
    assert client.get("/definitions/").status_code == 200
    factories.SecondFactorFactory._meta.model.objects.all().delete()
    assert client.get("/definitions/")["Location"] == "/login/"
    assert client.get("/definitions/")["Location"].startswith("/login/")


def test_where_it_is_off_a_page_asks_the_database_nothing_more(django_assert_num_queries: Any) -> None:
    client = entered(somebody("ben", "steward"))
    client.get("/definitions/")
    with django_assert_num_queries(3):  # session, user, role
        client.get("/keys/")
