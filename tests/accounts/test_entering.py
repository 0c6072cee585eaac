"""Logging in: the password alone where there is no second factor, and never the password alone where there is one."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client

from kpi.accounts import factor
from kpi.models import RecoveryCode, SecondFactor
from tests import factories
from tests.accounts.help import PASSWORD, code, is_in, password_of, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def ada() -> User:
    return somebody(with_device=True)


def at_the_code(**more: Any) -> Client:
    client = Client()
    answer = password_of(client, **more)
    assert answer["Location"] == "/login/code/"
    return client


def test_without_a_second_factor_the_password_is_enough() -> None:
    somebody("ben")
    client = Client()
    assert password_of(client, "ben").status_code == 302
    assert is_in(client)


def test_the_password_alone_opens_nothing_and_the_code_leads_to_where_one_was_going(ada: User) -> None:
    client = at_the_code(next="/definitions/")
    assert not is_in(client)
    assert client.get("/definitions/")["Location"].startswith("/login/")
    assert client.get("/api/v1/panel").status_code == 403
    page = client.get("/login/code/").content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert "ada" not in page.split("<main")[1]
    answer = client.post("/login/code/", {"code": code()})
    assert (answer.status_code, answer["Location"]) == (302, "/definitions/")
    assert client.get("/definitions/").status_code == 200


def test_nobody_is_led_to_another_site(ada: User) -> None:
    client = at_the_code(next="https://elsewhere.example/")
    assert client.post("/login/code/", {"code": code()})["Location"] == "/start/"


def test_the_session_of_the_password_ends_with_the_code(ada: User) -> None:
    client = at_the_code()
    before = client.session.session_key
    client.post("/login/code/", {"code": code()})
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


@pytest.mark.parametrize("given", ["000000", "", "abc", "9" * 4000, "１２３４５６", "\x00", "' or 1=1"])
def test_a_wrong_code_is_said_and_opens_nothing(ada: User, given: str) -> None:
    client = at_the_code()
    answer = client.post("/login/code/", {"code": given})
    assert answer.status_code == 200
    assert "That code is not right" in answer.content.decode()
    assert not is_in(client)


def test_a_code_is_taken_once(ada: User, clock: Any) -> None:
    same = code()
    assert at_the_code().post("/login/code/", {"code": same}).status_code == 302
    assert at_the_code().post("/login/code/", {"code": same}).status_code == 200
    clock.shift(30)
    client = at_the_code()
    assert client.post("/login/code/", {"code": same}).status_code == 200
    assert client.post("/login/code/", {"code": code()}).status_code == 302


def test_who_guesses_is_stopped_after_ten_at_every_place_at_once_and_the_pause_ends(ada: User, clock: Any) -> None:
    clients = [at_the_code() for _each in range(2)]
    found = [clients[number % 2].post("/login/code/", {"code": "000000"}).status_code for number in range(12)]
    assert found == [200] * 10 + [429] * 2
    right = clients[0].post("/login/code/", {"code": code()})
    assert right.status_code == 429
    assert "Wait a quarter of an hour" in right.content.decode()
    clock.shift(14 * 60)
    assert at_the_code().post("/login/code/", {"code": code()}).status_code == 429
    clock.shift(61)
    assert at_the_code().post("/login/code/", {"code": code()}).status_code == 302
    assert SecondFactor.objects.get().failures == 0


def test_a_recovery_code_is_good_once_however_it_is_typed(ada: User) -> None:
    first, second, *_others = factor.new_codes(ada)
    assert at_the_code().post("/login/code/", {"recovery": f" {first.upper().replace('-', ' ')} "}).status_code == 302
    assert at_the_code().post("/login/code/", {"recovery": first}).status_code == 200
    assert at_the_code().post("/login/code/", {"recovery": second}).status_code == 302
    assert factor.left(ada) == 6


def test_of_recovery_codes_hashes_alone_are_kept(ada: User) -> None:
    codes = factor.new_codes(ada)
    assert len(set(codes)) == 8
    kept = "".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(made in kept or made.replace("-", "") in kept for made in codes)


def test_a_recovery_code_of_somebody_else_opens_nothing(ada: User) -> None:
    ben = somebody("ben", with_device=True)
    assert at_the_code().post("/login/code/", {"recovery": factor.new_codes(ben)[0]}).status_code == 200


def test_ten_minutes_after_the_password_one_begins_anew(ada: User, clock: Any) -> None:
    client = at_the_code()
    clock.shift(601)
    assert client.post("/login/code/", {"code": code()})["Location"] == "/login/"
    assert not is_in(client)


def test_a_password_changed_or_an_account_closed_meanwhile_ends_the_wait(ada: User) -> None:
    first, second = at_the_code(), at_the_code()
    ada.is_active = False
    ada.save()
    assert first.post("/login/code/", {"code": code()})["Location"] == "/login/"
    ada.is_active = True
    ada.set_password("another long sentence")
    ada.save()
    assert second.post("/login/code/", {"code": code()})["Location"] == "/login/"


def test_a_lost_key_leaves_the_recovery_codes(ada: User, settings: Any) -> None:
    codes = factor.new_codes(ada)
    settings.CONNECTION_KEYS = ["n" * 40]
    assert at_the_code().post("/login/code/", {"code": code()}).status_code == 200
    assert at_the_code().post("/login/code/", {"recovery": codes[0]}).status_code == 302


def test_the_admin_has_no_log_in_of_its_own(ada: User) -> None:
    somebody("boss", role="administrator", is_staff=True, is_superuser=True, with_device=True)
    client = Client()
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/login/?next=%2Fadmin%2F"
    answer = client.post("/admin/login/", {"username": "boss", "password": PASSWORD, "next": "/admin/"})
    assert answer.status_code == 302
    assert not is_in(client)
    assert password_of(client, "boss", next="/admin/")["Location"] == "/login/code/"
    assert client.get("/admin/").status_code == 302
    assert client.post("/login/code/", {"code": code()})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_who_is_logged_in_and_no_staff_is_told_so_by_the_admin_and_not_sent_in_circles(ada: User) -> None:
    client = Client()
    client.force_login(somebody("ben"))
    assert client.get("/admin/", follow=True).status_code == 403


def test_what_happens_at_the_second_step_is_logged_by_number(ada: User, caplog: pytest.LogCaptureFixture) -> None:
    recovery = factor.new_codes(ada)[0]
    client = at_the_code()
    for _each in range(10):
        client.post("/login/code/", {"code": "000000"})
    client.post("/login/code/", {"code": "000000"})
    SecondFactor.objects.update(failures=0, blocked_until=None)
    client.post("/login/code/", {"recovery": recovery})
    said = [record.getMessage() for record in caplog.records if record.name == "kpi.accounts.factor"]
    assert said == ["second_factor.refused"] * 10 + ["second_factor.blocked", "second_factor.recovery_code_used"]
    assert {record.user for record in caplog.records if record.name == "kpi.accounts.factor"} == {ada.pk}  # type: ignore[attr-defined]


def test_a_token_of_a_source_is_no_person_and_asks_for_no_code() -> None:
    """Whatever is required of people: the answer is about the file, not about a factor."""
    from kpi.intake.tokens import make_token

    source = factories.DataSourceFactory(key="phone", format="interactions_csv")
    _token, text = make_token(source, "telephony", 30)
    answer = Client().post("/api/v1/imports", b"", content_type="text/csv", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code not in {401, 403}
