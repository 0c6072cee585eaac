"""A mapped source takes files from the watched folder and from a system with a token as any other does, and refuses them as clearly."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from kpi import ingest, tasks
from kpi.ingest import watched
from kpi.intake.tokens import make_token
from kpi.mapping import stored
from kpi.models import DataSource, ImportRun, Interaction, Site
from tests.kpi.test_mapping import HEAD, SPEC

pytestmark = pytest.mark.django_db
GOOD = "1;31.10.2026;9:05:10;Telefon;A;Änne Weiß;0:04:30;gelöst"
BAD = "2;31.10.2026;9:05;Chat;A;Änne Weiß;zwei;gelöst"
AMERICAN = "2;10.31.2026;9:05;Chat;A;Änne Weiß;;gelöst"
REFUSED = {  # (rows, header): what the reason says, with file, line, column, what was found and what to do
    "dates": ((GOOD.replace("31.10", "01.02"), AMERICAN), HEAD, "anlage.csv, line 3, Datum: “10.31.2026” contradicts", "a further version"),
    "column": ((GOOD,), HEAD.replace("Berater", "Agent"), "anlage.csv, line 1", "“Berater” is missing"),
    "utf": ((GOOD,), "\ufeff" + HEAD, "anlage.csv: the file begins with the mark of utf-8", "cp1252"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def mapped(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataSource:
    version, _new = stored.save("anlage", SPEC, None, site=site)
    monkeypatch.setattr(settings, "WATCH_FOLDER", str(tmp_path))
    monkeypatch.setattr(tasks, "ring", lambda task, *ids: None)
    cache.clear()
    (tmp_path / "anlage").mkdir()
    return version.source


def content(*rows: str, head: str = HEAD) -> bytes:
    encoding = "utf-8" if head.startswith("\ufeff") else "cp1252"
    return "\r\n".join((head, *rows)).encode(encoding)


Sent = Callable[[bytes], ImportRun]


@pytest.fixture(params=["folder", "token"])
def sends(request: pytest.FixtureRequest, mapped: DataSource, tmp_path: Path) -> Sent:
    """A file takes this way, and is stored by a worker; its run."""
    return by_folder(tmp_path / "anlage") if request.param == "folder" else by_token(make_token(mapped, "telephony", 30)[1])


def by_folder(folder: Path) -> Sent:
    def put(data: bytes) -> ImportRun:
        path = folder / "anlage.csv"
        path.write_bytes(data)
        os.utime(path, (time.time() - 60, time.time() - 60))
        watched.look()
        [run] = watched.look()
        ingest.store(run)
        watched.look()
        return ImportRun.objects.get(pk=run)

    return put


def by_token(token: str) -> Sent:
    def post(data: bytes) -> ImportRun:
        headers = {"Authorization": f"Bearer {token}"}
        answer = Client().post("/api/v1/imports?file_name=anlage.csv", data, content_type="text/csv", headers=headers)
        assert answer.status_code == 202, answer.content
        ingest.store(answer.json()["run"])
        told = Client().get(answer["Location"], headers=headers).json()
        run = ImportRun.objects.get(pk=told["run"])
        assert (told["state"], told["message"], told["fates"]["rejected"]) == (run.state, run.message, run.rejected)
        return run

    return post


def test_its_rows_come_in_with_the_version_that_holds(sends: Sent) -> None:
    run = sends(content(GOOD))
    assert (run.state, run.new, run.mapping.number) == ("done", 1, 1)  # type: ignore[union-attr]
    contact = Interaction.objects.get()
    assert (str(contact.started_at), contact.channel.code, contact.talk_s, contact.abandoned) == (
        "2026-10-31 08:05:10+00:00", "voice", 270.0, False,
    )  # fmt: skip
    stored.save("anlage", stored.from_dict({**run.mapping.content, "zone": "Europe/Lisbon"}), None)  # type: ignore[union-attr]
    assert (sends(content(GOOD)).changed, ImportRun.objects.count()) == (1, 2), "the same bytes read by a further version"


def test_a_row_that_cannot_be_read_is_named_and_the_others_come_in(sends: Sent) -> None:
    run = sends(content(GOOD, BAD))
    [row] = run.rejected_rows.all()
    [problem] = row.problems
    assert (run.new, run.rejected, row.line, problem["column"], problem["found"]) == (1, 1, 3, "Dauer", "zwei")
    assert problem["expected"] == "a duration such as 0:02:23 (hours:minutes:seconds)"
    assert "Weiß" not in str(row.row)


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_whole_with_place_and_remedy(sends: Sent, case: str, tmp_path: Path) -> None:
    rows, head, *said = REFUSED[case]
    run = sends(content(*rows, head=head))
    assert (run.state, Interaction.objects.count()) == ("failed", 0)
    assert [text for text in said if text not in run.message] == [], run.message
    reasons = [path.read_text() for path in tmp_path.rglob("*.reason.txt")]
    assert reasons in ([], [f"{run.message}\n"]), "the folder has the very same sentence beside the file"


def test_a_folder_whose_mapping_is_of_no_use_any_more_keeps_the_file_with_a_reason(tmp_path: Path) -> None:
    DataSource.objects.create(key="empty", format=stored.MAPPED)
    (tmp_path / "empty").mkdir()
    path = tmp_path / "empty" / "anlage.csv"
    path.write_bytes(content(GOOD))
    os.utime(path, (time.time() - 60, time.time() - 60))
    watched.look()
    for run in watched.look():
        ingest.store(run)
    watched.look()
    [reason] = [path.read_text() for path in (tmp_path / "empty").rglob("*.reason.txt")]
    assert "has no mapping" in reason
