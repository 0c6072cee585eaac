"""Connections: made and tried by a steward, who reads how they are and never the secret; told on the page of the data; fetched by hand."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from kpi import tasks
from kpi.models import Connection, ImportRun, Interaction, Membership, Site
from kpi.pulls import sealing
from tests import factories
from tests.kpi.pull_help import SECRET, Reply, Vendor, connected, said, serving, ticket, tickets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PLACE = "/admin/kpi/connection/"


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    with serving(monkeypatch) as made:
        yield made


@pytest.fixture
def steward(site: Site) -> Client:
    user = factories.UserFactory(username="steward", is_staff=True)
    Membership.objects.create(user=user, role="steward")
    client = Client()
    client.force_login(user)
    return client


def entered(kind: str = "zendesk_tickets", **values: Any) -> dict[str, Any]:
    source = factories.DataSourceFactory(key=kind, format=kind)
    return {
        "source": source.pk, "host": "acme.zendesk.com", "login": "pulls@example.org", "bucket": "", "prefix": "",
        "begins_on": "2026-04-01", "window_days": "7", "every_hours": "6", "active": "on", "secret": SECRET,
    } | values  # fmt: skip


def test_a_steward_makes_a_connection_and_nobody_reads_its_secret_again(steward: Client) -> None:
    assert steward.post(f"{PLACE}add/", entered()).status_code == 302
    made = Connection.objects.get()
    assert sealing.unseal(made) == SECRET
    for address in (PLACE, f"{PLACE}{made.pk}/change/", f"{PLACE}{made.pk}/history/", "/data/"):
        assert SECRET not in steward.get(address).content.decode()
        assert made.sealed not in steward.get(address).content.decode()
    assert not LogEntry.objects.filter(changes_text__contains=SECRET).exists()
    assert made.sealed not in str(list(LogEntry.objects.values_list("changes", flat=True)))


def test_who_has_no_source_that_can_be_fetched_is_led_to_making_one(steward: Client) -> None:
    for address in (PLACE, f"{PLACE}add/"):
        page = steward.get(address).content.decode()
        assert 'href="/admin/kpi/datasource/add/">Add a source</a>' in page
        assert "zendesk_tickets" in page
    assert steward.get("/admin/kpi/datasource/add/").status_code == 200


@pytest.mark.parametrize(
    "host", ["localhost", "169.254.169.254", "10.0.0.1", "[::1]", "2130706433", "acme.freshdesk.com", "acme.zendesk.com.evil.example"]
)
def test_a_host_that_is_none_of_the_vendor_is_refused_when_it_is_entered(steward: Client, host: str) -> None:
    page = steward.post(f"{PLACE}add/", entered(host=host)).content.decode()
    assert "This is no host of Zendesk. Write it like acme.zendesk.com." in page
    assert SECRET not in page
    assert not Connection.objects.exists()


def test_with_another_host_the_secret_has_to_be_entered_again_and_everything_is_fetched_anew(steward: Client) -> None:
    made = connected("zendesk_tickets", position={"at": "2026-04-10T00:00:00+00:00", "after": "c9"})
    address, values = f"{PLACE}{made.pk}/change/", entered(secret="")
    assert steward.post(address, values | {"every_hours": "12"}).status_code == 302
    made.refresh_from_db()
    assert (made.every_hours, made.position["after"], sealing.unseal(made)) == (12, "c9", SECRET)
    assert "Enter the secret again" in steward.post(address, values | {"host": "other.zendesk.com"}).content.decode()
    assert steward.post(address, values | {"host": "other.zendesk.com", "secret": "another"}).status_code == 302
    made.refresh_from_db()
    assert (made.position, sealing.unseal(made)) == ({}, "another")


def test_without_a_key_no_secret_is_taken(steward: Client, settings: Any) -> None:
    settings.CONNECTION_KEYS = []
    assert "The site has no CONNECTION_KEY" in steward.post(f"{PLACE}add/", entered()).content.decode()
    assert not Connection.objects.exists()


def test_a_connection_is_tried_and_fetched_from_the_list(steward: Client, vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[Any] = []
    monkeypatch.setattr(tasks, "ring", lambda task, *ids: rung.append((task.name, *ids)))
    made = connected("zendesk_tickets")
    chosen = {"_selected_action": [made.pk]}
    vendor.script = [said(tickets(ticket(1), after="c1")), Reply(status=401)]
    assert (
        "Records in its first page: 1. Nothing was stored."
        in steward.post(PLACE, {"action": "try_them", **chosen}, follow=True).content.decode()
    )
    page = steward.post(PLACE, {"action": "try_them", **chosen}, follow=True).content.decode()
    assert "The vendor refused the secret (401)" in page
    assert (ImportRun.objects.count(), len(vendor.asked)) == (0, 2)
    steward.post(PLACE, {"action": "fetch_now", **chosen})
    assert rung == [("kpi.tasks.pull", made.pk)]  # an id, and no secret


def test_the_page_of_the_data_says_how_it_is(steward: Client, vendor: Vendor) -> None:
    made = connected("zendesk_tickets")
    vendor.script = [said(tickets(after=None))]
    tasks.pull.run(made.pk)
    page = " ".join(steward.get("/data/").content.decode().split())
    assert "fetched from acme.zendesk.com: up to date, everything is here up to 13 Apr 2026 07:59 UTC" in page
    Connection.objects.update(next_at=timezone.now())
    vendor.script = [Reply(status=401)]
    tasks.pull.run(made.pk)
    page = " ".join(steward.get("/data/").content.decode().split())
    assert "in trouble" in page
    assert "Make a new one there and enter it." in page
    manager = factories.UserFactory(username="manager")
    Membership.objects.create(user=manager, role="manager")
    client = Client()
    client.force_login(manager)
    assert "acme.zendesk.com" not in client.get("/data/").content.decode()


def by_hand(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_by_hand_a_pull_is_looked_at_then_stored_and_a_key_changed(vendor: Vendor, site: Site, settings: Any) -> None:
    connected("zendesk_tickets")
    vendor.script = [said(tickets(ticket(1), after="c1"))]
    assert "1 new" in by_hand("pull", "zendesk_tickets", "--dry-run")
    assert Interaction.objects.count() == 0
    said_then = by_hand("pull", "zendesk_tickets", "--since", "2026-04-02")
    assert "Everything is here up to 13 Apr 2026 07:59 UTC." in said_then
    assert Interaction.objects.count() == 1
    vendor.script = [Reply(status=404)]
    with pytest.raises(CommandError, match="knows no such address"):
        by_hand("pull", "zendesk_tickets")
    with pytest.raises(CommandError, match="these exist: zendesk_tickets"):
        by_hand("pull", "telephony")
    settings.CONNECTION_KEYS = ["n" * 40, *settings.CONNECTION_KEYS]
    assert by_hand("reseal_secrets") == "1 sealed under the present key.\n"
    settings.CONNECTION_KEYS = ["n" * 40]
    assert sealing.unseal(Connection.objects.get()) == SECRET
