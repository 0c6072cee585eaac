"""What was seen in a file, and what is new in it, are told in German on German pages; systems and logs get them in English."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from kpi import ingest, registry
from kpi.ingest.codes import NEW, OTHER
from kpi.ingest.telling import as_object, as_text
from kpi.models import ImportRun, Team
from kpi.reading import look
from kpi.sources.anonymous_bank import ODDITIES
from tests import factories
from tests.house.test_messages import ENGLISH
from tests.kpi.ingest_help import contact, put
from tests.web.test_every_surface import centre, client_of  # noqa: F401  a fixture
from tests.web.test_german import GERMAN, english

HEAD = "external_id,started_at,channel,queue,talk_s"
FILES: dict[str, bytes] = {
    "plain": f"{HEAD}\na,2026-03-02T09:00:00Z,voice,care,12.5\n".encode(),
    "without rows": f"{HEAD}\n".encode(),
    "marked": f"{HEAD}\na,2026-03-02T09:00:00Z,voice,care,\n".encode("utf-8-sig"),
    "wide": f"{HEAD}\na,2026-03-02T09:00:00Z,voice,care,\n".encode("utf-16-le"),
    "packed": gzip.compress(f"{HEAD}\na,2026-03-02T09:00:00Z,voice,care,\n".encode()),
    "day first": f"{HEAD}\na,31/03/2026 09:00Z,voice,care,\n".encode(),
    "month first": f"{HEAD}\na,03/31/2026 09:00Z,voice,care,\n".encode(),
    "comma": HEAD.replace(",", ";").encode() + b"\na;2026-03-02T09:00:00Z;voice;care;12,5\n",
    "both": HEAD.replace(",", ";").encode() + b"\na;2026-03-02T09:00:00Z;voice;care;12,5\nb;2026-03-02T09:00:00Z;voice;care;1.25\n",
    "thousands": HEAD.replace(",", ";").encode() + b"\na;2026-03-02T09:00:00Z;voice;care;1,250\n",
    "ignored": f"{HEAD},,talk_sec,{','.join(f'x{i}' for i in range(12))}\n".encode(),
}


@pytest.mark.parametrize("case", FILES)
def test_what_was_seen_in_a_file_is_told_in_both_languages(case: str, tmp_path: Path) -> None:
    path = tmp_path / "nacht.csv"
    path.write_bytes(FILES[case])
    found = look(path, registry.sources()["interactions_csv"])
    for what, why in found.evidence.items():
        with translation.override("de"):
            assert translation.gettext(what.replace("_", " ")) != what.replace("_", " "), "its name is in the catalogue"
            assert str(why) != why.english, why.english
            assert not ENGLISH.search(str(why)), str(why)


def test_what_is_counted_of_oddities_and_scales_is_told_in_both_languages(tmp_path: Path) -> None:
    for key in ODDITIES:
        with translation.override("de"):
            assert translation.gettext(key) != key
    answers = "external_id,answered_at,question,scale,score\n" + "".join(
        f"a{n},2026-03-02T09:00:00Z,csat,{scale},4\n" for n, scale in enumerate(["likert5", "scale1_10"] * 3)
    )
    path = tmp_path / "antworten.csv"
    path.write_text(answers)
    seen = look(path, registry.sources()["customer_answers_csv"]).evidence["scale_break"]
    assert seen.english.startswith("csat changes from likert5 to scale1_10 on line 3; ")
    assert seen.english.endswith("; and 2 more changes")
    with translation.override("de"):
        assert str(seen).startswith("csat wechselt in Zeile 3 von likert5 zu scale1_10; ")
        assert str(seen).endswith("; und 2 weitere Wechsel")


@pytest.fixture
def steward(centre: Team) -> Client:  # noqa: F811
    return client_of("steward")


def test_a_german_preview_and_the_page_of_its_run_say_all_of_it_in_german(steward: Client, tmp_path: Path) -> None:
    rows = [contact("a", team="neu-1"), contact("b", team="neu-2", queue="linie")]
    put(tmp_path / "1.csv", rows)
    run = ImportRun.objects.latest("pk")
    told = "2 new teams: neu-1, neu-2; they belong to site harbour until an administrator moves them"
    assert run.facts["new_codes"] == [told, "2 new queues: care, linie"], "systems get English"
    assert run.facts["evidence"]["encoding"] == "utf-8: no mark; every line is checked to be valid UTF-8"
    page = steward.get(f"/data/runs/{run.pk}/", **GERMAN)  # type: ignore[arg-type]
    assert english(page) == []
    text = page.content.decode()
    assert "2 neue Teams: neu-1, neu-2; sie gehören zum Standort" in text
    assert "keine Markierung; für jede Zeile wird geprüft" in text
    file = SimpleUploadedFile("2.csv", (tmp_path / "1.csv").read_bytes().replace(b"neu-1", b"neu-3"))
    shown: Any = steward.post("/data/send/", {"source": "interactions_csv", "file": file}, **GERMAN)  # type: ignore[arg-type]
    assert english(shown) == []
    assert "1 neues Team: neu-3" in shown.content.decode()


def test_an_import_at_a_keyboard_and_its_json_hold_each_sentence_once_and_in_english(centre: Team, tmp_path: Path) -> None:  # noqa: F811
    outcome = put(tmp_path / "1.csv", [contact("a", team="neu-1")])
    with translation.override("de"):
        assert any("1 new team: neu-1" in line for line in as_text(outcome, "1.csv"))
        told = as_object(outcome)["facts"]
    assert told["evidence"]["encoding"].startswith("utf-8: no mark")
    assert not {name for name in told if name.endswith("_said")}


def test_facts_that_were_kept_before_stand_as_they_were_written(centre: Team) -> None:  # noqa: F811
    run = factories.ImportRunFactory(facts={"evidence": {"encoding": "utf-8: chosen for the source"}, "new_codes": ["1 new team: x"]})
    with translation.override("de"):
        assert ingest.seen_in(run.facts) == [("Zeichensatz", "utf-8: chosen for the source", "en")], "and say in which language"
        assert ingest.new_of(run.facts) == ["1 new team: x"]
        assert ingest.seen_in({}) == ingest.new_of({}) == []


def test_every_kind_of_new_word_has_its_german() -> None:
    with translation.override("de"):
        assert [text for pair in (*NEW.values(), OTHER) for text in pair if translation.gettext(text) == text] == []
