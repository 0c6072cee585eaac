"""A pull whose process stalls while the vendor is answering: another one does it, and who wakes up late writes nothing."""

import os
import signal
import threading

import pytest

from tests.fault.processes import Centre, invariants
from tests.kpi.pull_help import Asked, Reply, said, serving, ticket, tickets

pytestmark = pytest.mark.fault
LEASE = "1.5"
CONNECTED = """
from kpi.models import Connection, DataSource, Site
from kpi.pulls import sealing
site = Site.objects.create(code="harbour", name="Harbour", zone="UTC")
source = DataSource.objects.create(key="zendesk_tickets", format="zendesk_tickets", site=site)
made = Connection(source=source, host="acme.zendesk.com", login="pulls@example.org", begins_on="2026-04-01")
sealing.seal(made, "planted-secret-0815")
made.save()
"""


def test_a_pull_that_stalls_between_two_pages_is_taken_over_and_wakes_to_nothing(embedded: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    made = embedded.python(CONNECTED)
    assert made.returncode == 0, made.stderr
    halfway, on = threading.Event(), threading.Event()

    def script(asked: Asked) -> Reply:
        if asked.query.get("cursor") != "c1":
            return said(tickets(ticket(1), ticket(2), after="c1", over=False))
        if not halfway.is_set():
            halfway.set()
            on.wait(60)
        return said(tickets(ticket(3), after="c2"))

    with serving(monkeypatch) as vendor:
        vendor.script = script
        first = embedded.start("-m", "tests.fault.fetching", str(vendor.port), LEASE)
        assert halfway.wait(60), "the first page was asked for"
        os.killpg(first.pid, signal.SIGSTOP)
        second = embedded.start("-m", "tests.fault.fetching", str(vendor.port), LEASE)
        assert second.wait(60) == 0
        on.set()
        os.killpg(first.pid, signal.SIGCONT)
        assert first.wait(60) == 0
    assert embedded.number("SELECT count(*) FROM kpi_interaction") == 3
    assert embedded.number("SELECT count(*) FROM kpi_importrun") == 1
    assert embedded.number("SELECT count(*) FROM kpi_connection WHERE attempt = 2 AND run_id IS NULL AND failures = 0") == 1
    assert "planted-secret" not in embedded.log.read_text()
    invariants(embedded)
