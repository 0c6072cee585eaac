"""Mapping a file nobody wrote a source for, on the pages: from the file to its rows, with everything said and nothing guessed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kpi import ingest, tasks
from kpi.models import DataSource, ImportRun, Interaction, Site, SourceMapping
from tests import factories
from tests.web.test_data_pages import client_as, inbox

ROWS = (
    "Vorgangs-Nr;Rufdatum;Uhrzeit;Kontaktkanal;Rufgruppe;Bearbeiter;Gesprächsdauer;Nachbearbeitung;Ergebnis",
    "V1;01.10.2026;9:05:10;Telefon;Störung;Jürgen Groß;0:04:30;12,5;gelöst",
    "V2;02.10.2026;10:15:00;Chat;Störung;-;0:10:00;-;offen",
    "V3;13.10.2026;10:15:00;Telefon;Verträge;Änne Weiß;gleich;60;gelöst",
)
CELLS = {
    "zone": "Europe/Berlin", "unit-talk_s": "h:mm:ss", "unit-wrap_s": "seconds", "nothing": ["-"], "word-channel-0": "voice",
    "word-resolved-0": "true", "word-resolved-1": "unknown", "word-abandoned-0": "false", "word-abandoned-1": "unknown",
}  # fmt: skip


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr(tasks, "ring", lambda task, *ids: rung.extend(ids))
    return rung


@pytest.fixture
def steward(db: None) -> Client:
    return client_as("steward")


def begun(client: Client, *rows: str, encoding: str = "utf-16", record: str = "interactions_csv", query: str = "") -> Any:
    content = "\r\n".join(rows or ROWS).encode(encoding)
    return client.post(f"/data/map/{query}", {"record": record, "file": SimpleUploadedFile("anlage.csv", content)})


def chosen(page: Any) -> dict[str, str]:
    """What the form would send as it stands."""
    parts = (("column", "chosen"), ("clock", "clock"), ("same", "same"))
    sent = {f"{part}-{row.name}": getattr(row, at) for row in page.context["rows"] for part, at in parts}
    return {name: text for name, text in sent.items() if text}


def mapped(client: Client, *rows: str, cells: dict[str, Any] = CELLS, **more: str) -> str:
    """Up to the last step; its address."""
    columns = begun(client, *rows, **more)["Location"]
    answer = client.post(columns, chosen(client.get(columns)))
    assert answer.status_code == 302, answer.context["wrong"]
    answer = client.post(answer["Location"], cells)
    assert answer.status_code == 302, re.findall(r'class="wrong"[^>]*>([^<]*)', answer.content.decode())
    return str(answer["Location"])


def test_an_unseen_file_is_mapped_step_by_step_and_its_rows_come_in(site: Site, steward: Client, bells: list[int]) -> None:
    last = mapped(steward)
    page = steward.get(last).content.decode()
    assert "Of 3 lines 2 are new" in page, page[page.index("<main") :][:6000]
    assert "1 Oct 2026, 07:05:10 UTC" in page
    assert "a duration such as" in page
    assert "Groß" not in page
    assert (SourceMapping.objects.count(), ImportRun.objects.count(), DataSource.objects.count()) == (0, 0, 0)
    steward.post(last, {"label": "Anlage", "key": "anlage", "then": "store"})
    run = ImportRun.objects.get()
    assert bells == [run.pk]
    ingest.store(run.pk)
    rows = Interaction.objects.order_by("external_id").values_list(
        "external_id", "channel__code", "talk_s", "wrap_s", "resolved", "abandoned"
    )
    assert list(rows) == [("V1", "voice", 270.0, 12.5, True, False), ("V2", "Chat", 600.0, None, None, None)]
    assert Interaction.objects.get(external_id="V2").agent is None
    assert inbox() == []


def wrong(page: Any) -> str:
    return " ".join(re.findall(r'class="wrong"[^>]*>([^<]*)', page.content.decode()))


def cells_of(client: Client, *rows: str) -> str:
    """The step of the cells, reached with what is proposed."""
    columns = begun(client, *rows)["Location"]
    return str(client.post(columns, chosen(client.get(columns)))["Location"])


def test_dates_that_leave_their_order_open_are_asked_for_with_the_rows_that_show_it(site: Site, steward: Client) -> None:
    cells = cells_of(steward, *ROWS[:3])
    assert "01.10.2026 in line 2 (Rufdatum)" in steward.get(cells).content.decode()
    answer = steward.post(cells, CELLS)
    assert (answer.status_code, "Say whether day or month comes first." in wrong(answer)) == (400, True)
    last = steward.post(cells, {**CELLS, "order": "month_first"})["Location"]
    assert "10 Jan 2026, 08:05:10 UTC" in steward.get(last).content.decode()


def test_dates_that_contradict_each_other_stop_the_mapping_and_both_rows_are_named(site: Site, steward: Client) -> None:
    cells = cells_of(steward, *ROWS, ROWS[1].replace("V1", "V9").replace("01.10", "10.31"))
    answer = steward.post(cells, {**CELLS, "order": "day_first"})
    assert "13.10.2026 in line 4 (Rufdatum) can only be day-first, 10.31.2026 in line 5 (Rufdatum) only month-first" in wrong(answer)
    assert answer.status_code == 400


def test_a_zone_units_and_words_have_to_be_said(site: Site, steward: Client) -> None:
    cells = cells_of(steward)
    for name, words in (
        ("zone", "Say in which time zone"),
        ("unit-wrap_s", "Say in which unit"),
        ("word-resolved-1", "Say what this word means"),
        ("nothing", "nothing"),
    ):
        answer = steward.post(cells, {key: value for key, value in CELLS.items() if key != name})
        assert (words in wrong(answer)) == (name != "nothing"), name
    assert "“Berlin” is not a time zone; write one like Europe/Berlin." in wrong(steward.post(cells, {**CELLS, "zone": "Berlin"}))
    offered = re.findall(r'<option value="([A-Za-z_]+/[A-Za-z_]+|UTC)">', steward.get(cells).content.decode())
    assert (offered[0], "Asia/Manila" in offered) == (site.zone, True)


def test_hours_that_clocks_passed_twice_or_never_are_told_with_the_rows(site: Site, steward: Client) -> None:
    changed = (ROWS[1].replace("01.10.2026;9:05:10", "25.10.2026;2:30:00"), ROWS[2].replace("02.10.2026;10:15:00", "29.03.2026;2:30:00"))
    page = steward.get(mapped(steward, ROWS[0], *changed, ROWS[3])).content.decode()
    assert "1 line has a time in an hour that came twice" in page
    assert "25.10.2026 2:30:00 in line 2 (Rufdatum + Uhrzeit)" in page.replace(" 02:30", " 2:30")
    assert "1 line has a time in an hour that never was" in page


def test_an_encoding_is_chosen_by_its_words_and_a_feeling_of_an_agent_is_refused(site: Site, steward: Client) -> None:
    text = begun(steward, encoding="cp1252")["Location"]
    assert "Gesprächsdauer" in steward.get(text).content.decode()
    assert "Choose how the words" in wrong(steward.post(text))
    assert steward.post(text, {"encoding": "cp1252"})["Location"].endswith("/columns/")
    answer = begun(steward, ROWS[0] + ";Stimmung Berater", ROWS[1] + ";gut")
    assert (answer.status_code, "emotion or sentiment" in answer.content.decode()) == (400, True)


def test_what_is_needed_and_missing_is_named_and_a_constant_stands_in(site: Site, steward: Client) -> None:
    columns = begun(steward, "Zeit;Text", "2026-10-01 10:00:00;a")["Location"]
    answer = steward.post(columns, {})
    assert wrong(answer).count("This is needed.") == 4
    both = steward.post(columns, {"column-queue": "Text", "same-queue": "x", "column-started_at": "no such"})
    assert "not both" in wrong(both)
    assert "not in the file" in wrong(both)
    names = {
        "column-external_id": "Text",
        "column-started_at": "Zeit",
        "same-channel": "voice",
        "same-queue": "main",
        "same-resolved": "maybe",
    }
    assert "cannot stand in every row" in wrong(steward.post(columns, names))
    assert steward.post(columns, {**names, "same-resolved": "true"}).status_code == 302


def test_a_draft_is_of_one_session_and_a_reader_maps_nothing(site: Site, steward: Client) -> None:
    columns = begun(steward)["Location"]
    assert client_as("analyst").get(columns)["Location"] == "/data/map/"
    for role in ("executive", "manager", "representative"):
        client = client_as(role)
        assert {client.get(address).status_code for address in ("/data/map/", columns, "/data/map/yaml/")} == {404}
        assert begun(client).status_code == 404


def test_a_further_version_begins_with_the_one_before_and_keeps_its_key(site: Site, steward: Client, bells: list[int]) -> None:
    steward.post(mapped(steward), {"label": "Anlage", "key": "", "then": "keep"})
    assert (DataSource.objects.get().key, SourceMapping.objects.get().number, ImportRun.objects.count()) == ("anlage", 1, 0)
    columns = begun(steward, query="?key=anlage")["Location"]
    cells = steward.post(columns, chosen(steward.get(columns)))["Location"]
    assert 'value="Europe/Berlin"' in steward.get(cells).content.decode()
    last = steward.post(cells, {**CELLS, "zone": "Europe/Lisbon"})["Location"]
    steward.post(last, {"label": "Anlage", "note": "the clocks stand in Lisbon", "then": "store"})
    assert [version.content["zone"] for version in SourceMapping.objects.order_by("number")] == ["Europe/Berlin", "Europe/Lisbon"]
    assert ImportRun.objects.get().mapping.number == 2  # type: ignore[union-attr]
    page = steward.get("/data/mappings/anlage/").content.decode()
    assert "the clocks stand in Lisbon" in page
    steward.post("/data/mappings/anlage/1/hold/")
    assert SourceMapping.objects.order_by("number").last().content["zone"] == "Europe/Berlin"  # type: ignore[union-attr]


def test_a_mapping_goes_to_yaml_and_comes_back_as_a_source_of_its_own(site: Site, steward: Client) -> None:
    factories.SourceMappingFactory()
    text = steward.get("/data/mappings/old_phone/1.yaml").content
    for key, where in (("", "/data/mappings/old_phone/"), ("new_phone", "/data/mappings/new_phone/")):
        answer = steward.post("/data/map/yaml/", {"file": SimpleUploadedFile("m.yaml", text), "key": key})
        assert answer["Location"] == where
    assert SourceMapping.objects.count() == 2
    for key in ("interactions_csv", "No key", "../x"):
        answer = steward.post("/data/map/yaml/", {"file": SimpleUploadedFile("m.yaml", text), "key": key})
        assert (answer.status_code, bool(wrong(answer))) == (400, True)


def test_a_mapped_source_is_sent_to_like_any_other(site: Site, steward: Client, bells: list[int]) -> None:
    factories.SourceMappingFactory()
    rows = b"Nr;Datum;Uhrzeit;Kanal;Dauer\n1;31.10.2026;9:00;Telefon;0:01:00\n2;1.11.2026;9:00;Fax;0:01\n"
    looked = steward.post("/data/send/", {"source": "old_phone", "file": SimpleUploadedFile("night.csv", rows)})
    assert "Of 2 lines 1 are new" in looked.content.decode()
    assert (
        "which says this already"
        in steward.post(
            "/data/send/", {"source": "old_phone", "zone": "UTC", "file": SimpleUploadedFile("night.csv", rows)}
        ).content.decode()
    )
    steward.post("/data/send/", {"ticket": looked.context["looked"].ticket})
    run = ImportRun.objects.get()
    ingest.store(run.pk)
    assert list(Interaction.objects.values_list("external_id", "queue__code", "talk_s")) == [("1", "general", 60.0)]
    page = steward.get(f"/data/runs/{run.pk}/").content.decode()
    assert "/data/mappings/old_phone/?version=1" in page
    steward.post(f"/data/runs/{run.pk}/correct/", {"line": "3", "cell-3-Dauer": "0:01:30"})
    ingest.store(bells[-1])
    assert set(Interaction.objects.values_list("external_id", "channel__code", "talk_s")) == {("1", "voice", 60.0), ("2", "Fax", 90.0)}
