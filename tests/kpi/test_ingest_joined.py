"""Joined rows in an import: lines = new + changed + unchanged + repeated + joined + rejected, and nothing changes the second time."""

import json
from pathlib import Path

import pytest

from kpi import ingest
from kpi.models import ImportRun, Interaction
from kpi.source import Fates
from tests.kpi.test_sources_connect import leg, transferred

pytestmark = pytest.mark.django_db


def put(folder: Path, *records: object, again: bool = False) -> ingest.Outcome:
    path = folder / "contacts.json"
    path.write_text("".join(json.dumps(item) for item in records))
    run, existed = ingest.open_run(path, "amazon_connect", again=again)
    return ingest.same(run) if existed else ingest.store(run.pk)


def test_every_leg_has_a_fate_and_the_same_file_changes_nothing(tmp_path):
    legs = (*transferred(), leg("c3", "00:00", "01:00"))
    first = put(tmp_path, *legs)
    assert first.fates == Fates(lines=3, new=2, joined=1)
    assert first.message == "2 new, 0 changed, 0 unchanged, 0 repeated, 0 rejected, 1 joined."
    assert ImportRun.objects.get(pk=first.run).joined == 1
    assert put(tmp_path, *legs).message == f"same file as run {first.run}: 0 new, 0 changed, 2 unchanged"
    assert put(tmp_path, *legs, again=True).fates == Fates(lines=3, unchanged=2, joined=1)
    assert ingest.preview(tmp_path / "contacts.json", "amazon_connect").fates == Fates(lines=3, unchanged=2, joined=1)
    assert put(tmp_path, legs[2], legs[1], legs[0], legs[0]).fates == Fates(lines=4, unchanged=2, joined=2)


def test_legs_in_two_files_are_rejected_until_they_stand_in_one(tmp_path):
    """Half a contact is never stored, and a later half never takes the place of a whole one."""
    one, two = transferred()
    assert put(tmp_path, one).fates == put(tmp_path, two).fates == Fates(lines=1, rejected=1)
    assert not Interaction.objects.exists()
    assert put(tmp_path, one, two).fates == Fates(lines=2, new=1, joined=1)
    assert put(tmp_path, {**two, "DisconnectReason": "x"}).fates == Fates(lines=1, rejected=1)
    assert Interaction.objects.get().talk_s == 160


def test_rejected_legs_come_back_as_a_table_and_are_one_contact(tmp_path):
    one, two = transferred()
    run = put(tmp_path, one, {**two, "InitiationTimestamp": "soon"}).run
    path = tmp_path / "rejected.csv"
    with path.open("w", newline="") as file:
        assert ingest.write_csv(run or 0, file) == 2
    assert "soon" in path.read_text()
    path.write_text(path.read_text().replace("soon", "2026-11-20T09:03:00Z", 1))
    assert ingest.store(ingest.open_run(path, "amazon_connect")[0].pk).fates == Fates(lines=2, new=1, joined=1)
    assert Interaction.objects.get().talk_s == 160
