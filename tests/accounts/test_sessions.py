"""A session ends when nobody does anything, and after twelve hours whatever is done; each is listed in words and ended singly."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.test import Client

from kpi.accounts import sessions
from tests.accounts.help import PASSWORD, password_of, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def ada() -> User:
    return somebody()


def entered(browser: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": browser})
    password_of(client)
    return client


def is_open(client: Client, **headers: str) -> bool:
    return client.get("/definitions/", headers=headers).status_code == 200


def test_a_session_ends_an_hour_after_the_last_thing_that_was_done(ada: User, clock: Any) -> None:
    client = entered()
    for _page in range(3):
        clock.shift(59 * MINUTE)
        assert is_open(client)
    clock.shift(HOUR + MINUTE)
    assert client.get("/definitions/")["Location"] == "/login/?next=/definitions/"


def test_it_ends_twelve_hours_after_the_log_in_whatever_is_done(ada: User, clock: Any) -> None:
    client = entered()
    for _page in range(23):
        clock.shift(30 * MINUTE)
        assert is_open(client)
    client.get("/keys/?keys=off")
    session = client.session
    session["drafts"] = "anything"
    session.save()
    clock.shift(31 * MINUTE)
    assert not is_open(client)


def test_how_long_is_a_setting(ada: User, clock: Any, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 5
    client = entered()
    clock.shift(4 * MINUTE)
    assert is_open(client)
    clock.shift(6 * MINUTE)
    assert not is_open(client)


def test_a_page_that_looks_by_itself_keeps_no_session_open(ada: User, clock: Any) -> None:
    client = entered()
    for _look in range(6):
        clock.shift(10 * MINUTE)
        found = is_open(client, sec_fetch_dest="empty")
    assert not found


def test_a_session_is_moved_on_once_a_minute_and_its_content_is_left_alone(ada: User, clock: Any, django_assert_num_queries: Any) -> None:
    client = entered()
    before = Session.objects.get()
    clock.shift(MINUTE / 2)
    is_open(client)
    assert Session.objects.get().expire_date == before.expire_date
    clock.shift(MINUTE)
    is_open(client)
    after = Session.objects.get()
    assert (after.expire_date - before.expire_date, after.session_data) == (1.5 * MINUTE, before.session_data)


def test_a_page_is_read_where_the_end_cannot_be_moved_on(ada: User, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = entered()
    clock.shift(2 * MINUTE)

    def busy(*_args: object, **_values: object) -> None:
        raise DatabaseError("locked")

    monkeypatch.setattr(QuerySet, "update", busy)
    assert is_open(client)


@pytest.mark.parametrize(
    ("browser", "words"),
    [
        (FIREFOX, "Firefox on Linux"), (CHROME, "Chrome on Android"), (EDGE, "Edge on Windows"), (SAFARI, "Safari on iPhone"),
        ("curl/8", "a browser that does not say which"), ("<script>alert(1)</script>", "a browser that does not say which"),
    ],
)  # fmt: skip
def test_a_browser_is_told_by_its_family_and_system(ada: User, browser: str, words: str) -> None:
    page = entered(browser).get("/account/").content.decode()
    assert f"<b>{words}</b> (this one)" in page
    assert "since 13 Apr 2026, last used 13 Apr 2026" in page


def test_nothing_else_of_a_browser_is_kept_and_no_address(ada: User) -> None:
    Client(headers={"user-agent": CHROME}, REMOTE_ADDR="192.0.2.77").post("/login/", {"username": "ada", "password": PASSWORD})
    kept = str(Session.objects.get().get_decoded())
    assert "Chrome" in kept
    assert not any(word in kept for word in ("Pixel", "140.0", "192.0.2"))


def test_a_session_is_ended_singly_with_the_password_and_its_name_is_on_no_page(ada: User) -> None:
    here, phone, office = entered(), entered(CHROME), entered(EDGE)
    page = here.get("/account/").content.decode()
    assert [key for key in Session.objects.values_list("pk", flat=True) if key in page] == []
    [mark] = re.findall(r'value="([0-9a-f]{24})"> <span>Chrome on Android', page)
    assert "That is not your password" in here.post("/account/", {"where": "ticked", "session": mark, "password": "no"}).content.decode()
    assert is_open(phone)
    told = here.post("/account/", {"where": "ticked", "session": mark, "password": PASSWORD}, follow=True).content.decode()
    assert "1 other session has ended." in told
    assert [is_open(client) for client in (here, phone, office)] == [True, False, True]


def test_nothing_ticked_ends_nothing_and_nobody_ends_the_session_of_another(ada: User) -> None:
    here, other = entered(), entered(CHROME)
    eve = somebody("eve")
    hers = Client()
    password_of(hers, "eve")
    marks = [item.mark for item in sessions.listed(eve.pk)]
    for sent in ({"session": marks}, {}):
        here.post("/account/", {"where": "ticked", "password": PASSWORD, **sent})
    assert all(map(is_open, (here, other, hers)))
    here.post("/account/", {"where": "else", "password": PASSWORD})
    assert [is_open(client) for client in (here, other, hers)] == [True, False, True]


def test_nobody_waits_long_for_another_writer(ada: User, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite; what anybody else writes waits as long as before."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has many writers")
    client, seen = entered(), []

    def listen(*_args: object, **_values: object) -> int:
        seen.append(waits())
        return 1

    before = waits()
    clock.shift(2 * MINUTE)
    monkeypatch.setattr(QuerySet, "update", listen)
    assert is_open(client)
    assert (seen, waits(), before) == ([200], 20_000, 20_000)


def waits() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        return int(cursor.fetchone()[0])
