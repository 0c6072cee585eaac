"""The panel as JSON: equal to the page, lean, described, and every error in one form."""

import json
import math
import re
from dataclasses import replace
from datetime import date
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from kpi import api
from kpi.metric import Family
from kpi.models import Membership, Site, Team
from kpi.result import Panel, Query, Viewer
from kpi.rights import NotAllowed
from kpi.serializers import render_panel
from tests import factories
from tests.web.sample_panel import sample_panel, silent_panel, withheld_panel

URL = "/api/v1/panel"
ERRORS = {"code", "message", "fields"}


def member(role: str, *teams: Team) -> Client:
    """A client logged in with this role."""
    user = factories.UserFactory(username=role)
    membership = Membership.objects.create(user=user, role=role)
    membership.teams.set(teams)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def executive(db: None) -> Client:
    return member("executive")


@pytest.fixture
def sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The door answers with the sample panel."""
    monkeypatch.setattr(api, "build_panel", lambda viewer, query: sample_panel(query))


def error_of(answer: Any) -> dict[str, Any]:
    """The one form, and nothing beside it."""
    found = answer.json()
    assert set(found) == {"error"}
    assert set(found["error"]) == ERRORS
    assert found["error"]["message"]
    return dict(found["error"])


def openapi() -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(request=None, public=True))


def strict(schema: Any) -> Any:
    """The same schema, where nothing may be added that is not described."""
    if isinstance(schema, dict):
        closed = {name: strict(item) for name, item in schema.items()}
        if closed.get("type") == "object" and "properties" in closed:
            closed["additionalProperties"] = False
        if closed.pop("nullable", False):
            return {"anyOf": [closed, {"type": "null"}]}
        return closed
    return [strict(item) for item in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("panel", [sample_panel(), withheld_panel(), silent_panel()], ids=["sample", "withheld", "silent"])
def test_the_answer_is_what_the_schema_describes(panel: Panel) -> None:
    schema = strict(openapi())
    answer = json.loads(api.QuickJSON().render(render_panel(panel)))
    jsonschema.validate(answer, {"$ref": "#/components/schemas/PanelShape", "components": schema["components"]})


def test_the_schema_is_valid_and_without_warnings(tmp_path: Any) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))


@pytest.mark.usefixtures("sampled")
def test_the_json_says_what_the_panel_says_to_the_last_digit(executive: Client) -> None:
    found = executive.get(URL).json()
    panel = sample_panel()
    for shown, column in zip(found["columns"], panel.columns, strict=True):
        result = column.result
        assert (shown["value"], shown["low"], shown["high"], shown["n"]) == (result.value, result.low, result.high, result.n)
        assert (shown["text"], shown["interval_text"], shown["sample_text"]) == (result.text, result.interval_text, result.sample_text)
        assert (shown["change"]["text"], shown["notes"]) == (column.change.text, list(column.notes))
    assert [row["label"] for row in found["teams"]] == [row.label for row in panel.teams]
    assert found["teams"][0]["results"][3]["value"] == panel.teams[0].columns[3].result.value
    assert found["trend"]["series"][3]["value"] == [point.results[3].value for point in panel.trend]
    assert found["steps"][2].pop("sample") == panel.steps[2].sample
    assert found["steps"][2] == {"key": "containment", "label": "AI resolution", "value": -10.5, "total": False, "text": "−10.5"}


@pytest.mark.usefixtures("sampled")
def test_a_withheld_number_is_null_and_says_why_and_what_would_unlock_it(executive: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "build_panel", lambda viewer, query: withheld_panel(query))
    saving = executive.get(URL).json()["columns"][3]
    assert (saving["value"], saving["low"], saving["high"], saving["status"]) == (None, None, None, "withheld")
    held = withheld_panel().columns[3].result
    assert held.why
    assert (saving["why"], saving["unlock"]) == (list(held.why), held.unlock)


def test_a_number_that_is_none_becomes_null_and_never_nan() -> None:
    panel = sample_panel()
    broken = replace(panel.columns[0].result, value=math.nan, high=math.inf)
    columns = (replace(panel.columns[0], result=broken), *panel.columns[1:])
    found = json.loads(api.QuickJSON().render(render_panel(replace(panel, columns=columns))), parse_constant=pytest.fail)  # type: ignore[arg-type]
    assert found["columns"][0]["value"] is None
    assert found["columns"][0]["high"] is None


@pytest.mark.usefixtures("sampled")
def test_the_overview_stays_below_60_kb(executive: Client) -> None:
    assert len(executive.get(URL).content) < 45_000


@pytest.mark.usefixtures("sampled")
def test_the_same_answer_is_not_sent_twice(executive: Client) -> None:
    first = executive.get(URL)
    again = executive.get(URL, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in first["Cache-Control"]


@pytest.mark.usefixtures("sampled")
def test_another_answer_is_sent_though_the_reader_has_an_older_one(executive: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = executive.get(URL)
    monkeypatch.setattr(api, "build_panel", lambda viewer, query: withheld_panel(query))
    assert executive.get(URL, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_the_filters_of_the_page_are_the_filters_of_the_api(executive: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Query] = []

    def remember(viewer: Viewer, query: Query) -> Panel:
        asked.append(query)
        return sample_panel(query)

    monkeypatch.setattr(api, "build_panel", remember)
    site = factories.SiteFactory()
    executive.get(URL, {"period": "custom", "from": "2026-03-02", "to": "2026-03-29", "site": site.pk, "compare": "previous"})
    [query] = asked
    assert (query.period.start, query.period.end, query.scope.site) == (date(2026, 3, 2), date(2026, 3, 30), site.pk)
    assert query.comparison is not None
    assert query.comparison.end == date(2026, 3, 2)


@pytest.mark.usefixtures("sampled")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("site", "999999"),
        ("team", "x"),
        ("team", "1; DROP TABLE"),
        ("period", "yesterday"),
        ("compare", "1' OR 1=1"),
        ("queue", "\x00"),
        ("site", "9" * 5000),
    ],
)
def test_a_filter_that_is_not_understood_is_400_with_its_field(executive: Client, name: str, value: str) -> None:
    answer = executive.get(URL, {name: value})
    assert answer.status_code == 400
    error = error_of(answer)
    assert error["code"] == "invalid"
    assert list(error["fields"]) == [name]
    assert not any(done in text for text in error["fields"][name] for done in ("left out", "are shown", "are used"))  # that is the page


def test_a_manager_who_asks_for_another_team_learns_nothing_of_it(lark: Team, wren: Team) -> None:
    answer = member("manager", lark).get(URL, {"team": wren.pk})
    assert answer.status_code == 400
    assert "Wren" not in answer.content.decode()


def test_what_the_panel_refuses_is_404(executive: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(viewer: Viewer, query: Query) -> Panel:
        raise NotAllowed("team of somebody else")

    monkeypatch.setattr(api, "build_panel", refuse)
    answer = executive.get(URL)
    assert answer.status_code == 404
    assert "somebody" not in error_of(answer)["message"]


def test_nobody_and_roles_without_dashboards_get_403(db: None) -> None:
    assert error_of(Client().get(URL))["code"] == "not_authenticated"
    for role in ("steward", "administrator"):
        answer = member(role).get(URL)
        assert (answer.status_code, error_of(answer)["code"]) == (403, "not_allowed")


def test_a_right_that_was_withdrawn_ends_at_once(executive: Client) -> None:
    Membership.objects.all().delete()
    assert executive.get(URL).status_code == 403


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_are_405_whatever_their_body(executive: Client, method: str) -> None:
    for body in ("[" * 100_000, '{"a": NaN}', '{"n": ' + "9" * 5000 + "}", '"\\ud800"', '{"a": 1, "a": 2}', "[]", "\x00"):
        answer = getattr(executive, method)(URL, data=body, content_type="application/json")
        assert (answer.status_code, error_of(answer)["code"]) == (405, "method_not_allowed")


def test_an_address_below_api_that_does_not_exist_is_404_in_the_one_form(executive: Client) -> None:
    answer = executive.get("/api/v1/nothing")
    assert (answer.status_code, error_of(answer)["code"]) == (404, "not_found")
    assert answer["Content-Type"] == "application/json"


def test_an_error_nobody_expected_is_500_in_the_one_form_and_is_logged(
    executive: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(viewer: Viewer, query: Query) -> Panel:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(api, "build_panel", fail)
    answer = executive.get(URL)
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()
    assert error_of(answer)["code"] == "server_error"
    assert "error=ZeroDivisionError" in caplog.text


class Echo(APIView):
    """Reads a body, as an API that takes data would."""

    authentication_classes = ()
    permission_classes = ()

    def post(self, request: Request) -> Response:
        return Response({"read": str(request.data)})


urlpatterns = [path("echo", Echo.as_view())]


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a": NaN}', "{", '{"n": ' + "9" * 5000 + "}"])
def test_json_that_cannot_be_read_is_400_and_never_500(body: str) -> None:
    answer = Echo.as_view()(APIRequestFactory().post("/echo", data=body, content_type="application/json"))
    assert answer.status_code == 400
    assert set(answer.data["error"]) == ERRORS


def test_the_documentation_is_for_those_who_log_in(executive: Client, db: None) -> None:
    assert Client().get("/api/schema/").status_code == 403
    assert Client().get("/api/docs/")["Location"].startswith("/login/")
    assert executive.get("/api/schema/").status_code == 200
    page = executive.get("/api/docs/")
    assert page.status_code == 200
    assert not {"<script>", "<style"} & set(re.findall("<script>|<style", page.content.decode()))


def test_families_stand_in_the_order_of_the_page() -> None:
    found = render_panel(sample_panel())
    assert [column["family"] for column in found["columns"]] == [str(family) for family in Family]


def test_a_site_without_data_answers_with_no_data_and_never_with_zero(executive: Client) -> None:
    Site.objects.create(code="empty", name="Empty", zone="UTC")
    columns = executive.get(URL).json()["columns"]
    assert {column["value"] for column in columns} == {None}
