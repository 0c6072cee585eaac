"""What whoever runs the site may read of it: health, measures and log lines, and that none of them tells a figure or a person."""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from config.logs import JsonLine
from kpi.models import ImportRun
from kpi.operations import ready
from kpi.operations.context import About
from tests import factories

pytestmark = pytest.mark.django_db
TOKEN = "kT3vQ9xW1zL7mB5nR8cY2dF4"
REDIS = "redis://127.0.0.1:1/0"  # nobody listens there


@pytest.fixture
def told(settings: Any) -> Any:
    """{(measure, its labels): value} as Prometheus reads it."""
    settings.METRICS_TOKEN = TOKEN

    def read() -> dict[tuple[str, ...], float]:
        answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.content.decode())
        return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}

    return read


@pytest.fixture
def lines() -> Any:
    """The JSON lines written meanwhile."""
    found: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(JsonLine().format(record))

    handler = Kept()
    handler.addFilter(About())
    logging.getLogger().addHandler(handler)
    yield found
    logging.getLogger().removeHandler(handler)


def test_whoever_lacks_the_token_finds_no_measures(settings: Any) -> None:
    for held, given in (
        (TOKEN, ""),
        (TOKEN, f"Bearer {TOKEN}x"),
        (TOKEN, f"Basic {TOKEN}"),
        ("", "Bearer "),
        ("", ""),
        (TOKEN, "Bearer é"),
    ):
        settings.METRICS_TOKEN = held
        assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404


def test_runs_ages_and_due_days_are_what_the_rows_say(told: Any) -> None:
    source = factories.DataSourceFactory(key="telephony", format="interactions_csv")
    hour_ago = timezone.now() - timedelta(hours=1)
    factories.ImportRunFactory(source=source, state="done", finished_at=hour_ago, checksum="1")
    factories.ImportRunFactory(source=source, state="failed", finished_at=hour_ago, checksum="2")
    factories.DueDayFactory(due=2, done=1)
    factories.ConnectionFactory(source=source, failures=3)
    factories.ConnectionFactory(succeeded_at=hour_ago)
    found = told()
    assert found["counterweight_pull_failures", "telephony"] == 3
    assert 3600 <= found["counterweight_source_age_seconds", "zendesk_tickets"] < 3700
    assert found["counterweight_import_runs", "done"] == found["counterweight_import_runs", "failed"] == 1
    assert found["counterweight_import_runs", "queued"] == 0
    assert 3600 <= found["counterweight_source_age_seconds", "telephony"] < 3700
    assert found[("counterweight_due_days",)] == 1
    assert found[("counterweight_night_complete",)] == 0


def test_of_what_people_answered_no_file_is_measured(told: Any) -> None:
    """Every run that is seen in a measure is of a source that is not private."""
    source = factories.DataSourceFactory(key="answers-of-people", format="pulse_csv")
    factories.ImportRunFactory(source=source, state="done", finished_at=timezone.now())
    found = told()
    assert ImportRun.objects.count() == 1
    assert found["counterweight_import_runs", "done"] == 0
    assert not any("answers-of-people" in name for name in found)


def test_requests_are_measured_by_the_pattern_of_their_address_and_those_of_the_pulse_not_at_all(told: Any) -> None:
    Client().get("/definitions/zebulon-quarterstaff/")
    Client().get("/pulse/")
    Client().post("/pulse/", {"step": "start", "code": "ABCD"})
    found = [" ".join(labels) for labels in told()]
    assert any("definitions/<slug:key>/" in labels for labels in found)
    assert not any("zebulon" in labels or "pulse" in labels for labels in found)


FAMILIES = {"import_runs", "source_age_seconds", "jobs_waiting", "due_days", "broker_up", "disk_free_bytes", "night_complete",
            "check_age_seconds", "check_differences", "request_duration_seconds", "pull_failures"}  # fmt: skip


def test_no_measure_is_a_figure_of_the_product(told: Any) -> None:
    """A new one is written down here by somebody who has seen that it is no saving, nothing of wellbeing and nobody's."""
    factories.NightFactory(checked_at=timezone.now(), differences=0)
    factories.ConnectionFactory()
    factories.ImportRunFactory(source__format="interactions_csv", state="done", finished_at=timezone.now())
    names = {re.sub("_(bucket|count|sum|created)$", "", name) for name, *_ in told()}
    assert names == {f"counterweight_{name}" for name in FAMILIES}


def test_ready_says_what_it_stands_on() -> None:
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert {line.partition(":")[0] for line in answer.content.decode().splitlines()} == {"database", "migrations", "broker", "disk"}


def test_without_its_tables_or_its_database_it_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "_applied", [])
    monkeypatch.setattr(ready.MigrationExecutor, "migration_plan", lambda self, targets: ["a step"])
    answer = Client().get("/readyz")
    assert (answer.status_code, b"migrate" in answer.content) == (503, True)

    def away(*_args: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", away)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content.splitlines()[0]) == (503, b"database: does not answer")


def test_without_a_broker_or_room_it_says_so_and_serves_on(settings: Any) -> None:
    settings.REDIS_URL, settings.DISK_MIN_MB = REDIS, 10**12
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert b"broker: does not answer" in answer.content
    assert b"disk: less than" in answer.content


def test_a_request_is_one_line_with_its_id_its_route_and_the_number_of_its_reader(
    settings: Any, lines: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    settings.LOG_REQUESTS = True
    user = factories.UserFactory(username="zebulon", first_name="Zebulon", email="zebulon@example.org")
    client = Client()
    client.force_login(user)
    with caplog.at_level("INFO", "kpi"):
        answer = client.get("/definitions/csat/?q=zebulon", headers={"X-Request-ID": "0123456789abcdef-77"})
    [line] = [found for found in map(json.loads, lines) if found["event"] == "request"]
    assert answer["X-Request-ID"] == line["request_id"] == "0123456789abcdef-77"
    assert (line["route"], line["user"], line["status"], line["method"]) == ("definitions/<slug:key>/", user.pk, 200, "GET")
    assert "zebulon" not in "".join(lines).lower()


def test_an_id_that_could_be_a_name_is_not_taken_and_a_header_is_never_injected() -> None:
    for given in ("Zebulon.Quarterstaff", "0123456789abcdef\r\nSet-Cookie: a=b", "f" * 65):
        assert Client().get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] not in given


def test_of_an_answer_to_the_pulse_there_is_no_line(settings: Any, lines: list[str], caplog: pytest.LogCaptureFixture) -> None:
    settings.LOG_REQUESTS = True
    with caplog.at_level("DEBUG"):
        Client().get("/pulse/thanks/")
        Client().post("/pulse/", {"step": "start", "code": "ABCD"})
    assert [line for line in lines if '"request"' in line] == []
