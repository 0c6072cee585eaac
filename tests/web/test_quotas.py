"""What comes in is counted while it comes: by token, by user, and of strangers no byte is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kpi import tasks
from kpi.ingest import quotas
from kpi.intake.tokens import make_token
from kpi.models import ImportRun, Membership, SenderUse, Site
from tests import factories

pytestmark = pytest.mark.django_db
FILE = b"external_id,started_at,channel,queue\na1,2026-03-10T09:00:00Z,voice,general\n"


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(tasks, "ring", lambda task, *ids: None)
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path  # what is spooled there is of this test alone


@pytest.fixture
def token(site: Site) -> str:
    source = factories.DataSourceFactory(key="interactions_csv", format="interactions_csv", site=site)
    return make_token(source, "telephony", 30)[1]


def post(token: str, number: int) -> Any:
    return Client().post("/api/v1/imports", FILE + b"%d" % number, content_type="text/csv", headers={"Authorization": f"Bearer {token}"})


def member(role: str) -> Client:
    user = factories.UserFactory(username=role, is_staff=True)
    Membership.objects.create(user=user, role=role)
    client = Client()
    client.force_login(user)
    return client


def kept() -> list[Path]:
    folders = (Path(site.DATA_DIR) / "inbox", Path(site.FILE_UPLOAD_TEMP_DIR))
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def upload(client: Client, to: str, **more: Any) -> Any:
    return client.post(to, {"file": SimpleUploadedFile("calls.csv", FILE), **more})


def test_a_token_that_sends_too_often_is_told_when_to_come_back(clock: None, token: str, settings: Any) -> None:
    settings.IMPORT_REQUESTS_PER_HOUR = 2
    answers = [post(token, number) for number in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 3600
    assert ImportRun.objects.count() == len(kept()) == 2


def test_a_token_that_sends_too_many_bytes_waits_and_another_one_does_not(
    token: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.IMPORT_MB_PER_DAY = 1
    monkeypatch.setattr(quotas, "MB", len(FILE))
    assert [post(token, number).status_code for number in range(2)] == [202, 429]
    other = make_token(factories.DataSourceFactory(key="other", format="interactions_csv"), "other", 30)[1]
    assert post(other, 7).status_code == 202
    assert SenderUse.objects.filter(bytes__gt=0).count() == 2


def test_a_user_has_a_quota_too_on_the_page_and_in_the_admin(site: Site, settings: Any) -> None:
    settings.IMPORT_REQUESTS_PER_HOUR = 0
    steward, boss = member("steward"), Client()
    boss.force_login(User.objects.create_superuser("boss"))
    source = factories.DataSourceFactory(key="interactions_csv", format="interactions_csv", site=site)
    page = upload(steward, "/data/send/", source="interactions_csv")
    assert (page.status_code, "in one hour" in page.content.decode()) == (400, True)
    admin = boss.post("/admin/kpi/importrun/add/", {"file": SimpleUploadedFile("calls.csv", FILE), "source": source.pk}, follow=True)
    assert (admin.status_code, "in one hour" in admin.content.decode()) == (200, True)
    assert (ImportRun.objects.count(), kept()) == (0, [])


@pytest.mark.parametrize("address", ["/login/", "/", "/api/v1/panel", "/admin/login/", "/data/send/", "/pulse/"])
def test_of_a_stranger_no_file_is_read(address: str) -> None:
    """Django reads a form before any view: a page with no use for a file must not spool it."""
    client = Client(enforce_csrf_checks=True)  # the check is what reads the form, of whoever was given its cookie
    client.get("/login/")
    answer = upload(client, address)
    assert answer.status_code == (403 if address.startswith("/api/") else 413)
    assert kept() == []


def test_who_may_send_no_file_has_none_read_and_the_limit_counts_while_reading(settings: Any, site: Site) -> None:
    executive = member("executive")
    assert upload(executive, "/exports/", address="/", form="pdf").status_code == 413
    settings.IMPORT_MAX_MB = 0
    answer = upload(member("steward"), "/data/send/", source="interactions_csv")
    assert answer.status_code == 413
    assert kept() == []


def test_the_api_counts_the_questions_of_each_reader(clock: None, settings: Any, token: str) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    reader, other = member("executive"), member("analyst")
    answers = [reader.get("/api/v1/alerts") for _ in range(3)]
    assert [answer.status_code for answer in answers][:2] == [200, 200]
    assert (answers[2].status_code, answers[2].json()["error"]["code"]) == (429, "too_many")
    assert int(answers[2]["Retry-After"]) <= 60
    assert other.get("/api/v1/alerts").status_code == 200
