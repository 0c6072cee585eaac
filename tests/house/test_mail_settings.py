"""Mail settings: what is not understood stops the start, and no sentence repeats a password. Pure."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMultiAlternatives

from config import env, mails

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def test_an_address_names_server_port_and_way_in() -> None:
    found = mails.server("EMAIL_URL", "smtp+tls://me%40x:p%40ss@mail.example.org", "")
    assert found == {
        "EMAIL_BACKEND": SMTP, "EMAIL_HOST": "mail.example.org", "EMAIL_PORT": 587, "EMAIL_HOST_USER": "me@x",
        "EMAIL_HOST_PASSWORD": "p@ss", "EMAIL_USE_TLS": True, "EMAIL_USE_SSL": False,
    }  # fmt: skip
    assert mails.server("EMAIL_URL", "smtp+ssl://me@mail.example.org:466", "apart")["EMAIL_HOST_PASSWORD"] == "apart"
    assert mails.server("EMAIL_URL", "smtp://localhost", "")["EMAIL_PORT"] == 25


@pytest.mark.parametrize(
    "value", ["mail.example.org", "smtp://", "imap://x", "smtp://x:70000", "smtp://x/y", "smtp://x?tls=1", "files:/somewhere", "smtp://x:0"]
)
def test_an_address_that_is_not_understood_is_refused(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL is not understood"):
        mails.server("EMAIL_URL", value, "")


def test_a_password_is_given_once_and_never_repeated() -> None:
    for value in ("smtp://me:hunter2@x/y", "smtp+tls://me:hunter2@x"):
        with pytest.raises(ImproperlyConfigured) as refused:
            mails.server("EMAIL_URL", value, "another")
        assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("value", ["nobody", "a@b", "x <a@example.org>\nBcc: b@example.org", ""])
def test_a_sender_is_one_address(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MAIL_FROM"):
        mails.sender("MAIL_FROM", value)


@pytest.mark.parametrize("value", ["kpi.example.org", "ftp://x", "https://", "https://x?y", "https://user@x"])
def test_the_address_of_the_site_is_one(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SITE_URL"):
        mails.site("SITE_URL", value)


def test_without_a_server_a_demo_writes_files_and_production_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EMAIL_URL", "MAIL_FROM", "SITE_URL"):
        monkeypatch.delenv(name, raising=False)
    assert env.mail("EMAIL_URL", password="", production=False) == {"EMAIL_BACKEND": "config.mails.Files"}
    assert env.mail("EMAIL_URL", password="", production=True) == {}
    with pytest.raises(ImproperlyConfigured, match="MAIL_FROM is not set"):
        env.sender("MAIL_FROM", sends=True, production=True)
    assert env.site("SITE_URL", hosts=["kpi.example.org"], production=True) == "https://kpi.example.org"


def test_a_newcomer_finds_every_mail_as_files_to_open(tmp_path: Path) -> None:
    message = EmailMultiAlternatives("A digest", "as text", "a@example.org", ["b@example.org"])
    message.attach_alternative("<p>as a page</p>", "text/html")
    assert mails.Files(file_path=str(tmp_path)).send_messages([message]) == 1
    found = {path.suffix: path.read_text() for path in tmp_path.iterdir()}
    assert (found[".txt"], found[".html"]) == ("as text", "<p>as a page</p>")
    assert "To: b@example.org" in found[".eml"]
