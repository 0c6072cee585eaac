"""A password that an administrator chose opens the page on which its owner chooses another, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from kpi.models import FirstPassword, Membership
from tests.accounts.help import PASSWORD, code, is_in, password_of, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
OWN = "quite another long sentence"


@pytest.fixture
def boss() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.fixture
def ada(boss: Client) -> User:
    """As an administrator adds somebody."""
    entered = {"username": "ada", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    parts = {"membership-TOTAL_FORMS": "1", "membership-INITIAL_FORMS": "0", "membership-0-role": "analyst"}
    answer = boss.post("/admin/auth/user/add/", entered | parts)
    assert answer.status_code == 302, answer.context["errors"]
    user = User.objects.get(username="ada")
    Membership.objects.get_or_create(user=user, defaults={"role": "analyst"})
    return user


def changed(client: Client, old: str = PASSWORD, new: str = OWN) -> Any:
    return client.post("/account/password/", {"old_password": old, "new_password1": new, "new_password2": new})


def test_a_first_password_leads_to_choosing_another_and_then_everything_opens(ada: User) -> None:
    client = Client()
    password_of(client)
    for address in ("/", "/account/", "/definitions/", "/data/"):
        assert client.get(address)["Location"] == "/account/password/", address
    refused = client.get("/api/v1/panel")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")
    assert "An administrator chose the password you came in with." in client.get("/account/password/").content.decode()
    assert changed(client).status_code == 302
    assert client.get("/definitions/").status_code == 200
    assert not FirstPassword.objects.exists()
    again = Client()
    password_of(again, password=OWN)
    assert again.get("/definitions/").status_code == 200


def test_the_same_password_is_no_other_one(ada: User) -> None:
    client = Client()
    password_of(client)
    assert "This is the password you had." in changed(client, new=PASSWORD).content.decode()
    assert FirstPassword.objects.exists()


def test_one_that_is_not_used_within_a_week_opens_nothing(ada: User, clock: Any) -> None:
    clock.shift(timedelta(days=7, minutes=1))
    client = Client()
    assert "This first password was not used within 7 days." in password_of(client).content.decode()
    assert not is_in(client)


def test_what_an_administrator_chooses_anew_is_a_first_one_too_and_ones_own_is_not(ada: User, boss: Client) -> None:
    client = Client()
    password_of(client)
    changed(client)
    boss.post(f"/admin/auth/user/{ada.pk}/password/", {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD})
    assert FirstPassword.objects.get().user == ada
    assert not client.get("/definitions/").wsgi_request.user.is_authenticated  # its session has ended
    password_of(client)
    assert client.get("/definitions/")["Location"] == "/account/password/"
    me = User.objects.get(username="boss")
    boss.post(f"/admin/auth/user/{me.pk}/password/", {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD})
    assert not FirstPassword.objects.filter(user=me).exists()


def test_with_a_second_factor_the_first_password_is_asked_for_too(boss: Client) -> None:
    grace = somebody("grace", with_device=True)
    FirstPassword.objects.create(user=grace, given_at=timezone.now())
    client = Client()
    password_of(client, "grace")
    client.post("/login/code/", {"code": code()})
    assert client.get("/definitions/")["Location"] == "/account/password/"
    assert client.get("/account/second-factor/").status_code == 200


def test_who_chose_their_own_password_and_the_logins_of_the_demo_are_asked_for_nothing() -> None:
    somebody()
    client = Client()
    password_of(client)
    assert client.get("/definitions/").status_code == 200
