"""Names of columns as contact centres write them, in English and German: which field a column is proposed for."""

from __future__ import annotations

import gzip
from itertools import islice
from pathlib import Path

import pytest

from kpi.mapping.profile import profile
from kpi.mapping.spec import records
from kpi.mapping.suggest import propose
from kpi.mapping.synonyms import SYNONYMS

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "real"
MOMENT, LATER, NUMBER, CLOCK, ID, WORD, NAME = "2026-10-01 09:05:10", "2026-10-01 09:09:10", "12", "0:04:30", "V%d", "Telefon", "Person %d"
# System, one row of its file as (name of the column, what stands there, field it is proposed for; "" for none).
SYSTEMS: dict[str, list[tuple[str, str, str]]] = {
    "a German telephone system": [
        ("Vorgangs-Nr", ID, "external_id"), ("Eingang am", MOMENT, "started_at"), ("Annahme", LATER, "human_reached_at"),
        ("Beendet am", LATER, "ended_at"), ("Kanal", WORD, "channel"), ("Warteschlange", WORD, "queue"), ("Bearbeiter", NAME, "agent"),
        ("Kunde-Nr", NAME, "customer"), ("Anliegen", WORD, "intent"), ("Gesprächsdauer", CLOCK, "talk_s"), ("Wartezeit", NUMBER, "wait_s"),
        ("Nachbearbeitungszeit", NUMBER, "wrap_s"), ("Haltezeit", NUMBER, "hold_s"), ("Weiterleitungen", "1", "transfers"),
        ("Erledigt", "ja", "resolved"), ("Abteilung", WORD, "team"),
    ],
    "a German system of tickets": [
        ("Ticketnummer", ID, "external_id"), ("Erstellt am", MOMENT, "started_at"), ("Geschlossen am", LATER, "ended_at"),
        ("Eingangskanal", WORD, "channel"), ("Bearbeitungsgruppe", WORD, "queue"), ("Zuständig", NAME, "agent"),
        ("Kundennummer", NAME, "customer"), ("Kategorie", WORD, "intent"), ("Gelöst", "ja", "resolved"), ("Sprache", "de", "language"),
    ],
    "only the moment of acceptance": [("Anruf-ID", ID, "external_id"), ("Annahme", MOMENT, "started_at"), ("Rufgruppe", WORD, "queue")],
    "Amazon Connect": [
        ("ContactId", ID, "external_id"), ("InitiationTimestamp", MOMENT, "started_at"), ("DisconnectTimestamp", LATER, "ended_at"),
        ("Channel", WORD, "channel"), ("Queue.Name", WORD, "queue"), ("Queue.Duration", NUMBER, "wait_s"),
        ("Agent.Username", NAME, "agent"), ("Agent.ConnectedToAgentTimestamp", LATER, "human_reached_at"),
        ("Agent.AgentInteractionDuration", NUMBER, "talk_s"), ("Agent.CustomerHoldDuration", NUMBER, "hold_s"),
        ("Agent.AfterContactWorkDuration", NUMBER, "wrap_s"), ("CustomerEndpoint.Address", NAME, "customer"),
    ],
    "Genesys Cloud": [
        ("Conversation ID", ID, "external_id"), ("Date", MOMENT, "started_at"), ("Media Type", WORD, "channel"),
        ("First Queue", WORD, "queue"),
        ("Users", NAME, "agent"), ("Total Queue", NUMBER, "wait_s"), ("Total Handle", NUMBER, "talk_s"), ("Total Hold", NUMBER, "hold_s"),
        ("Wrap-up", WORD, "intent"), ("ANI", NAME, "customer"),
    ],
    "Zendesk": [
        ("id", ID, "external_id"), ("created_at", MOMENT, "started_at"), ("solved_at", LATER, "ended_at"), ("via_channel", WORD, "channel"),
        ("group_id", WORD, "queue"), ("assignee_id", NAME, "agent"), ("requester_id", NAME, "customer"),
    ],
    "Salesforce": [
        ("CaseNumber", ID, "external_id"), ("CreatedDate", MOMENT, "started_at"), ("ClosedDate", LATER, "ended_at"),
        ("Origin", WORD, "channel"),
        ("Queue: Name", WORD, "queue"), ("User: Full Name", NAME, "agent"), ("Reason", WORD, "intent"), ("SpeedToAnswer", NUMBER, "wait_s"),
        ("HandleTime", NUMBER, "talk_s"),
    ],
    "Freshdesk": [
        ("Ticket ID", ID, "external_id"), ("Created time", MOMENT, "started_at"), ("Resolved time", LATER, "ended_at"),
        ("Source", WORD, "channel"), ("Group", WORD, "queue"), ("Responder ID", NAME, "agent"), ("Type", WORD, "intent"),
    ],
    "Five9": [
        ("CALL ID", ID, "external_id"), ("TIMESTAMP", MOMENT, "started_at"), ("CAMPAIGN", WORD, "queue"), ("AGENT", NAME, "agent"),
        ("DISPOSITION", WORD, "intent"), ("ANI", NAME, "customer"), ("QUEUE WAIT TIME", CLOCK, "wait_s"), ("TALK TIME", CLOCK, "talk_s"),
        ("HOLD TIME", CLOCK, "hold_s"), ("AFTER CALL WORK TIME", CLOCK, "wrap_s"), ("TRANSFERS", "1", "transfers"),
        ("ABANDONED", "0", "abandoned"), ("COST", NUMBER, ""),
    ],
    "NICE CXone": [
        ("contactId", ID, "external_id"), ("contactStart", MOMENT, "started_at"), ("mediaTypeName", WORD, "channel"),
        ("skillName", WORD, "queue"), ("agentId", NAME, "agent"), ("inQueueSeconds", NUMBER, "wait_s"), ("agentSeconds", NUMBER, "talk_s"),
        ("holdSeconds", NUMBER, "hold_s"), ("ACWSeconds", NUMBER, "wrap_s"), ("primaryDispositionId", WORD, "intent"),
        ("fromAddr", NAME, "customer"), ("abandoned", "False", "abandoned"),
    ],
    "Twilio Flex Insights": [
        ("Segment ID", ID, "external_id"), ("Date", MOMENT, "started_at"), ("Media", WORD, "channel"), ("Queue", WORD, "queue"),
        ("Agent", NAME, "agent"), ("Queue Time", NUMBER, "wait_s"), ("Talk Time", NUMBER, "talk_s"), ("Wrap Up Time", NUMBER, "wrap_s"),
        ("Hold Time", NUMBER, "hold_s"), ("Abandoned", "0", "abandoned"),
    ],
    "the file of a bank": [
        ("call_id", ID, "external_id"), ("customer_id", NAME, "customer"), ("vru_entry", MOMENT, "started_at"), ("type", WORD, "intent"),
        ("q_time", NUMBER, "wait_s"), ("ser_time", NUMBER, "talk_s"), ("server", NAME, "agent"),
    ],
    "a log of incidents": [
        ("number", ID, "external_id"), ("opened_at", MOMENT, "started_at"), ("closed_at", LATER, "ended_at"),
        ("contact_type", WORD, "channel"),
        ("assignment_group", WORD, "queue"), ("assigned_to", NAME, "agent"), ("caller_id", NAME, "customer"), ("category", WORD, "intent"),
    ],
}  # fmt: skip
ANSWERS: dict[str, list[tuple[str, str, str]]] = {
    "Chatwoot": [
        ("Rating", "5", "score"), ("Feedback", NAME, "comment"), ("Recorded at", MOMENT, "answered_at"),
        ("Link to the conversation", ID, "interaction_ref"),
    ],
    "Qualtrics": [("ResponseId", ID, "external_id"), ("RecordedDate", MOMENT, "answered_at"), ("ExternalReference", ID, "interaction_ref")],
    "a German survey": [
        ("Vorgangsnummer", ID, "interaction_ref"), ("Beantwortet am", MOMENT, "answered_at"), ("Bewertung", "5", "score"),
        ("Bemerkung", NAME, "comment"),
    ],
}  # fmt: skip
CASES = [("interactions_csv", name, rows) for name, rows in SYSTEMS.items()]
CASES += [("customer_answers_csv", name, rows) for name, rows in ANSWERS.items()]


@pytest.mark.parametrize(("record", "system", "columns"), CASES, ids=[name for _record, name, _rows in CASES])
def test_each_column_is_proposed_for_what_it_means(record: str, system: str, columns: list[tuple[str, str, str]], tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    lines = [[text % number if "%d" in text else text for _name, text, _field in columns] for number in range(60)]
    path.write_text("\n".join(";".join(line) for line in [[name for name, _text, _field in columns], *lines]))
    found = propose(records()[record], profile(path, "utf-8", ";"))
    proposed = {proposal.column: name for name, proposal in found.items()}
    assert {name: proposed.get(name, "") for name, _text, _field in columns} == {name: field for name, _text, field in columns}


def test_what_may_name_people_is_proposed_for_no_field_whose_words_are_shown_or_stored_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    lines = [f"V{number};{MOMENT};Ann {number % 7};About Ann {number % 7};AI" for number in range(60)]
    path.write_text("\n".join(["number;opened_at;resolved_by;subject;handled_by", *lines]))
    found = propose(records()["interactions_csv"], profile(path, "utf-8", ";"))
    assert {"resolved_by", "subject"} & {proposal.column for proposal in found.values()} == set()
    assert found["handled_by"].column == "handled_by"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
def test_real_files_are_proposed_as_a_person_would(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    with gzip.open(REAL / "interactions" / "incident_event_log_part1.csv.gz", "rt") as packed:
        log.write_text("".join(islice(packed, 300)))
    for path, proposed in (
        (log, {
            "external_id": "number", "started_at": "opened_at", "ended_at": "closed_at", "channel": "contact_type", "intent": "category",
            "queue": "assignment_group", "agent": "assigned_to", "customer": "caller_id",
        }),
        (REAL / "platform-samples" / "transcribed" / "five9_call_log.csv", {
            "external_id": "CALL ID", "queue": "CAMPAIGN", "intent": "DISPOSITION", "agent": "AGENT", "customer": "ANI",
            "wait_s": "QUEUE WAIT TIME", "talk_s": "TALK TIME", "hold_s": "HOLD TIME", "wrap_s": "AFTER CALL WORK TIME",
        }),
        (REAL / "platform-samples" / "zendesk_fivetran" / "ticket_data.csv", {
            "external_id": "id", "started_at": "created_at", "channel": "via_channel", "queue": "group_id", "agent": "assignee_id",
            "customer": "requester_id",
        }),
    ):  # fmt: skip
        found = propose(records()["interactions_csv"], profile(path, "utf-8", ","))
        assert {name: found[name].column if name in found else "" for name in proposed} == proposed, path.name


def test_a_word_stands_once_for_a_field_and_is_written_as_it_is_looked_up() -> None:
    words = {field: text.split() for field, text in SYNONYMS.items()}
    assert {field: [word for word in told if told.count(word) > 1] for field, told in words.items() if len(set(told)) < len(told)} == {}
    assert [word for told in words.values() for word in told if not (word.isascii() and word.isalnum() and word == word.lower())] == []
