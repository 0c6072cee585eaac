"""The first run: a small centre of one file stands for the reference centre; the steps, the page and who may are the real ones."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from kpi import beginning, tasks
from kpi.models import ImportRun, Interaction, Membership, Site
from tests import factories

pytestmark = pytest.mark.django_db
ROWS = "external_id,started_at,channel,queue,team\n" + "".join(f"c{n},2026-03-{n:02d}T09:00:00Z,voice,general,lark\n" for n in range(1, 11))


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An own data folder, and files that are written at once."""
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)

    def write() -> None:
        (tmp_path / "reference").mkdir()
        (tmp_path / "reference" / "contacts.csv").write_text(ROWS)
        (tmp_path / "reference" / "manifest.json").write_text(json.dumps([{"file": "contacts.csv", "source": "interactions_csv"}]))
        sites = {"sites": [{"code": "harbour", "name": "Harbour", "zone": "UTC"}], "users": [{"username": "intruder"}]}
        (tmp_path / "reference" / "organisation.json").write_text(json.dumps(sites))

    monkeypatch.setattr(beginning, "_write_files", write)
    return tmp_path


def client_of(role: str) -> Client:
    user = factories.UserFactory(username=role)
    Membership.objects.create(user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def words(client: Client) -> str:
    return client.get("/first-run/").content.decode()


def test_a_steward_loads_the_centre_step_by_step(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[object] = []
    monkeypatch.setattr("kpi.first_run.ring", lambda task: rung.append(task))
    client = client_of("steward")
    assert "The database is empty: begin here" in client.get("/").content.decode()
    assert "Load the reference centre" in words(client)
    assert client.post("/first-run/")["Location"] == "/first-run/"
    assert rung == [tasks.begin]
    assert "are being written" in words(client)
    assert beginning.advance()
    assert "0 of 1 files are stored." in words(client)
    assert beginning.advance()
    assert "daily totals are being added up" in words(client)
    assert not beginning.advance()
    assert "Data are here." in words(client)
    assert Interaction.objects.count() == 10


def test_asking_twice_rings_once_and_a_second_job_finds_nothing_to_do(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[object] = []
    monkeypatch.setattr("kpi.first_run.ring", lambda task: rung.append(task))
    client = client_of("administrator")
    client.post("/first-run/")
    client.post("/first-run/")
    assert len(rung) == 1
    with beginning._alone():
        assert not beginning.advance(), "another job is at it"
    while beginning.advance():
        pass
    assert not beginning.advance()
    assert (ImportRun.objects.count(), Interaction.objects.count()) == (1, 10)
    assert client.post("/first-run/").status_code == 409


def test_a_job_that_ended_anywhere_goes_on(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpi.first_run.ring", lambda task: None)
    client = client_of("steward")
    client.post("/first-run/")
    beginning.advance()
    monkeypatch.setattr(beginning, "SILENT_S", -1)
    assert "It has not moved for some minutes." in words(client)
    assert "Go on" in words(client)
    assert client.post("/first-run/").status_code == 302
    assert beginning.advance()


def test_nothing_is_loaded_on_top_of_anybodys_data(written: Path) -> None:
    Site.objects.create(code="own", name="Own", zone="UTC")
    answer = client_of("steward").post("/first-run/")
    assert answer.status_code == 409
    assert "This database is in use already." in answer.content.decode()
    assert not beginning.progress().asked


def test_a_file_that_is_refused_stops_it_with_the_reason(written: Path) -> None:
    beginning.ask()
    beginning.advance()
    (written / "reference" / "contacts.csv").write_text("nothing,of,this\n1,2,3\n")
    assert not beginning.advance()
    assert beginning.progress().trouble
    assert "It stopped." in words(client_of("steward"))


def test_no_logins_are_made_from_the_web(written: Path) -> None:
    beginning.ask()
    while beginning.advance():
        pass
    assert not Membership.objects.exists()
    assert not factories.UserFactory._meta.model.objects.filter(username="intruder").exists()


def test_everybody_else_learns_whom_to_ask(written: Path) -> None:
    client_of("steward")
    client = client_of("executive")
    assert "Ask one of those who bring in data: steward." in words(client)
    assert "Ask one of those who bring in data: steward." in client.get("/").content.decode()
    assert client.post("/first-run/").status_code == 403
    assert not beginning.progress().asked
