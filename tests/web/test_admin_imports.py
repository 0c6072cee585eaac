"""Imports in the admin: send a file, read what became of it, repeat it, take it back, get what was rejected."""

import csv
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kpi import ingest, registry, tasks
from kpi.admin import imports
from kpi.export import rejected
from kpi.models import DataSource, ImportRun, Interaction, Membership, RejectedRow, Site
from tests import factories

RUNS = "/admin/kpi/importrun/"
ROWS = "/admin/kpi/rejectedrow/"
FILE = b"external_id,started_at,channel,queue\na1,2026-03-10T09:00:00Z,voice,general\n"


@pytest.fixture
def steward(db: None) -> Client:
    """A data steward of the staff, without any further right."""
    user = factories.UserFactory(username="steward", is_staff=True)
    Membership.objects.create(user=user, role="steward")
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What would be rung: (task, ids ...)."""
    rung: list[tuple[str, ...]] = []
    monkeypatch.setattr(tasks, "ring", lambda task, *ids: rung.append((task.name.rpartition(".")[2], *map(str, ids))))
    return rung


@pytest.fixture
def source(site: Site) -> DataSource:
    return factories.DataSourceFactory(key="interactions_csv", format="interactions_csv", site=site)


def send(client: Client, source: DataSource, name: str = "contacts.csv", content: bytes = FILE) -> str:
    file = SimpleUploadedFile(name, content, content_type="text/csv")
    return client.post(RUNS + "add/", {"source": source.pk, "file": file}, follow=True).content.decode()


def act(client: Client, action: str, *runs: ImportRun):  # type: ignore[no-untyped-def]
    return client.post(RUNS, {"action": action, "_selected_action": [run.pk for run in runs]}, follow=True)


def test_a_file_sent_in_the_admin_is_kept_and_its_run_is_queued(steward: Client, source: DataSource, bells: list[tuple[str, ...]]) -> None:
    send(steward, source)
    run = ImportRun.objects.get()
    assert (run.state, run.file_name, run.source, run.created_by) == (
        "queued",
        "contacts.csv",
        source,
        User.objects.get(username="steward"),
    )
    assert Path(run.path).read_bytes() == FILE
    assert Path(run.path).is_relative_to(Path(settings.DATA_DIR) / "inbox")
    assert bells == [("run_import", str(run.pk))]


def test_the_same_file_again_is_named_and_not_queued(steward: Client, source: DataSource, bells: list[tuple[str, ...]]) -> None:
    send(steward, source)
    page = send(steward, source, name="again.csv")
    run = ImportRun.objects.get()
    assert f"ame file as run {run.pk}" in page
    assert f"Run {run.pk} is queued." not in page
    assert len(bells) == 1
    assert list((Path(settings.DATA_DIR) / "inbox").rglob("again.csv")) == []


@pytest.mark.parametrize("name", ["../../outside.csv", "/etc/passwd", "a b é.csv", "x" * 300 + ".csv", '<img src=x onerror="a">.csv'])
def test_a_file_name_never_leaves_the_inbox_and_is_shown_as_text(
    steward: Client, source: DataSource, bells: list[tuple[str, ...]], name: str
) -> None:
    send(steward, source, name=name)
    run = ImportRun.objects.get()
    assert Path(run.path).is_relative_to(Path(settings.DATA_DIR) / "inbox")
    assert len(bells) == 1
    assert "<img src=x" not in steward.get(RUNS).content.decode()


def test_a_run_shows_its_counts_and_message_and_is_not_edited(steward: Client, source: DataSource) -> None:
    run = factories.ImportRunFactory(source=source, state="done", lines=1207, new=1193, rejected=14, message="1,193 new")
    for address in (RUNS, f"{RUNS}{run.pk}/change/"):
        page = steward.get(address).content.decode()
        for text in ("1207", "1193", "14", "1,193 new"):
            assert text in page
    assert steward.post(f"{RUNS}{run.pk}/change/", {"message": "other"}).status_code == 403
    assert steward.post(f"{RUNS}{run.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_failed_run_is_queued_again(steward: Client, source: DataSource, bells: list[tuple[str, ...]]) -> None:
    send(steward, source)
    run = ImportRun.objects.get()
    ImportRun.objects.update(state="failed", message="no space")
    page = act(steward, "run_again", run).content.decode()
    assert f"Run {run.pk} is queued." in page
    assert ImportRun.objects.get().state == "queued"
    assert len(bells) == 2


def test_a_run_whose_file_is_gone_says_so(steward: Client, source: DataSource, bells: list[tuple[str, ...]]) -> None:
    run = factories.ImportRunFactory(source=source, state="failed", path="/nowhere/at/all.csv")
    assert "its file is no longer here. Send it again." in act(steward, "run_again", run).content.decode()
    assert bells == []


def test_a_run_that_is_running_is_not_started_twice(steward: Client, source: DataSource, bells: list[tuple[str, ...]]) -> None:
    send(steward, source)
    ImportRun.objects.update(state="running")
    assert "is running and was not queued" in act(steward, "run_again", ImportRun.objects.get()).content.decode()
    assert len(bells) == 1


def test_a_run_is_taken_back_with_what_it_brought(steward: Client, source: DataSource, bells: list[tuple[str, ...]]) -> None:
    run = factories.ImportRunFactory(source=source, state="done")
    other = factories.ImportRunFactory(source=source, state="queued")
    factories.InteractionFactory(source=source, site=source.site, run=run, first_run=run)
    page = act(steward, "take_back", run, other).content.decode()
    assert "Taken back: 1 rows deleted" in page
    assert "only a run that is done can be taken back" in page
    assert ImportRun.objects.get(pk=run.pk).state == "taken_back"
    assert bells[-1] == ("roll_up",)


PROBLEM = {"column": "talk_s", "found": "12x", "problem": "not_a_number", "expected": "a number of seconds, like 12.5"}


def test_rejected_rows_are_read_in_words(steward: Client, source: DataSource) -> None:
    run = factories.ImportRunFactory(source=source, state="done", rejected=1)
    row = RejectedRow.objects.create(run=run, line=17, problems=[PROBLEM], row={"external_id": "a1", "talk_s": "12x"})
    for address in (f"{ROWS}?run__id__exact={run.pk}", f"{ROWS}{row.pk}/change/"):
        page = steward.get(address).content.decode()
        assert "<b>talk_s</b>: found “12x”; a number of seconds, like 12.5" in page
    assert f"{ROWS}?run__id__exact={run.pk}" in steward.get(f"{RUNS}{run.pk}/change/").content.decode()
    assert steward.get(ROWS + "add/").status_code == 403


def test_rejected_rows_come_as_a_file_whose_cells_do_not_run(steward: Client, source: DataSource) -> None:
    run = factories.ImportRunFactory(source=source, state="done", rejected=1)
    RejectedRow.objects.create(run=run, line=17, problems=[PROBLEM], row={"external_id": "=1+1", "talk_s": "-12.5"})
    answer = act(steward, "download_rejected", run)
    [header, row] = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    found = dict(zip(header, row, strict=True))
    assert (found["external_id"], found["talk_s"], found["line"]) == ("'=1+1", "-12.5", "17")
    assert answer["Content-Disposition"] == f'attachment; filename="rejected_run_{run.pk}.csv"'


def test_rejected_rows_that_were_corrected_come_back_as_they_were(
    steward: Client, source: DataSource, bells: list[tuple[str, ...]]
) -> None:
    send(steward, source, content=FILE.replace(b"queue", b"queue,talk_s").replace(b"a1", b"=1+1").replace(b"general", b"-general-,12x"))
    first = ImportRun.objects.get()
    assert ingest.store(first.pk).fates.rejected == 1
    file = act(steward, "download_rejected", first).content
    assert b"'=1+1" in file
    assert b"'-general-" in file
    send(steward, source, content=file.replace(b'"12x"', b'"12.5"'))
    assert ingest.store(ImportRun.objects.latest("id").pk).fates.new == 1
    contact = Interaction.objects.get()
    assert (contact.external_id, contact.queue.code, contact.talk_s) == ("=1+1", "-general-", 12.5)


def test_rejected_rows_of_two_runs_do_not_fit_one_file(steward: Client, source: DataSource) -> None:
    runs = [factories.ImportRunFactory(source=source, state="done", checksum=f"{i:064}") for i in range(2)]
    assert "Choose one run" in act(steward, "download_rejected", *runs).content.decode()


def test_what_people_answered_is_shown_to_nobody(steward: Client, source: DataSource, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (imports, rejected):
        monkeypatch.setattr(module, "is_private", lambda of: True)
    run = factories.ImportRunFactory(source=source, state="done", rejected=1)
    answer = PROBLEM | {"column": "items", "found": "5;5;4;1;7777"}
    row = RejectedRow.objects.create(run=run, line=17, problems=[answer], row={"team": "Lark", "items": "5;5;4;1;7777"})
    for address in (ROWS, f"{ROWS}{row.pk}/change/"):
        page = steward.get(address).content.decode()
        assert "the answer is not shown" in page
        assert "7777" not in page
    file = act(steward, "download_rejected", run).content.decode()
    assert "items" in file
    assert "7777" not in file


def test_sources_of_wellbeing_answers_and_formats_nobody_knows_are_private(source: DataSource) -> None:
    private = {key for key, item in registry.sources().items() if item.stores.startswith("wellbeing.")}
    for key in registry.sources():
        assert imports.is_private(DataSource(key="x", format=key)) is (key in private)
    assert imports.is_private(DataSource(key="x", format="unknown_format"))


def test_the_format_of_a_source_is_chosen_from_those_that_exist(steward: Client, site: Site) -> None:
    data = {"key": "phones", "format": "nothing_csv", "date_order": "unknown", "site": site.pk}
    assert "nothing_csv is not one of the available choices" in steward.post("/admin/kpi/datasource/add/", data).content.decode()
    steward.post("/admin/kpi/datasource/add/", data | {"format": "interactions_csv"})
    assert DataSource.objects.get().format == "interactions_csv"


def test_a_steward_sees_imports_and_nothing_else_of_the_admin(steward: Client) -> None:
    page = steward.get("/admin/").content.decode()
    assert "Import runs" in page
    for model in ("kpi/site", "auth/user", "staffing/baseline", "wellbeing/wave", "kpi/interaction"):
        assert steward.get(f"/admin/{model}/").status_code == 403, model


def test_of_a_file_of_answers_nothing_is_counted(steward: Client) -> None:
    source = factories.DataSourceFactory(key="wellbeing_answers_csv", format="wellbeing_answers_csv")
    run = factories.ImportRunFactory(source=source, lines=4321, new=4321, size=98765, message="4,321 new")
    for address in (RUNS, f"{RUNS}{run.pk}/change/", f"{RUNS}?q=4,321"):
        page = steward.get(address).content.decode()
        assert "4321" not in page.replace("4,321%22", "").replace('value="4,321"', "")
        assert "98765" not in page
    assert "not told" in steward.get(RUNS).content.decode()
