"""Whoever answers reads it in English or in German, whole; nobody else's pages are half translated."""

from __future__ import annotations

from io import BytesIO

import pytest
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.test import Client

from tests.wellbeing.catalogue_help import ROOT, texts

FOLDER = ROOT / "locale" / "de" / "LC_MESSAGES"
SAME_IN_BOTH = {"Stress"}


def catalogue():
    return read_po(BytesIO((FOLDER / "django.po").read_bytes()), locale="de")


def test_every_text_a_respondent_reads_has_a_german_one_and_no_other_is_there() -> None:
    german = {message.id: message.string for message in catalogue() if message.id}
    assert [text for text in texts() if not german.get(text)] == []
    assert [text for text in german if text not in texts()] == []
    assert {text for text, other in german.items() if text == other} == SAME_IN_BOTH


def test_no_german_text_lost_what_is_filled_in() -> None:
    assert [(message.id, [str(error) for error in message.check()]) for message in catalogue() if message.id and message.check()] == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    """Nobody needs to compile: both are committed."""
    compiled = BytesIO()
    write_mo(compiled, catalogue())
    as_text = {message.id: message.string for message in read_mo(BytesIO(compiled.getvalue())) if message.id}
    assert {message.id: message.string for message in read_mo(BytesIO((FOLDER / "django.mo").read_bytes())) if message.id} == as_text


@pytest.mark.django_db
def test_the_page_is_in_the_language_of_the_browser_or_the_one_chosen() -> None:
    client = Client(headers={"Accept-Language": "de-AT,de;q=0.9"})
    page = client.get("/pulse/")
    assert '<html lang="de">' in page.content.decode()
    assert "Drei Minuten über Ihre Arbeit" in page.content.decode()
    assert page["Content-Language"] == "de"
    assert "Three minutes about your work" in client.get("/pulse/?lang=en").content.decode()
    assert "Three minutes about your work" in client.get("/pulse/?lang=fr", headers={"Accept-Language": "fr"}).content.decode()
    switched = client.post("/pulse/", {"step": "start", "lang": "en", "language": "de", "code": "K7QF"}).content.decode()
    assert ('value="K7QF"' in switched, "Your code" in switched) == (True, True)


@pytest.mark.django_db
def test_other_pages_stay_in_english_whatever_the_browser_wishes() -> None:
    page = Client(headers={"Accept-Language": "de"}).get("/login/").content.decode()
    assert '<html lang="en"' in page
    assert "Password" in page
    assert "Passwort" not in page
