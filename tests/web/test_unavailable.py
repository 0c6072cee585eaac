"""A database that is away or busy: 503 with one sentence, on pages and in the API; never a number, never a traceback."""

import errno

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.db import InterfaceError, InternalError, OperationalError
from django.test import Client

from kpi import api, rights
from tests import factories

AWAY = OperationalError('connection to server at "10.0.0.7" failed: Connection refused')
BUSY = OperationalError("database is locked")
FULL = OSError(errno.ENOSPC, "No space left on device")
FULL_DATABASE = OperationalError("database or disk is full")
READ_ONLY = OSError(errno.EROFS, "Read-only file system")
FOLLOWS = InternalError("cannot execute UPDATE in a read-only transaction")


@pytest.fixture
def reader(db: None) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(factories.UserFactory(username="reader"))
    return client


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (AWAY, "does not answer"),
        (InterfaceError("connection already closed"), "does not answer"),
        (BUSY, "busy"),
        (FULL, "no space left"),
        (FULL_DATABASE, "no space left"),
        (READ_ONLY, "cannot write"),
        (FOLLOWS, "cannot write"),
    ],
)
@pytest.mark.parametrize("address", ["/", "/api/v1/panel"])
def test_without_a_database_the_answer_is_503_and_one_sentence(
    reader: Client, monkeypatch: pytest.MonkeyPatch, address: str, error: Exception, sentence: str
) -> None:
    def fail(user: AbstractBaseUser) -> None:
        raise error

    monkeypatch.setattr(rights, "viewer_of", fail)
    monkeypatch.setattr(api, "viewer_of", fail)
    answer = reader.get(address)
    text = answer.content.decode()
    assert answer.status_code == 503
    assert sentence in text
    assert "ry again" in text or "has to" in text
    assert answer["Retry-After"] == "10"
    assert not any(word in text for word in ("Traceback", "OperationalError", "10.0.0.7", "locked"))


def test_an_error_of_ours_is_still_500(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(user: AbstractBaseUser) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(rights, "viewer_of", fail)
    answer = reader.get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    assert "Something went wrong on our side" in answer.content.decode()
