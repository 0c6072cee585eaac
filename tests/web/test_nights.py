"""The page of the nights: who sees it, who may have a failed step done again, and the one mail about a night that failed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from kpi import tasks
from kpi.mail import morning as mornings
from kpi.mail import sending
from kpi.models import NightStep, Sending, Subscription, TimetableEntry
from tests import factories
from tests.web.test_data_pages import client_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
BEGAN = datetime(2026, 4, 13, 2, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "ring", lambda task, *ids: None)


@pytest.fixture
def failed() -> NightStep:
    """A night whose totals failed."""
    begun = factories.NightFactory(began_at=BEGAN, checked_at=None, differences=None)
    found: NightStep = factories.NightStepFactory(
        night=begun, step="totals", state="failed", attempt=3, started_at=BEGAN, said=[["error", {"error": "ValueError"}]]
    )
    factories.NightStepFactory(night=begun, step="check", state="waiting")
    factories.NightStepFactory(night=begun, step="pulls", started_at=BEGAN, ended_at=BEGAN, said=[["nothing", {}]])
    return found


def test_the_page_says_what_failed_why_and_what_it_stops(failed: NightStep) -> None:
    page = client_as("steward").get("/data/nights/").content.decode()
    assert "The night of 13 Apr 2026: failed at: Add up the days that are due." in page
    assert "it stopped unexpectedly (ValueError); the log says where" in page
    assert "stopped by: Add up the days that are due" in page
    assert "attempt 3" in page
    assert "again/" not in page, "a steward sees it and does not do it again"


def test_an_administrator_has_it_done_again_and_nobody_else_does(failed: NightStep) -> None:
    address = f"/data/nights/steps/{failed.pk}/again/"
    administrator = client_as("administrator")
    assert address in administrator.get("/data/nights/").content.decode()
    for role in ("steward", "analyst", "executive"):
        assert client_as(role).post(address).status_code == 404
    assert NightStep.objects.get(pk=failed.pk).state == "failed"
    assert "within a minute" in administrator.post(address, follow=True).content.decode()
    assert (NightStep.objects.get(pk=failed.pk).state, NightStep.objects.get(pk=failed.pk).attempt) == ("waiting", 0)
    assert "nothing to do again" in administrator.post(address, follow=True).content.decode()


def steward_with_address() -> Client:
    client = client_as("steward")
    Subscription._meta.get_field("user").related_model.objects.update(email="steward@example.org")  # type: ignore[union-attr]
    return client


def sent(**_none: Any) -> list[str]:
    return [sending.deliver(pk) for pk in mornings.morning()]


def test_a_night_that_failed_is_mailed_once_in_words_to_who_asked(failed: NightStep, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client = steward_with_address()
    assert sent() == []
    assert "Stop it" in client.post("/data/nights/mail/", {"wanted": "yes"}, follow=True).content.decode()
    client.post("/data/nights/mail/", {"wanted": "yes"})
    assert (sent(), sent(), len(mail.outbox)) == (["sent"], [], 1)
    assert mail.outbox[0].subject == "Counterweight: the night needs somebody"
    assert "Add up the days that are due: it stopped unexpectedly (ValueError)" in str(mail.outbox[0].body)
    assert "/data/nights/" in str(mail.outbox[0].body)
    assert Sending.objects.get().kind == "night"
    client.post("/data/nights/mail/", {"wanted": "no"})
    assert not Subscription.objects.filter(active=True).exists()


def test_who_is_no_steward_any_more_gets_none(failed: NightStep, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    steward_with_address().post("/data/nights/mail/", {"wanted": "yes"})
    Subscription.objects.get().user.membership.delete()
    assert (sent(), mail.outbox, Sending.objects.get().reason) == (["skipped"], [], "role_lost")


def test_the_timetable_is_kept_in_the_admin_with_one_night(admin_client: Client) -> None:
    source = factories.DataSourceFactory()
    entry = {"at": "06:00", "zone": "Europe/Lisbon", "weekdays": ["4", "0"], "grace_minutes": "60"}
    admin_client.post("/admin/kpi/timetableentry/add/", {**entry, "source": source.pk})
    assert TimetableEntry.objects.get().weekdays == "04"
    assert "tick all seven" in admin_client.post("/admin/kpi/timetableentry/add/", entry).content.decode()
    for times in (1, 1):
        admin_client.post("/admin/kpi/timetableentry/add/", entry | {"weekdays": list("0123456")})
        assert TimetableEntry.objects.filter(source=None).count() == times
    page = admin_client.get("/admin/kpi/timetableentry/").content.decode()
    assert "17 Apr 2026, 05:00" in page, "the next Friday at six in Lisbon"
