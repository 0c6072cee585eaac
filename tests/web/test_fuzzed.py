"""The API asked as its own description says, and as it says not: no server error, no answer that is not described.

In the ordinary run a few questions for each operation; `-m slow` asks three hundred of every role.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as chosen
from hypothesis.strategies import one_of
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from kpi import tasks
from kpi.intake.tokens import make_token
from kpi.models import Team
from tests import factories
from tests.web.planted import planted
from tests.web.test_every_surface import centre, client_of  # noqa: F401

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ROLES = ("executive", "manager", "analyst", "steward", "representative", "administrator", "boss", "nobody", "token")


class Door:
    """The API behind the very door that gunicorn uses, with what the browser or the system of somebody sends along."""

    def __init__(self) -> None:
        self.application, self.sent = get_wsgi_application(), dict[str, str]()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self.application(environ | self.sent, start_response)

    def is_knocked_at_by(self, role: str, team: Team) -> None:
        if role == "token":
            source = factories.DataSourceFactory(key="interactions_csv", format="interactions_csv", site=team.site)
            self.sent = {"HTTP_AUTHORIZATION": f"Bearer {make_token(source, 'telephony', 30)[1]}"}
        elif role != "nobody":
            session, seed = client_of(role).cookies["sessionid"].value, secrets.token_hex(16)
            self.sent = {"HTTP_COOKIE": f"sessionid={session}; csrftoken={seed}", "HTTP_X_CSRFTOKEN": seed}


@pytest.fixture
def door(centre: Team, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:  # noqa: F811
    monkeypatch.setattr(tasks, "ring", lambda task, *ids: None)
    for signal in (request_started, request_finished):  # the connection holds the transaction of the test
        signal.disconnect(close_old_connections)
    yield Door()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def described(door: Door) -> Any:
    door.is_knocked_at_by("boss", None)  # type: ignore[arg-type]
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", door)


def ask(described: Any, examples: int) -> int:
    """Every operation; how many questions were asked."""
    asked = 0
    for found in described.get_all_operations():
        operation = found.ok()
        questions = one_of(operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE))

        @chosen(max_examples=examples, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=questions)
        def once(case: Any) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(checks=CHECKS)

        once()
    return asked


@pytest.mark.parametrize("role", ["manager", "token"])
def test_a_few_questions_of_every_kind_are_answered_as_described(role: str, centre: Team, door: Door) -> None:  # noqa: F811
    with planted():
        api = described(door)
        door.is_knocked_at_by(role, centre)
        assert ask(api, 4) > 40


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_three_hundred_questions_of_every_kind_by_everybody(role: str, centre: Team, door: Door, settings: Any) -> None:  # noqa: F811
    settings.API_REQUESTS_PER_MINUTE = settings.IMPORT_REQUESTS_PER_HOUR = 10**6
    with planted():
        api = described(door)
        door.is_knocked_at_by(role, centre)
        assert ask(api, 300) > 300
