"""Whoever answers reads it in English or in German, whole."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.messages import stored
from tests.wellbeing.catalogue_help import texts

SAME_IN_BOTH = {"Stress"}


def test_every_text_a_respondent_reads_has_a_german_one() -> None:
    german = {message.id: message.string for message in stored() if message.id}
    assert [text for text in texts() if not german.get(text)] == []
    assert {text for text in texts() if text == german[text]} == SAME_IN_BOTH


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
