"""Passwords: long, none that everybody tries, none made of the names of this place, and any letters one likes."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from kpi.models import Team
from tests import factories
from tests.accounts.help import is_in, password_of

pytestmark = pytest.mark.django_db
GOOD = (
    "correct horse battery staple",
    "730 912 448 106 225 917",
    "only small letters here",
    "çà et là, ünd überhaupt",
    "🙂🙃🙂🙃 🙂🙃🙂🙃 and",
    "x" * 8 + "y" * 60 + " of 68",
)


@pytest.mark.parametrize("password", GOOD)
def test_any_letters_will_do_if_there_are_enough(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize("password", ["elevenchars", "passwordpassword", "1234567890123456789"[:11], "unbelievable"[:11]])
def test_what_is_short_or_commonly_used_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password", ["Counterweight-2026", "administrator 1 2 3", "Lark-Harbour-2026", "counterweight lark", "Passwort-Passwort1"]
)
def test_names_of_this_place_are_not_enough(password: str, lark: Team) -> None:
    with pytest.raises(ValidationError, match="names that anybody here would try first"):
        validate_password(password)


def test_a_name_of_this_place_inside_a_long_sentence_is_no_harm(lark: Team) -> None:
    validate_password("the lark sings early over the harbour wall")


def test_what_is_like_the_user_is_refused() -> None:
    user = factories.UserFactory(username="margaret.hamilton")
    with pytest.raises(ValidationError):
        validate_password("margaret.hamilton", user)


@pytest.mark.parametrize("password", [" spaces around it ", "CaSe matters here", "a" * 64 + " and more than that"])
def test_it_is_compared_exactly_as_it_was_typed(password: str) -> None:
    user = factories.UserFactory(username="ada")
    user.set_password(password)
    user.save()
    for wrong in (password.strip().upper(), password[:-1], password + " "):
        client = Client()
        password_of(client, password=wrong)
        assert not is_in(client), wrong
    client = Client()
    password_of(client, password=password)
    assert is_in(client)


def test_outside_tests_it_is_hashed_by_pbkdf2_with_a_million_rounds(settings: Any) -> None:
    from django.conf import global_settings

    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    made = make_password("correct horse battery staple")
    assert identify_hasher(made).algorithm == "pbkdf2_sha256"
    assert int(made.split("$")[1]) >= 1_000_000
