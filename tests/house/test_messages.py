"""Every text has its German one, the compiled catalogue is the written one, and a German page holds no English sentence."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from babel.messages.mofile import read_mo
from django.test import Client

from kpi.models import Team
from tests.messages import FOLDER, compiled, merged, missing, stored, wanted
from tests.web.planted import planted
from tests.web.test_every_surface import centre, client_of  # noqa: F401 - a fixture

# Words no German sentence holds; what people typed and names of formats are English or not, as they are.
ENGLISH = re.compile(r"\b(the|and|with|of|is|are|not|from|this|which|they|who|each|by)\b")
DATA = re.compile(r"<(code|pre|kbd|script|style|option|svg)\b.*?</\1>|<[^>]*lang=\"en\"[^>]*>.*?<", re.S)
PAGES = (
    "/",
    "/customers/",
    "/people/",
    "/resolution/",
    "/human-ai/",
    "/capacity/",
    "/reskilling/",
    "/scenarios/",
    "/definitions/csat/",
    "/keys/",
    "/data/",
)


def test_every_text_has_a_german_one_that_fills_in_the_same() -> None:
    """What to do: `make messages`, and write the German of what it prints into locale/de/LC_MESSAGES/django.po."""
    assert missing(merged()) == []


def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    said = {(str(message.id), message.context) for message in wanted()}
    assert [message.id for message in stored() if message.id and (str(message.id), message.context) not in said] == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    """Nobody needs to compile: both are committed."""

    def texts(content: bytes) -> dict[object, object]:
        return {
            message.id if isinstance(message.id, str) else message.id[0]: message.string
            for message in read_mo(BytesIO(content))
            if message.id
        }

    assert texts((FOLDER / "django.mo").read_bytes()) == texts(compiled(stored()))


def sentences(page: str) -> list[str]:
    """What a reader sees, without what is data or code."""
    body = DATA.sub(" <", page[page.index("<body") :])
    return [text.strip() for text in re.split(r"<[^>]*>", body) if text.strip()]


@pytest.mark.parametrize("shown", PAGES)
def test_a_german_page_holds_no_english_sentence(shown: str, centre: Team) -> None:  # noqa: F811
    client: Client = client_of("analyst")
    with planted():
        answer = client.get(shown, headers={"Accept-Language": "de"})
    text = answer.content.decode()
    assert '<html lang="de"' in text
    assert "\n".join(found for found in sentences(text) if ENGLISH.search(found)) == ""
