"""What somebody typed stays what it is: no line break becomes a header or a log line, no name a path, no guess a way in."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.mail import EmailMessage
from django.test import Client

from kpi import ingest
from kpi.mail.letter import Letter, message_of
from kpi.source import Refused
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password-7"


def log_in(client: Client, name: str, password: str, address: str = "192.0.2.7") -> Any:
    return client.post("/login/", {"username": name, "password": password}, REMOTE_ADDR=address)


@pytest.fixture
def reader() -> str:
    user = factories.UserFactory(username="reader")
    user.set_password(PASSWORD)
    user.save()
    return "reader"


def test_guesses_lock_one_user_at_one_address_and_nobody_else(reader: str) -> None:
    client = Client()
    refused = [log_in(client, reader, f"guess-{number}").status_code for number in range(site.AXES_FAILURE_LIMIT + 1)]
    assert refused[-1] == 429
    assert log_in(Client(), reader, PASSWORD).status_code == 429  # the right one does not open it now
    assert log_in(Client(), reader, PASSWORD, "192.0.2.8").status_code == 302  # the user is not locked out of another place
    other = factories.UserFactory(username="colleague")
    other.set_password(PASSWORD)
    other.save()
    assert log_in(Client(), "colleague", PASSWORD).status_code == 302  # nor is the whole office


def test_an_address_that_was_made_up_does_not_unlock_and_behind_a_proxy_each_reader_has_one(reader: str, settings: Any) -> None:
    def tried(hops: str) -> int:
        login = {"username": reader, "password": "guess"}
        return int(Client().post("/login/", login, headers={"X-Forwarded-For": hops}, REMOTE_ADDR="192.0.2.7").status_code)

    guesses = [tried(f"203.0.113.{number}") for number in range(site.AXES_FAILURE_LIMIT + 1)]
    assert guesses[-1] == 429  # no proxy is believed: the header is what the guesser wrote
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    guesses = [tried(f"203.0.113.{number}, 198.51.100.1") for number in range(site.AXES_FAILURE_LIMIT + 1)]
    assert guesses[0] == 200
    assert guesses[-1] == 429  # what the proxy saw counts, not what was written before it
    assert tried("198.51.100.2") == 200
    assert tried("no address") == 429  # then it is the proxy itself


def test_a_known_and_an_unknown_user_look_the_same(reader: str) -> None:
    def page(name: str) -> str:
        text: str = log_in(Client(), name, "wrong", f"192.0.2.{len(name)}").content.decode()
        return text.replace(name, "NAME")

    def without_tokens(text: str) -> list[str]:
        return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]

    assert without_tokens(page("reader")) == without_tokens(page("nobody-here"))


def test_a_session_is_no_scripts_and_no_other_sites(reader: str) -> None:
    cookie = log_in(Client(), reader, PASSWORD).cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 12 * 3600)


ODD = [
    'x"\r\nSet-Cookie: a=b',
    "../../x.csv",
    "=cmd|' /C calc'!A0.csv",
    "<script>.csv",
    "\u202ecsv.exe",
    "a" * 5000,
    "é" * 200 + ".csv",
    "🙂" * 99,
]


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_a_file_name_is_never_a_path_or_a_header(name: str) -> None:
    kept = ingest.receiving.safe_name(name)
    assert Path(kept).name == kept
    assert not set(kept) & set('\r\n"<>/\\|=\u202e')
    assert 0 < len(kept.encode()) <= 200


def test_a_break_in_the_subject_of_a_mail_or_in_an_address_sends_nothing() -> None:
    row = factories.SendingFactory(subscription__user__email="reader@example.org\nBcc: all@example.org")
    with pytest.raises(ValueError, match="newline"):
        message_of(row, Letter("A\nBcc: b@example.org", "text", "<p>html</p>"), None).message()  # type: ignore[arg-type]
    assert EmailMessage  # what refuses is Django's; the mail of a reader has no other way out


def archive(kind: str, path: Path) -> Path:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("../../etc/passwd" if kind == "traversal" else "calls.csv", b"0" * 10_000_000)
        if kind == "many":
            for number in range(2000):
                made.writestr(f"{number}.csv", b"x")
    path.write_bytes(held.getvalue())
    return path


@pytest.mark.parametrize("kind", ["one", "many", "traversal"])
def test_an_archive_is_refused_and_nothing_in_it_is_unpacked(kind: str, tmp_path: Path) -> None:
    path = archive(kind, tmp_path / "calls.csv")
    factories.SiteFactory()
    with pytest.raises(Refused, match="zip"):
        ingest.preview(path, "interactions_csv")
    assert list(tmp_path.iterdir()) == [path]
