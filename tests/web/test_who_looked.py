"""Who looked: recorded on every surface after the answer, never with a number; read by those it is for; forgotten in time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings

from kpi import looks
from kpi.models import Membership, Team, WellbeingSeen
from tests import factories
from tests.web.planted import planted
from tests.web.test_every_surface import centre, client_of

__all__ = ["centre"]
pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 13, 8, 10, tzinfo=UTC)
FIELDS = {field.name for field in WellbeingSeen._meta.concrete_fields}


@pytest.fixture
def executive(centre: Team) -> Client:
    return client_of("executive")


def entries() -> list[tuple[str, str, str, int]]:
    return list(WellbeingSeen.objects.order_by("pk").values_list("username", "surface", "page", "times"))


def test_every_surface_leaves_one_entry_and_reloads_within_the_hour_count_up(executive: Client) -> None:
    addresses = (
        "/",
        "/capacity/",
        "/scenarios/",
        "/api/v1/panel",
        "/api/v1/pages/capacity",
        "/export/panel.csv",
        "/export/pages/capacity.csv",
    )
    with planted(), time_machine.travel(NOW, tick=False):
        for address in (*addresses, "/", "/api/v1/panel"):
            assert executive.get(address).status_code == 200
    found = entries()
    assert {(surface, page) for _name, surface, page, _times in found} == {
        ("page", "overview"), ("page", "capacity"), ("page", "scenarios"), ("api", "api-panel"), ("api", "capacity"),
        ("file", "panel-csv"), ("file", "capacity"),
    }  # fmt: skip
    assert sorted(times for *_rest, times in found) == [1, 1, 1, 1, 1, 2, 2]


def test_the_next_hour_is_another_entry_and_a_page_the_browser_still_had_is_a_look_too(executive: Client) -> None:
    with planted(), time_machine.travel(NOW, tick=False) as clock:
        first = executive.get("/")
        assert executive.get("/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
        assert entries() == [("executive", "page", "overview", 2)]
        clock.shift(timedelta(hours=1))
        assert executive.get("/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    assert [times for *_rest, times in entries()] == [2, 1]


def test_an_entry_says_about_whom_and_when_and_holds_no_number(executive: Client, centre: Team) -> None:
    with planted():
        executive.get("/", {"team": centre.pk, "period": "2026-03"})
    seen = WellbeingSeen.objects.get()
    assert (seen.title, seen.teams, seen.site, seen.role) == (centre.name, f",{centre.pk},", None, "executive")
    assert (seen.first_day, seen.end_day) == (date(2026, 3, 2), date(2026, 3, 23))
    assert {
        "id", "mark", "address", "first_at", "last_at", "times", "user", "username", "role", "surface", "page", "title", "site", "teams",
        "first_day", "end_day", "wave",
    } == FIELDS  # fmt: skip


def test_a_refusal_and_a_page_without_wellbeing_leave_none(executive: Client) -> None:
    with planted():
        Client().get("/")
        client_of("steward").get("/")
        executive.get("/", {"team": "999999", "period": "x"})  # the page opens without them
        executive.get("/definitions/")
        executive.get("/api/v1/panel", {"team": "999999"})
    assert [(name, page) for name, _surface, page, _times in entries()] == [("executive", "overview")]


def test_the_definition_with_the_readers_own_numbers_is_a_look(executive: Client) -> None:
    executive.get("/definitions/agent_wellbeing_index/")
    assert [page for _name, _surface, page, _times in entries()] == ["agent_wellbeing_index"]


def test_whom_an_entry_concerns_reads_it_and_nobody_else(centre: Team) -> None:
    foreign = factories.TeamFactory(name="Far away", site=factories.SiteFactory(code="far"))
    factories.WellbeingSeenFactory(title="Company look")
    factories.WellbeingSeenFactory(title="Own site look", site=centre.site_id)
    factories.WellbeingSeenFactory(title="Own team look", teams=f",{centre.pk},")
    factories.WellbeingSeenFactory(title="Foreign site look", site=foreign.site_id)
    factories.WellbeingSeenFactory(title="Foreign team look", teams=f",{foreign.pk},")
    mine = {"Company look", "Own site look", "Own team look"}
    every = {*mine, "Foreign site look", "Foreign team look"}
    for role, expected in {"representative": every, "administrator": every, "manager": mine}.items():
        page = client_of(role).get("/who-looked/").content.decode()
        assert {title for title in every if title in page} == expected, role
    assert "Foreign" not in client_of("manager").get("/who-looked/", {"team": foreign.pk}).content.decode()
    handed_out = client_of("representative").get("/who-looked/", {"team": foreign.pk}).content.decode()
    assert {title for title in every if title in handed_out} == {"Company look", "Foreign site look", "Foreign team look"}
    assert "Kept for 365 days" in handed_out


@override_settings(LOOKS_KEPT_DAYS=30)
def test_the_night_forgets_what_is_older_than_the_setting() -> None:
    with time_machine.travel(NOW, tick=False):
        factories.WellbeingSeenFactory(last_at=NOW - timedelta(days=31))
        kept = factories.WellbeingSeenFactory(last_at=NOW - timedelta(days=29))
        assert looks.forget() == 1
    assert list(WellbeingSeen.objects.values_list("pk", flat=True)) == [kept.pk]


def test_a_log_that_cannot_be_written_is_an_error_and_not_the_readers(executive: Client, caplog: pytest.LogCaptureFixture) -> None:
    with planted(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(looks, "UPSERT", "INSERT INTO no_such_table VALUES (%s)")
        patch.setattr(looks, "_row", lambda *about: [1])

        with transaction.atomic():  # the savepoint that the failed statement needs in a test
            assert executive.get("/").status_code == 200
            transaction.set_rollback(True)
    assert "look.not_recorded" in caplog.text
    assert User.objects.filter(username="executive").exists()
    assert Membership.objects.exists()
