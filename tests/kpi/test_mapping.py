"""A mapping as data and the source that comes of it: what it reads, what it refuses, which version a file keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kpi import ingest
from kpi.intake.correcting import send_corrected
from kpi.mapping import stored
from kpi.mapping.dialect import find_delimited, find_encoded
from kpi.mapping.profile import profile
from kpi.mapping.spec import Fill, Spec, as_dict, from_dict, from_yaml, records, to_yaml
from kpi.mapping.suggest import propose, propose_unit
from kpi.models import ImportRun, Interaction, RejectedRow, Site
from kpi.models.published import Fixed
from kpi.source import DateOrder, Refused
from staffing.models import AgentDay
from tests import factories
from tests.kpi.reading_help import Read, read

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "real"
HEAD = "Nr;Datum;Uhrzeit;Kanal;Gruppe;Berater;Dauer;Ergebnis"
SPEC = Spec(
    record="interactions_csv", label="Anlage", encoding="cp1252", delimiter=";", zone="Europe/Berlin", date_order=DateOrder.DAY_FIRST,
    decimal_comma=True, empty=("-",),
    fills=(
        Fill("external_id", "Nr"), Fill("started_at", "Datum", "Uhrzeit"), Fill("channel", "Kanal", values={"Telefon": "voice"}),
        Fill("queue", "Gruppe"), Fill("agent", "Berater"), Fill("talk_s", "Dauer", unit="h:mm:ss"),
        Fill("resolved", "Ergebnis", values={"gelöst": "true", "offen": ""}),
        Fill("abandoned", "Ergebnis", values={"gelöst": "false", "offen": "false", "aufgelegt": "true"}),
    ),
)  # fmt: skip


@pytest.fixture
def sent(tmp_path: Path) -> Callable[..., Path]:
    def make(*rows: str, head: str = HEAD, encoding: str = "cp1252", name: str = "anlage.csv") -> Path:
        path = tmp_path / name
        path.write_bytes("\r\n".join((head, *rows)).encode(encoding))
        return path

    return make


def read_with(path: Path, spec: Spec = SPEC) -> Read:
    return read(path, stored.build("anlage", spec))


def stored_from(path: Path) -> ImportRun:
    run, _existed = ingest.open_run(path, "anlage")
    ingest.store(run.pk)
    return ImportRun.objects.get(pk=run.pk)


def test_every_cell_is_read_as_the_mapping_says(sent: Callable[..., Path]) -> None:
    found = read_with(sent("1;31.10.2026;9:05:10;Telefon;A;Änne;0:04:30;gelöst", "2;1.11.26;10:00;Chat;A;-;-;offen"))
    first, second = found.accepted.sort("external_id").rows(named=True)
    assert str(first["started_at"]) == "2026-10-31 08:05:10+00:00"
    assert (first["channel"], first["talk_s"], first["resolved"], first["abandoned"]) == ("voice", 270.0, True, False)
    assert str(second["started_at"]) == "2026-11-01 09:00:00+00:00"
    assert (second["channel"], second["agent"], second["talk_s"], second["resolved"], second["abandoned"]) == (
        "Chat",
        None,
        None,
        None,
        False,
    )


def test_what_the_mapping_does_not_know_is_rejected_by_name_and_persons_stay_hidden(sent: Callable[..., Path]) -> None:
    found = read_with(
        sent("1;31.10.2026;9:05;-;A;Änne;0:04:30;gelöst", "2;31.10.2026;9:05;Chat;A;Änne;4:30;gelöst", "3;31.10.2026;9:05;Chat;A;Ä;;ja")
    )
    assert found.problems == [(2, "Kanal", "missing"), (3, "Dauer", "not_a_duration"), (4, "Ergebnis", "unknown_value")]
    assert "gelöst, offen" in found.rejected[2].expected
    assert found.rejected[0].row["Berater"].startswith("pseudonym:")


@pytest.mark.parametrize(
    ("unit", "text", "seconds"),
    [
        ("milliseconds", "1500", 1.5),
        ("minutes", "2,5", 150.0),
        ("hours", "0,5", 1800.0),
        ("m:ss", "90:30", 5430.0),
        ("h:mm", "1:30", 5400.0),
    ],
)
def test_durations_come_in_the_unit_that_was_said(sent: Callable[..., Path], unit: str, text: str, seconds: float) -> None:
    spec = replace(SPEC, fills=tuple(replace(item, unit=unit) if item.field == "talk_s" else item for item in SPEC.fills))
    found = read_with(sent(f"1;31.10.2026;9:05;Chat;A;Änne;{text};gelöst", "2;31.10.2026;9:05;Chat;A;Änne;1.5;gelöst"), spec)
    assert found.accepted["talk_s"].to_list() == [seconds]
    assert len(found.rejected) == 1


def test_dates_against_the_mapping_refuse_the_file_with_the_row(sent: Callable[..., Path]) -> None:
    rest = "9:05;Chat;A;Ä;;gelöst"
    with pytest.raises(Refused, match=r"line 3, Datum: “10\.31\.2026” contradicts the mapping"):
        read_with(sent(f"1;01.02.2026;{rest}", f"2;10.31.2026;{rest}"))
    with pytest.raises(Refused, match=r"31\.10\.2026 in line 2 \(Datum\) can only be day-first, 10\.31\.2026 in line 3"):
        read_with(sent(f"1;31.10.2026;{rest}", f"2;10.31.2026;{rest}"))


def test_a_mapped_column_that_is_gone_refuses_the_file_and_another_encoding_too(sent: Callable[..., Path]) -> None:
    with pytest.raises(Refused, match="“Berater” is missing"):
        read_with(sent("1;1.1.2026;9:05;Chat;A;;;", head=HEAD.replace("Berater", "Agent")))
    with pytest.raises(Refused, match="begins with the mark of utf-8"):
        read_with(sent("1;1.1.2026;9:05;Chat;A;;;", encoding="utf-8-sig"))


def test_yaml_brings_back_the_very_mapping_and_says_what_is_wrong_in_one() -> None:
    assert from_yaml(to_yaml("anlage", 3, SPEC).encode()) == ("anlage", SPEC)
    good = as_dict(SPEC)
    for change, words in (
        ({"record": "wellbeing_answers_csv"}, "record is one of"),
        ({"zone": "Berlin"}, "no time zone|not a time zone"),
        ({"date_order": "unknown"}, "date_order is"),
        ({"colums": []}, "no part of a mapping"),
        ({"columns": good["columns"][1:]}, "“external_id” has to be filled"),
        ({"columns": [*good["columns"], {"field": "queue", "column": "X"}]}, "filled twice"),
        ({"columns": [*good["columns"], {"field": "wait_s", "column": "X"}]}, "needs its unit"),
        ({"columns": [*good["columns"], {"field": "customer_sentiment", "column": "Agent mood"}]}, "emotion or sentiment"),
        ({"columns": [*good["columns"], {"field": "handled_by", "column": "X", "values": {"Bot": "robot"}}]}, "is nothing"),
        ({"constants": {"customer": "Anna"}}, "cannot be the same"),
        ({"empty": [1]}, "list of texts"),
    ):
        with pytest.raises(Refused, match=words):
            from_dict({**good, **change})
    for text in (b"a: [", b"- 1", b"\xff", b"counterweight_mapping: 1\nvalues: {a: &a [*a]}"):
        with pytest.raises(Refused):
            from_yaml(text)


def test_a_version_is_never_changed_and_a_file_keeps_the_one_it_was_read_with(
    site: Site, sent: Callable[..., Path], bells: list[int]
) -> None:
    path = sent("1;31.10.2026;9:05:10;Telefon;A;Änne;0:04:30;gelöst", "2;31.10.2026;9:05;Chat;A;Änne;zwei;gelöst")
    first, new = stored.save("anlage", SPEC, None)
    assert (first.number, new, stored.save("anlage", SPEC, None)) == (1, True, (first, False))
    run = stored_from(path)
    assert (run.new, run.rejected, run.mapping) == (1, 1, first)
    second, _new = stored.save("anlage", replace(SPEC, zone="Europe/Lisbon"), None)
    with pytest.raises(Fixed):
        first.save()
    again = stored_from(path)  # the same bytes, read in another way
    assert (again.pk != run.pk, again.changed, again.mapping) == (True, 1, second)
    assert ImportRun.objects.get(pk=run.pk).mapping == first
    assert ingest.open_run(path, "anlage") == (again, True)
    row = RejectedRow.objects.get(run=run)
    corrected, _existed = send_corrected(run, {row.line: {"Dauer": "0:02:00"}}, factories.UserFactory())
    ingest.store(corrected.pk)
    corrected.refresh_from_db()
    assert (corrected.mapping, corrected.new, corrected.message) == (first, 1, "1 new, 0 changed, 0 unchanged, 0 repeated, 0 rejected.")
    with pytest.raises(Refused, match="make a new version"):
        ingest.open_run(path, "anlage", chosen=ingest.Chosen(zone="UTC"))
    assert ingest.take_back(ImportRun.objects.get(pk=run.pk)).deleted == 1
    assert list(Interaction.objects.values_list("external_id", flat=True)) == ["2"]


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr("kpi.tasks.ring", lambda task, *ids: rung.extend(ids))
    return rung


def test_what_kind_of_text_a_file_is_stands_there_with_what_shows_it(sent: Callable[..., Path]) -> None:
    encoded = find_encoded(sent("1;1.1.2026;9:05;Chat;Störung;;;"))
    assert (encoded.name, "line 2 has the byte 0xF6" in encoded.why) == ("", True)
    assert next((reads.encoding, reads.words) for reads in encoded.choices) == ("cp1252", ("Störung",))
    assert find_encoded(sent("1", encoding="utf-16")).name == "utf-16-le"
    delimited = find_delimited(sent("1;1,1;9:05;Chat;A;;;"), "cp1252")
    assert (delimited.mark, "the first line and 1 of the next 1 have 8 columns" in delimited.why) == (";", True)
    assert find_delimited(sent("1;a,b", "2;c,d", head="x;y,z"), "utf-8").mark == ""
    with pytest.raises(Refused, match="Delete them"):
        find_delimited(sent(HEAD, *["1;1.1.2026;9:05;Chat;A;;;"] * 9, head="Bericht vom 1.1.2026"), "cp1252")


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_real_files_get_the_proposals_a_person_would_make(db: None) -> None:
    path = REAL / "interactions" / "pwc_call_center_2021-01_to_02.csv"
    found = profile(path, find_encoded(path).name, find_delimited(path, "utf-8").mark)
    proposals = propose(records()["interactions_csv"], found)
    assert {name: (item.column, item.clock) for name, item in proposals.items()} == {
        "external_id": ("Call Id", ""), "started_at": ("Date", "Time"), "agent": ("Agent", ""), "intent": ("Topic", ""),
        "abandoned": ("Answered (Y/N)", ""), "resolved": ("Resolved", ""), "wait_s": ("Speed of answer in seconds", ""),
        "talk_s": ("AvgTalkDuration", ""),
    }  # fmt: skip
    assert propose_unit("wait_s", found.of("Speed of answer in seconds"))[0] == "seconds"  # type: ignore[arg-type]
    fills = tuple(
        Fill(name, item.column, item.clock, unit={"wait_s": "seconds", "talk_s": "h:mm:ss"}.get(name, ""),
             values={"Y": "false", "N": "true"} if name == "abandoned" else {})
        for name, item in proposals.items()
    )  # fmt: skip
    spec = Spec("interactions_csv", zone="UTC", fills=fills, constants={"channel": "voice", "queue": "main"})
    read_rows = read_with(path, spec)
    assert (read_rows.accepted.height, read_rows.rejected) == (3388, ())
    assert read_rows.accepted["abandoned"].sum() == 3388 - 2753


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_working_days_of_a_real_telephone_system_are_mapped_with_their_offsets(db: None) -> None:
    path = REAL / "interactions" / "telephony_operator_days_a.csv.gz"
    found = profile(path, "utf-8", ",")
    assert {name: item.column for name, item in propose(records()["agent_days_csv"], found).items()} == {
        "day": "date",
        "agent": "operator_id",
    }
    assert AgentDay._meta.label == records()["agent_days_csv"].stores
