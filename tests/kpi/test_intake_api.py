"""A system sends its files by itself: with a token of one source, once however often, and nothing is kept of what is refused."""

import gzip
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from kpi import ingest, tasks
from kpi.ingest import receiving
from kpi.ingest.receiving import receive, safe_name
from kpi.intake.tokens import make_token
from kpi.models import DataSource, ImportRequest, ImportRun, ImportToken, Interaction, Membership, Site
from tests import factories

IMPORTS = "/api/v1/imports"
FILE = b"external_id,started_at,channel,queue\na1,2026-03-10T09:00:00Z,voice,general\n"
OTHER = FILE.replace(b"a1", b"a2")


@pytest.fixture
def source(site: Site) -> DataSource:
    return factories.DataSourceFactory(key="interactions_csv", format="interactions_csv", site=site)


@pytest.fixture
def token(source: DataSource) -> str:
    return make_token(source, "telephony", 30)[1]


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr(tasks, "ring", lambda task, *ids: rung.extend(ids))
    return rung


def post(token: str, content: bytes = FILE, key: str = "", **more: str):  # type: ignore[no-untyped-def]
    headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
    kind = more.pop("content_type", "text/csv")
    return Client().post(IMPORTS + "?file_name=contacts.csv", content, content_type=kind, headers=headers | more)


def read(token: str, address: str):  # type: ignore[no-untyped-def]
    return Client().get(address, headers={"Authorization": f"Bearer {token}"})


def inbox() -> list[Path]:
    return [path for path in (Path(settings.DATA_DIR) / "inbox").rglob("*") if path.is_file()]


def test_a_file_is_kept_and_its_fate_stands_at_the_address_of_the_answer(token: str, bells: list[int]) -> None:
    answer = post(token)
    run = ImportRun.objects.get()
    assert (answer.status_code, answer.json()) == (202, {"run": run.pk, "status_address": f"{IMPORTS}/{run.pk}"})
    assert bells == [run.pk]
    assert read(token, answer["Location"]).json()["state"] == "queued"
    ingest.store(run.pk)
    told = read(token, answer["Location"]).json()
    assert (told["state"], told["file_name"], told["fates"]["new"], told["rejected_address"]) == ("done", "contacts.csv", 1, None)
    assert Interaction.objects.count() == 1
    assert inbox() == []


def test_a_gzipped_file_is_read_like_the_plain_one(token: str) -> None:
    run = post(token, gzip.compress(FILE), content_type="application/gzip").json()["run"]
    assert ingest.store(run).fates.new == 1


def test_the_same_key_with_the_same_file_is_one_request(token: str, bells: list[int]) -> None:
    first, second = post(token, key="night-1"), post(token, key="night-1")
    assert first.status_code == second.status_code == 202
    assert first.json() == second.json()
    assert (ImportRun.objects.count(), len(bells), len(inbox())) == (1, 1, 1)


def test_a_key_that_was_used_for_another_file_is_refused_and_nothing_is_kept(token: str) -> None:
    post(token, key="night-1")
    answer = post(token, OTHER, key="night-1")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")
    assert (ImportRun.objects.count(), len(inbox())) == (1, 1)


def test_a_key_whose_run_was_never_opened_opens_it_with_the_next_try(token: str) -> None:
    """The process died between the two."""
    arrived = receive([FILE], "contacts.csv")
    ImportRequest.objects.create(token=ImportToken.objects.get(), key="night-1", checksum=arrived.checksum)
    assert post(token, key="night-1").json()["run"] == ImportRequest.objects.get().run_id


def test_the_same_bytes_without_a_key_are_the_same_run(token: str) -> None:
    assert post(token).json() == post(token).json()


@pytest.mark.parametrize("spoil", ["unknown", "over", "revoked", "none"])
def test_a_token_that_is_not_in_force_opens_nothing(token: str, spoil: str) -> None:
    now = timezone.now()
    if spoil == "over":
        ImportToken.objects.update(expires_at=now - timedelta(seconds=1))
    if spoil == "revoked":
        ImportToken.objects.update(revoked_at=now)
    answer = post({"unknown": token[:-1] + "?", "none": ""}.get(spoil, token))
    assert (answer.status_code, answer.json()["error"]["code"], answer["WWW-Authenticate"]) == (401, "not_authenticated", "Bearer")
    assert (ImportRun.objects.count(), inbox()) == (0, [])


def test_a_session_is_no_token(token: str) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    assert client.post(IMPORTS, FILE, content_type="text/csv").status_code == 401


def test_a_token_sees_the_runs_of_its_own_source_alone(token: str, site: Site) -> None:
    other = factories.DataSourceFactory(key="agent_days_csv", format="agent_days_csv", site=site)
    run = post(token).json()["run"]
    foreign = make_token(other, "planning", 30)[1]
    for address in (f"{IMPORTS}/{run}", f"{IMPORTS}/{run}/rejected", f"{IMPORTS}/999999"):
        assert read(foreign, address).status_code == 404


def test_what_is_too_large_is_refused_while_it_comes(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MB", 10)
    monkeypatch.setattr(settings, "IMPORT_MAX_MB", 1)
    answer = post(token)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert (ImportRun.objects.count(), inbox()) == (0, [])


def test_a_body_that_ends_early_is_no_file(token: str) -> None:
    environ = {"CONTENT_LENGTH": "9999", "wsgi.input": BytesIO(FILE), "HTTP_AUTHORIZATION": f"Bearer {token}"}
    short = Client().post(IMPORTS, FILE, content_type="text/csv", **environ)  # type: ignore[arg-type]
    empty = post(token, b"")
    assert [answer.status_code for answer in (short, empty)] == [400, 400]
    assert (ImportRun.objects.count(), inbox()) == (0, [])


def test_a_form_is_told_how_to_send_a_file(token: str) -> None:
    answer = post(token, b"--x--", content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 415
    assert "--data-binary" in answer.json()["error"]["message"]


def test_a_sender_that_does_not_wait_is_told_to(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "WAITING", 1)
    post(token)
    answer = post(token, OTHER)
    assert (answer.status_code, answer["Retry-After"], len(inbox())) == (429, "60", 1)


def test_rejected_rows_are_handed_out_inert_to_be_corrected(token: str) -> None:
    run = post(token, FILE + b"=1+1,never,voice,general\n").json()["run"]
    ingest.store(run)
    address = read(token, f"{IMPORTS}/{run}").json()["rejected_address"]
    text = read(token, address).content.decode()
    assert "never" in text
    assert "'=1+1" in text


def test_only_a_hash_of_a_token_is_stored_and_no_log_names_it(token: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        post(token)
        post(token + "x")
    assert token not in caplog.text
    assert token not in str(ImportToken.objects.values().get())
    assert len(ImportToken.objects.get().digest) == 64


def test_a_token_is_shown_once_when_it_is_made_and_can_be_revoked(source: DataSource) -> None:
    user = factories.UserFactory(username="steward", is_staff=True)
    Membership.objects.create(user=user, role="steward")
    client = Client()
    client.force_login(user)
    page = "/admin/kpi/importtoken/"
    made = client.post(f"{page}add/", {"source": source.pk, "name": "telephony", "days": 30, "_save": "Save"}).content.decode()
    token = ImportToken.objects.get()
    assert f"{token.prefix}" in made
    assert "Copy it now" in made
    assert token.prefix not in str(client.session.items())
    assert "Copy it now" not in client.get(f"{page}{token.pk}/change/").content.decode()
    assert (token.created_by, token.in_force) == (user, True)
    client.post(page, {"action": "revoke", "_selected_action": [token.pk]})
    token.refresh_from_db()
    assert not token.in_force


NAMES = [("../../etc/passwd", "passwd"), ("C:\\temp\\a b.csv", "a b.csv"), ("", "file"), ("..", "file"), ("x\n<y>.csv", "x_y_.csv")]


@pytest.mark.parametrize(("sent", "kept"), NAMES)
def test_a_name_is_one_file_in_one_folder(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept
