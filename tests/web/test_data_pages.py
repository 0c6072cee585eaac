"""Data and imports: who sees what of it, a file looked at before it is stored, rejected rows corrected, a file taken back."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from kpi import ingest, tasks
from kpi.intake.roles import keeper_of
from kpi.intake.told import tell
from kpi.models import DataSource, ImportRun, Interaction, Membership, RejectedRow, Site, Team
from tests import factories

HEADER = b"external_id,started_at,channel,queue\n"
GOOD = HEADER + b"a1,2026-03-10T09:00:00Z,voice,general\n"
BAD = GOOD + b"a2,yesterday,voice,general\n"


def client_as(role: str, *teams: Team) -> Client:
    user = factories.UserFactory(username=role)
    Membership.objects.create(user=user, role=role).teams.set(teams)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def steward(db: None) -> Client:
    return client_as("steward")


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr(tasks, "ring", lambda task, *ids: rung.extend(ids))
    return rung


def look_at(client: Client, content: bytes, name: str = "night.csv", **more: str):  # type: ignore[no-untyped-def]
    return client.post("/data/send/", {"source": "interactions_csv", "file": SimpleUploadedFile(name, content), **more})


def ticket_of(answer: object) -> str:
    return answer.context["looked"].ticket  # type: ignore[attr-defined,no-any-return]


def inbox() -> list[Path]:
    return [path for path in (Path(settings.DATA_DIR) / "inbox").rglob("*") if path.is_file()]


def stored(content: bytes, tmp_path: Path) -> ImportRun:
    path = tmp_path / "night.csv"
    path.write_bytes(content)
    run, _existed = ingest.open_run(path, "interactions_csv")
    ingest.store(run.pk)
    return ImportRun.objects.get(pk=run.pk)


def test_a_file_is_looked_at_first_and_stored_when_somebody_says_so(site: Site, steward: Client, bells: list[int]) -> None:
    answer = look_at(steward, BAD)
    page = answer.content.decode()
    assert "Of 2 lines 1 are new" in page
    assert "line 3, started_at" in page
    assert "yesterday" in page
    assert (ImportRun.objects.count(), Interaction.objects.count(), len(inbox())) == (0, 0, 1)
    told = steward.post("/data/send/", {"ticket": ticket_of(answer)}, follow=True)
    run = ImportRun.objects.get()
    assert (run.state, bells, told.redirect_chain[-1][0]) == ("queued", [run.pk], f"/data/runs/{run.pk}/")
    ingest.store(run.pk)
    assert (Interaction.objects.count(), inbox()) == (1, [])


@pytest.mark.parametrize(("role", "staff", "led"), [("steward", True, True), ("steward", False, False), ("executive", True, False)])
def test_who_may_make_a_connection_is_led_to_it_from_the_page_of_all(site: Site, role: str, staff: bool, led: bool) -> None:
    client, way = client_as(role), "/admin/kpi/connection/"
    User.objects.filter(username=role).update(is_staff=staff)
    assert (f'href="{way}"' in client.get("/data/").content.decode()) is led
    assert (client.get(way).status_code == 200) is led


def test_a_ticket_is_good_for_one_file_and_cannot_be_made_up(site: Site, steward: Client) -> None:
    ticket = ticket_of(look_at(steward, GOOD))
    ingest.store(ImportRun.objects.get(pk=int(steward.post("/data/send/", {"ticket": ticket})["Location"].split("/")[-2])).pk)
    for text in (ticket, ticket[:-1] + "?", "x"):
        page = steward.post("/data/send/", {"ticket": text}, follow=True).content.decode()
        assert "Send it again" in page
    assert ImportRun.objects.count() == 1


def test_a_file_that_is_refused_says_why_and_is_not_kept(site: Site, steward: Client) -> None:
    answer = look_at(steward, b"when;who\n1;2\n")
    assert answer.status_code == 400
    assert "external_id" in answer.content.decode()
    assert inbox() == []


def test_an_unknown_zone_is_refused_before_anything_is_remembered(site: Site, steward: Client) -> None:
    assert "is no time zone" in look_at(steward, GOOD, zone="Europe/Lisboa").content.decode()
    assert DataSource.objects.count() == 0


def test_a_rejected_row_is_corrected_on_the_page_and_comes_in(site: Site, steward: Client, bells: list[int], tmp_path: Path) -> None:
    run = stored(BAD, tmp_path)
    page = steward.get(f"/data/runs/{run.pk}/").content.decode()
    assert 'value="yesterday"' in page
    steward.post(f"/data/runs/{run.pk}/correct/", {"line": "3", "cell-3-started_at": "2026-03-10T10:00:00Z"})
    new = ImportRun.objects.latest("pk")
    assert bells == [new.pk]
    ingest.store(new.pk)
    assert set(Interaction.objects.values_list("external_id", flat=True)) == {"a1", "a2"}


def test_a_row_nobody_ticked_is_not_sent(site: Site, steward: Client, tmp_path: Path) -> None:
    run = stored(BAD, tmp_path)
    answer = steward.post(f"/data/runs/{run.pk}/correct/", {"cell-3-started_at": "2026-03-10T10:00:00Z"}, follow=True)
    assert "Tick the rows" in answer.content.decode()
    assert ImportRun.objects.count() == 1


def test_a_file_is_taken_back_only_when_that_was_confirmed(site: Site, steward: Client, tmp_path: Path) -> None:
    run = stored(GOOD, tmp_path)
    assert "1 rows it brought are deleted" in steward.get(f"/data/runs/{run.pk}/").content.decode()
    steward.post(f"/data/runs/{run.pk}/take-back/")
    assert Interaction.objects.count() == 1
    steward.post(f"/data/runs/{run.pk}/take-back/", {"sure": run.pk})
    assert Interaction.objects.count() == 0


SEES = {"executive": 200, "analyst": 200, "steward": 200, "representative": 200, "administrator": 200, "manager": 404}


@pytest.mark.parametrize(("role", "status"), SEES.items())
def test_a_file_is_seen_by_those_who_see_the_whole_centre(role: str, status: int, lark: Team) -> None:
    client, run = client_as(role, lark), factories.ImportRunFactory(file_name="wren_night.csv")
    assert client.get(f"/data/runs/{run.pk}/").status_code == status
    assert ("wren_night.csv" in client.get("/data/").content.decode()) == (status == 200)


@pytest.mark.parametrize("role", ["executive", "manager", "representative"])
def test_only_those_who_keep_the_data_send_correct_or_take_back(role: str, lark: Team) -> None:
    client, run = client_as(role, lark), factories.ImportRunFactory()
    assert client.get("/data/send/").status_code == 404
    assert client.get(f"/data/runs/{run.pk}/rejected.csv").status_code == 404
    for page in ("correct", "take-back"):
        assert client.post(f"/data/runs/{run.pk}/{page}/", {"line": "2", "sure": run.pk}).status_code == 404
    run.refresh_from_db()
    assert run.state == "done"


def test_of_what_people_answered_nothing_is_counted_or_repeated(steward: Client) -> None:
    source = factories.DataSourceFactory(key="wellbeing_answers_csv", format="wellbeing_answers_csv")
    run = factories.ImportRunFactory(source=source, lines=4321, new=4321, rejected=1, message="4,321 new")
    RejectedRow.objects.create(run=run, line=17, problems=[], row={"items": "5;5;4;1;7777"})
    for address in ("/data/", f"/data/runs/{run.pk}/", f"/data/runs/{run.pk}/rejected.csv"):
        page = steward.get(address).content.decode()
        assert not re.search(r"4.?321|7777", page), address


def test_a_manager_reads_of_the_sources_of_the_own_sites_alone(lark: Team) -> None:
    elsewhere = factories.SiteFactory(code="far", name="Far")
    factories.DataSourceFactory(key="near_csv", site=lark.site)
    factories.DataSourceFactory(key="far_csv", site=elsewhere)
    client_as("manager", lark)
    told = tell(keeper_of(Membership.objects.get().user))
    assert {"near_csv", "far_csv"} & {item.key for item in told.sources} == {"near_csv"}


def test_a_source_is_late_after_its_hours_and_the_page_says_which(steward: Client) -> None:
    source = factories.DataSourceFactory(key="telephony", late_after_hours=24)
    run = factories.ImportRunFactory(source=source, finished_at=timezone.now() - timedelta(hours=23))
    page = steward.get("/data/").content.decode()
    assert "Every watched source is on time." in page
    ImportRun.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(hours=25))
    assert "1 of 1 watched sources are late: telephony." in steward.get("/data/").content.decode()


def test_without_a_limit_nothing_is_called_late(steward: Client) -> None:
    factories.ImportRunFactory(finished_at=timezone.now() - timedelta(days=900))
    assert "none can be called late" in steward.get("/data/").content.decode()


def test_no_message_counts_what_people_answered(site: Site, steward: Client, tmp_path: Path) -> None:
    lark = factories.TeamFactory(code="lark", name="Lark", site=site)
    path = tmp_path / "wave.csv"
    rows = "".join(f"w1,2026-03-01,{lark.code},r{n},who5,3;3;3;3;3\n" for n in range(4))
    path.write_text("wave,wave_closed_on,team,respondent,instrument,items\n" + rows)
    run, _existed = ingest.open_run(path, "wellbeing_answers_csv")
    stored = ingest.store(run.pk)
    assert stored.state == "done", stored.message
    answer = steward.post("/data/send/", {"source": "wellbeing_answers_csv", "file": SimpleUploadedFile("wave.csv", path.read_bytes())})
    again = steward.post("/data/send/", {"ticket": ticket_of(answer)}, follow=True).content.decode()
    assert "This file was sent before." in again
    back = steward.post(f"/data/runs/{run.pk}/take-back/", {"sure": run.pk}, follow=True).content.decode()
    assert "Taken back." in back
    for page in (again, back):
        assert not re.search(r"\b4 (unchanged|rows)|unchanged", page)


def test_an_import_that_had_to_be_repeated_says_so(site: Site, steward: Client, tmp_path: Path) -> None:
    run = stored(GOOD, tmp_path)
    assert "attempt" not in steward.get("/data/").content.decode()
    ImportRun.objects.update(attempt=2)
    assert "attempt 2" in steward.get("/data/").content.decode()
    assert "<dt>Attempts</dt><dd>2</dd>" in steward.get(f"/data/runs/{run.pk}/").content.decode()


def test_a_file_that_nothing_reads_says_so_and_so_does_the_page_of_all(site: Site, steward: Client, tmp_path: Path) -> None:
    path = tmp_path / "night.csv"
    path.write_bytes(GOOD)
    run, _existed = ingest.open_run(path, "interactions_csv")
    page, alone = "/data/", f"/data/runs/{run.pk}/"
    assert "Nothing reads" not in steward.get(alone).content.decode()
    for where in (page, alone):  # what is unknown is no zero
        assert "Not read yet." in (text := steward.get(where).content.decode())
        assert not re.search(r"<td[^>]*>0</td>", text), where
    ingest.unheard(run.pk)
    assert "Nothing reads it at the moment: the worker or its queue does not answer." in steward.get(alone).content.decode()
    assert "Files wait and nothing reads them" in steward.get(page).content.decode()


def test_hours_that_come_twice_or_never_are_told_before_anything_is_stored(site: Site, steward: Client) -> None:
    twice = b"".join(b"a%d,2026-10-25T02:30:00,voice,general\n" % number for number in range(2))
    page = look_at(steward, HEADER + twice + b"b1,2026-03-29T02:30:00,voice,general\n", zone="Europe/Berlin").content.decode()
    assert "2 lines have a time in an hour that came twice, when clocks went back: the first of the two is meant." in page
    assert "2026-10-25T02:30:00 in line 3 (started_at)" in page
    assert "1 line has a time in an hour that never was, when clocks went forward: no moment can be meant." in page
    assert "2026-03-29T02:30:00 in line 4 (started_at)" in page
    assert "When clocks changed" not in look_at(steward, GOOD, zone="Europe/Berlin").content.decode()
    assert "When clocks changed" not in look_at(steward, HEADER + twice, zone="UTC").content.decode()


def test_the_time_zone_is_found_in_a_list_that_begins_with_those_of_the_sites(site: Site, steward: Client) -> None:
    page = steward.get("/data/send/").content.decode()
    assert f'<datalist id="zone-list"><option value="{site.zone}">' in page
    assert "write one like Europe/Berlin" in look_at(steward, GOOD, zone="Berlin").content.decode()
