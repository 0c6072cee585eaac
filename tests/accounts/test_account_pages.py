"""The account page: a device is set up, replaced and switched off by whoever proves who they are, and every change ends other sessions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from kpi.accounts import factor
from kpi.models import SecondFactor
from tests.accounts.help import PASSWORD, code, is_in, password_of, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PAGE = "/account/second-factor/"


@pytest.fixture
def ada() -> User:
    return somebody()


def entered(name: str = "ada") -> Client:
    client = Client()
    password_of(client, name)
    return client


def do(client: Client, step: str, **more: str) -> str:
    return client.post(PAGE, {"do": step, "password": PASSWORD, **more}).content.decode()


def secret_on(page: str) -> str:
    return re.search(r"Letters: <code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")  # type: ignore[index]


def recovery_on(page: str) -> list[str]:
    return re.findall(r"<li><code>([a-z0-9-]{29})</code></li>", page)


def test_a_device_is_set_up_with_the_password_and_its_first_code(ada: User) -> None:
    client = entered()
    page = do(client, "begin")
    assert '<div class="qr" role="img"' in page
    assert "<svg" in page
    assert "no-store" in client.get(PAGE)["Cache-Control"]
    assert factor.of(ada) is None  # not in use before a code was entered
    page = do(client, "confirm", code=code(secret_on(page)))
    assert len(recovery_on(page)) == 8
    assert is_in(client)
    assert client.get("/account/").status_code == 200
    assert password_of(Client())["Location"] == "/login/code/"


def test_recovery_codes_and_the_secret_are_shown_once(ada: User) -> None:
    client = entered()
    secret = secret_on(do(client, "begin"))
    codes = recovery_on(do(client, "confirm", code=code(secret)))
    for address in (PAGE, "/account/"):
        page = client.get(address).content.decode()
        assert secret[:4] not in page
        assert not any(made in page for made in codes)
    assert "8 recovery codes are left." in client.get("/account/").content.decode()


def test_a_secret_is_kept_sealed(ada: User) -> None:
    client = entered()
    secret = secret_on(do(client, "begin"))
    assert secret not in SecondFactor.objects.get().proposed
    do(client, "confirm", code=code(secret))
    assert secret not in SecondFactor.objects.get().sealed


@pytest.mark.parametrize("step", ["begin", "codes", "off"])
def test_nothing_changes_without_the_password(step: str) -> None:
    ada = somebody(with_device=True)
    client = Client()
    password_of(client)
    client.post("/login/code/", {"code": code()})
    page = client.post(PAGE, {"do": step, "password": "guess", "code": code(later=1)}).content.decode()
    assert "That is not your password" in page
    assert factor.of(ada) is not None
    assert factor.left(ada) == 0


@pytest.mark.parametrize("step", ["begin", "codes", "off"])
def test_where_there_is_a_device_nothing_changes_without_its_code_either(step: str, clock: Any) -> None:
    ada = somebody(with_device=True)
    client = Client()
    password_of(client)
    client.post("/login/code/", {"code": code()})
    page = client.post(PAGE, {"do": step, "password": PASSWORD, "code": "000000"}).content.decode()
    assert "That code is not right" in page
    assert (factor.of(ada) is not None, factor.left(ada), SecondFactor.objects.get().proposed) == (True, 0, "")


def test_wrong_passwords_at_the_account_page_lock_as_at_the_log_in(ada: User) -> None:
    client = entered()
    found = [client.post(PAGE, {"do": "begin", "password": f"guess {number}"}).status_code for number in range(10)]
    assert found[-1] == 429
    assert client.post(PAGE, {"do": "begin", "password": PASSWORD}).status_code == 429
    assert SecondFactor.objects.count() == 0


def test_who_sits_down_at_a_desk_where_a_device_was_being_set_up_elsewhere_sees_nothing(ada: User) -> None:
    here, there = entered(), entered()
    secret = secret_on(do(here, "begin"))
    page = do(there, "confirm", code=code(secret))
    assert "That is not the code of the new device" in page
    assert secret[:4] not in page
    assert factor.of(ada) is None


def test_a_wrong_first_code_keeps_the_picture_and_changes_nothing(ada: User) -> None:
    client = entered()
    secret = secret_on(do(client, "begin"))
    page = do(client, "confirm", code="000000")
    assert secret_on(page) == secret
    assert factor.of(ada) is None
    assert recovery_on(do(client, "confirm", code=code(secret)))


def test_setting_one_up_ends_every_other_session(ada: User) -> None:
    here, there = entered(), entered()
    do(here, "confirm", code=code(secret_on(do(here, "begin"))))
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_another_device_takes_the_place_of_the_first_only_when_its_code_was_entered(clock: Any) -> None:
    ada = somebody(with_device=True)
    client = Client()
    password_of(client)
    client.post("/login/code/", {"code": code()})
    clock.shift(30)
    secret = secret_on(do(client, "begin", code=code()))
    was = SecondFactor.objects.get().sealed
    clock.shift(30)
    assert client.get("/account/").status_code == 200
    do(client, "confirm", code=code(secret))
    assert SecondFactor.objects.get().sealed != was
    clock.shift(30)
    assert factor.check(ada, code()) is factor.Answer.WRONG
    assert factor.check(ada, code(secret)) is factor.Answer.RIGHT
    assert client.get("/account/").status_code == 200


def test_switched_off_the_password_is_enough_again(clock: Any) -> None:
    ada = somebody(with_device=True)
    client = Client()
    password_of(client)
    client.post("/login/code/", {"code": code()})
    clock.shift(30)
    assert client.post(PAGE, {"do": "off", "password": PASSWORD, "code": code()})["Location"] == "/account/"
    assert factor.of(ada) is None
    assert client.get("/account/").status_code == 200
    other = Client()
    password_of(other)
    assert is_in(other)


def test_the_password_is_changed_by_who_knows_the_former_one_and_other_sessions_end(ada: User) -> None:
    here, there = entered(), entered()
    new = "quite another long sentence"
    refused = here.post("/account/password/", {"old_password": "guess", "new_password1": new, "new_password2": new})
    assert refused.status_code == 200
    assert 'role="alert"' in refused.content.decode()
    done = here.post("/account/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}, follow=True)
    assert "Everywhere else you are logged out." in done.content.decode()
    assert there.get("/account/").status_code == 302
    ada.refresh_from_db()
    assert ada.check_password(new)


def test_other_sessions_are_counted_and_ended_with_the_password(ada: User) -> None:
    here, there = entered(), entered()
    assert "Here, and in one other browser." in here.get("/account/").content.decode()
    assert "That is not your password" in here.post("/account/", {"password": "guess"}).content.decode()
    assert there.get("/account/").status_code == 200
    assert "1 other session has ended." in here.post("/account/", {"password": PASSWORD}, follow=True).content.decode()
    assert there.get("/account/").status_code == 302
    assert "Here, and nowhere else." in here.get("/account/").content.decode()


def test_without_a_key_no_device_can_be_set_up_and_the_page_says_so(ada: User, settings: Any) -> None:
    settings.CONNECTION_KEYS = []
    client = entered()
    assert "has to set CONNECTION_KEY" in client.get(PAGE).content.decode()
    assert "has to set CONNECTION_KEY" in do(client, "begin")
    assert SecondFactor.objects.count() == 0


def test_under_another_key_devices_go_on_after_they_were_sealed_anew(settings: Any) -> None:
    ada = somebody(with_device=True)
    settings.CONNECTION_KEYS = ["n" * 40, *settings.CONNECTION_KEYS]
    call_command("reseal_secrets")
    settings.CONNECTION_KEYS = ["n" * 40]
    assert factor.check(ada, code()) is factor.Answer.RIGHT
    settings.CONNECTION_KEYS = ["o" * 40]
    with pytest.raises(CommandError, match="1 second factors: no key opens them"):
        call_command("reseal_secrets")


def test_an_administrator_resets_it_for_who_lost_the_device_and_that_is_audited() -> None:
    ada, boss = somebody(with_device=True), User.objects.create_superuser("boss")
    theirs, mine = Client(), Client()
    password_of(theirs)
    theirs.post("/login/code/", {"code": code()})
    mine.force_login(boss)
    page = mine.post(
        "/admin/auth/user/", {"action": "reset_second_factor", "_selected_action": [ada.pk, boss.pk]}, follow=True
    ).content.decode()
    assert "Ada has no second factor now." in page
    assert "Your own is changed on the page of your account." in page
    assert theirs.get("/account/").status_code == 302
    entry = LogEntry.objects.filter(content_type__model="secondfactor", action=LogEntry.Action.DELETE).get()
    assert entry.actor == boss
    assert set(entry.changes_dict) <= {"user", "since"}  # never the secret
    again = Client()
    password_of(again)
    assert is_in(again)


def test_an_administrator_logs_somebody_out_everywhere(ada: User) -> None:
    theirs, mine = entered(), Client()
    mine.force_login(User.objects.create_superuser("boss"))
    assert (
        "1 session has ended."
        in mine.post("/admin/auth/user/", {"action": "end_sessions", "_selected_action": [ada.pk]}, follow=True).content.decode()
    )
    assert theirs.get("/account/").status_code == 302


def test_the_command_resets_where_no_administrator_can(capsys: pytest.CaptureFixture[str]) -> None:
    ada = somebody(with_device=True)
    call_command("reset_second_factor", "ada")
    assert "Taken away" in capsys.readouterr().out
    assert factor.of(ada) is None
    for name, sentence in (("ada", "has no second factor"), ("nobody", "no such account")):
        with pytest.raises(CommandError, match=sentence):
            call_command("reset_second_factor", name)
