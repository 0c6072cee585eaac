"""Keys and display: what a reader chose is kept in this browser, and nothing else can be put there."""

import re

import pytest
from django.test import Client

from kpi.models import Membership
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    user = factories.UserFactory(username="reader")
    Membership.objects.create(user=user, role=Membership.Role.STEWARD)
    client = Client()
    client.force_login(user)
    return client


def page(client: Client) -> str:
    return client.get("/keys/").content.decode()


def test_who_chose_nothing_gets_what_the_system_has_and_keys(reader: Client) -> None:
    text = page(reader)
    assert '<meta name="color-scheme" content="light dark">' in text
    assert 'css/dark.css" media="screen and (prefers-color-scheme: dark)"' in text
    assert 'data-keys="on"' in text


@pytest.mark.parametrize(("scheme", "sheet"), [("dark", 'css/dark.css" media="screen"'), ("light", None)])
def test_a_chosen_scheme_arrives_with_the_page(reader: Client, scheme: str, sheet: str | None) -> None:
    answer = reader.post("/keys/", {"scheme": scheme, "next": "/definitions/?q=csat"})
    assert (answer.status_code, answer["Location"]) == (302, "/definitions/?q=csat")
    text = page(reader)
    assert f'<meta name="color-scheme" content="{scheme}">' in text
    assert (sheet in text) if sheet else ("dark.css" not in text)
    assert f'value="{scheme}" aria-pressed="true"' in text


def test_keys_can_be_switched_off_and_on(reader: Client) -> None:
    reader.post("/keys/", {"keys": "off"})
    assert 'data-keys="off"' in page(reader)
    assert "The keys are off." in page(reader)
    reader.post("/keys/", {"keys": "on"})
    assert 'data-keys="on"' in page(reader)


def test_nothing_else_is_kept_and_nobody_is_led_to_another_site(reader: Client) -> None:
    answer = reader.post("/keys/", {"scheme": "pink<", "keys": "7", "next": "//elsewhere.example/"})
    assert answer["Location"] == "/keys/"
    assert "scheme" not in reader.cookies
    reader.cookies["scheme"] = "pink"
    assert 'content="light dark"' in page(reader)


def test_what_was_chosen_is_out_of_reach_of_scripts(reader: Client) -> None:
    kept = reader.post("/keys/", {"scheme": "dark"}).cookies["scheme"]
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"


def test_every_page_in_the_navigation_has_a_letter_of_its_own(reader: Client) -> None:
    navigation = page(reader).split("</nav>")[0]
    found = re.findall(r'data-key="(\w)"', navigation)
    assert len(found) == navigation.count("<li><a") == len(set(found))
