"""Vendors' files in the database: the same records twice are 0 new and 0 changed, whatever form the file has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kpi import ingest
from kpi.models import CustomerAnswer, Interaction, Invitation
from kpi.source import Fates
from tests.kpi import test_sources_calls as calls
from tests.kpi import test_sources_surveys as surveys
from tests.kpi import test_sources_tickets as tickets
from tests.kpi.vendor_help import SAMPLES, needs_samples, rows

pytestmark = pytest.mark.django_db
CHOSEN = ingest.Chosen(zone="UTC")
QUALTRICS = rows(surveys.QUALTRICS, surveys.TEXTS, surveys.IDS, surveys.response("R_1", "5"), surveys.response("R_2", "4"))
FILES: dict[str, tuple[Any, int]] = {
    "genesys_conversations": ({"conversations": [calls.conversation(calls.CUSTOMER, calls.BOT, calls.QUEUE, calls.AGENT)]}, 1),
    "nice_cxone_contacts": (calls.page(calls.contact("1"), calls.contact("2")), 1),
    "five9_call_log": (calls.calls(calls.ONE, calls.ONE), 1),
    "zendesk_tickets": ({"tickets": [tickets.TICKET, {**tickets.TICKET, "id": 2}]}, 2),
    "intercom_conversations": ({"conversations": [tickets.conversation("a"), tickets.conversation("b")]}, 2),
    "qualtrics_csat": (QUALTRICS, 2),
}


def put(folder: Path, key: str, text: str) -> Fates:
    path = folder / f"{key}.txt"
    path.write_text(text)
    run, existed = ingest.open_run(path, key, chosen=CHOSEN)
    outcome = ingest.same(run) if existed else ingest.store(run.pk)
    assert outcome.state in ("done", "same"), outcome.message
    return outcome.fates


@pytest.mark.parametrize("key", FILES)
def test_the_same_records_twice_change_nothing(key, tmp_path):
    content, count = FILES[key]
    text = content if isinstance(content, str) else json.dumps(content)
    again = text + "\n" if isinstance(content, str) else json.dumps(content, indent=1)
    first = put(tmp_path, key, text)
    assert (first.new, first.changed, first.rejected) == (count, 0, 0)
    for fates in (put(tmp_path, key, text), put(tmp_path, key, again)):
        assert (fates.new, fates.changed, fates.unchanged) == (0, 0, count)
        assert fates.lines == first.lines


def test_ratings_come_along_with_their_tickets_and_invitations_with_their_ratings(tmp_path):
    put(tmp_path, "zendesk_tickets", json.dumps({"tickets": [tickets.TICKET]}))
    assert CustomerAnswer.objects.get().interaction_ref == Interaction.objects.get().external_id == "35436"
    rating = {"id": 1, "ticket_id": 9, "score": "offered", "created_at": "2026-11-20T09:00:00Z", "updated_at": "2026-11-20T09:00:00Z"}
    good = {**rating, "id": 2, "score": "good", "updated_at": "2026-11-21T09:00:00Z"}
    assert put(tmp_path, "zendesk_ratings", json.dumps({"satisfaction_ratings": [rating, good]})) == Fates(lines=1, new=1)
    assert Invitation.objects.count() == 2


def test_where_a_format_does_not_name_its_legs_a_later_file_takes_the_place_of_what_was_stored(tmp_path):
    """Said in docs/sources.md: nobody can tell a correction from a further leg, so whole days are to be exported."""
    assert put(tmp_path, "five9_call_log", calls.calls(calls.ONE)).new == 1
    fates = put(tmp_path, "five9_call_log", calls.calls(calls.ONE, calls.ONE.replace("kim", "lee")))
    assert fates == Fates(lines=2, changed=1, joined=1)
    assert Interaction.objects.get().talk_s == 240


def test_a_contact_that_ends_before_it_begins_is_rejected_and_does_not_stop_the_file(tmp_path):
    wrong = calls.conversation(calls.CUSTOMER, conversationId="w", conversationEnd="2026-11-20T08:00:00.000Z")
    fates = put(tmp_path, "genesys_conversations", json.dumps({"conversations": [wrong, calls.conversation(calls.CUSTOMER)]}))
    assert (fates.new, fates.rejected) == (1, 1)


def test_a_file_of_sums_is_refused_with_its_sentence_and_nothing_is_stored(tmp_path):
    path = tmp_path / "days.csv"
    path.write_text("Fecha,Incoming Calls,Answered Calls,Abandoned Calls,Answer Speed (AVG)\n2026-01-01,217,204,13,17\n")
    outcome = ingest.store(ingest.open_run(path, "daily_volumes")[0].pk)
    assert outcome.state == "failed"
    assert "1 days from 2026-01-01 to 2026-01-01 with 217 calls offered, 204 answered and 13 abandoned" in outcome.message
    assert not Interaction.objects.exists()


@needs_samples
@pytest.mark.parametrize(
    ("key", "name", "new"),
    [
        ("amazon_connect", "transcribed/amazon_connect_contact_record.json", 1),
        ("nice_cxone_contacts", "transcribed/nice_cxone_completed_contacts.json", 1),
        ("zendesk_tickets", "zendesk_fivetran/ticket_data.csv", 8),
        ("intercom_conversations", "intercom_fivetran/conversation_history_data.csv", 2),
        ("freshdesk_ratings", "transcribed/freshdesk_satisfaction_ratings.json", 2),
    ],
)
def test_the_real_samples_are_stored_once(key, name, new, tmp_path):
    text = (SAMPLES / name).read_text()
    assert put(tmp_path, key, text).new == new
    fates = put(tmp_path, key, text + "\n")
    assert (fates.new, fates.changed, fates.unchanged) == (0, 0, new)
