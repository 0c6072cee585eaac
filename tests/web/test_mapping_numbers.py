"""On the pages of a mapping: a number in two columns is proposed or chosen, and moments as numbers are asked for their unit alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from kpi import ingest, tasks
from kpi.models import ImportRun, Interaction, Site
from tests.web.test_data_pages import client_as
from tests.web.test_mapping_pages import begun, chosen

ROWS = (
    "Fall;Abschnitt;Beginn;Kanal;Gruppe",
    *(f"F{1 + number // 2};{1 + number % 2};{1772442900 + number};Chat;Pflege" for number in range(6)),
)


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "ring", lambda task, *ids: None)


@pytest.fixture
def steward(site: Site) -> Client:
    return client_as("steward")


def row(page: Any, name: str) -> Any:
    return next(row for row in page.context["rows"] if row.name == name)


def sent(page: Any, **more: str) -> dict[str, str]:
    """The form as it stands, with the further columns of the number."""
    parts = {f"more-external_id-{place}": name for place, name in enumerate(row(page, "external_id").more)}
    return {**chosen(page), "column-queue": "Gruppe", **parts, **more}


def test_both_are_proposed_and_what_would_be_stored_is_shown(steward: Client) -> None:
    address = begun(steward, *ROWS)["Location"]
    columns = steward.get(address)
    number = row(columns, "external_id")
    assert (number.chosen, number.more[0]) == ("Fall", "Abschnitt")
    assert "Fall alone stands in several rows, together with Abschnitt in one" in columns.content.decode()
    cells = steward.get(steward.post(address, sent(columns))["Location"])
    [unit] = cells.context["page"].units
    assert (unit.name, unit.chosen, cells.context["page"].zone.needed) == ("started_at", "epoch_s", False)
    last = steward.post(cells.request["PATH_INFO"], {"unit-started_at": "epoch_s", "word-channel-0": ""})
    assert last.status_code == 302, cells.content.decode()
    page = steward.get(last["Location"]).content.decode()
    assert "F1|2" in page
    assert "2 Mar 2026, 09:15:01 UTC" in page
    steward.post(last["Location"], {"label": "Fälle", "key": "cases", "then": "store"})
    ingest.store(ImportRun.objects.get().pk)
    assert Interaction.objects.count() == 6
    kept = steward.get("/data/mappings/cases/").content.decode()
    assert "Fall + Abschnitt" in kept
    assert "seconds since 1970, as a number" in kept


def test_both_are_chosen_by_hand_and_what_cannot_be_is_said(steward: Client) -> None:
    address = begun(steward, *[text.replace("Abschnitt", "Zusatz") for text in ROWS])["Location"]
    columns = steward.get(address)
    assert row(columns, "external_id").more == ["", ""]
    twice = steward.post(address, sent(columns, **{"more-external_id-0": "Fall"}))
    assert (twice.status_code, row(twice, "external_id").error) == (400, "Choose each column once, beginning with the first.")
    gone = steward.post(address, sent(columns, **{"more-external_id-0": "Bein"}))
    assert row(gone, "external_id").error == "This column is not in the file."
    cells = steward.post(address, sent(columns, **{"more-external_id-0": "Zusatz"}))["Location"]
    answer = steward.post(cells, {"word-channel-0": ""})
    assert (answer.status_code, answer.context["page"].units[0].error) == (400, "Say in which unit this column is.")
    wrong = steward.post(cells, {"unit-started_at": "epoch_ms", "word-channel-0": ""})
    assert "a year from 1990 on" in steward.get(wrong["Location"]).content.decode()
    assert row(steward.get(address), "external_id").more == ["Zusatz", ""]


def test_the_questions_are_asked_in_german_too(steward: Client) -> None:
    address = begun(steward, *ROWS)["Location"]
    german = {"headers": {"Accept-Language": "de"}}
    columns = steward.get(address, **german)  # type: ignore[arg-type]
    assert "zusammen mit" in columns.content.decode()
    cells = steward.get(steward.post(address, sent(columns))["Location"], **german)  # type: ignore[arg-type]
    assert "Sekunden seit 1970, als Zahl" in cells.content.decode()
