"""Who guesses passwords is locked out for a while; nobody else is, and nobody learns which users there are."""

import re

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db
WRONG = 20


def log_in(name: str, password: str, address: str = "192.0.2.1"):  # type: ignore[no-untyped-def]
    return Client(REMOTE_ADDR=address).post("/login/", {"username": name, "password": password})


def seen(answer, name: str) -> tuple[int, str]:  # type: ignore[no-untyped-def]
    """Status and text without what differs from form to form."""
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"', "", answer.content.decode())
    return answer.status_code, text.replace(name, "NAME")


def test_who_guesses_is_locked_and_a_colleague_at_the_same_address_gets_in() -> None:
    users = [factories.UserFactory(username=name) for name in ("heron", "ibis")]
    for user in users:
        user.set_password("a-long-secret-of-ours")
        user.save()
    known = [seen(log_in("heron", f"wrong {count}"), "heron") for count in range(WRONG)]
    unknown = [seen(log_in("nobody", f"wrong {count}"), "nobody") for count in range(WRONG)]
    assert known == unknown, "a user that exists and one that does not look the same"
    assert known[0][0] == 200
    assert known[-1][0] == 429
    locked = log_in("heron", "a-long-secret-of-ours")
    assert locked.status_code == 429
    assert "_auth_user_id" not in locked.client.session
    assert log_in("ibis", "a-long-secret-of-ours").status_code == 302
    assert log_in("heron", "a-long-secret-of-ours", "192.0.2.2").status_code == 302, "whoever guesses locks nobody out elsewhere"
