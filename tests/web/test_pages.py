"""The pages through the client: what stands on them, what must not, and who may open them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kpi import panel as door
from kpi import registry, sheet
from kpi import words as words_of_figures
from kpi.metric import Family
from kpi.models import Membership, Team
from kpi.result import Panel, Query, Viewer
from kpi.rights import NotAllowed
from tests import factories
from tests.web.sample_panel import AS_OF, sample_panel, silent_panel, withheld_panel

pytestmark = pytest.mark.django_db


def client_of(role: str = Membership.Role.EXECUTIVE, *teams: Team, staff: bool = False) -> Client:
    user = factories.UserFactory(username=f"{role}-{staff}", is_staff=staff)
    Membership.objects.create(user=user, role=role).teams.set(teams)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Query]:
    """The door answers with the sample panel and remembers what it was asked."""
    return answers_with(monkeypatch, sample_panel)


def answers_with(monkeypatch: pytest.MonkeyPatch, make: Callable[[Query], Panel], as_of: date | None = AS_OF) -> list[Query]:
    questions: list[Query] = []

    def answer(viewer: Viewer, query: Query) -> Panel:
        questions.append(query)
        return make(query)

    monkeypatch.setattr(door, "build_panel", answer)
    monkeypatch.setattr(door, "data_as_of", lambda: as_of)
    return questions


def text_of(response: Any) -> str:
    """The page as words, white space evened out."""
    content = re.sub(r"<script.*?</script>|<style.*?</style>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


def test_numbers_arrive_with_the_page(asked: list[Query]) -> None:
    page = client_of().get("/")
    words = text_of(page)
    assert page.status_code == 200
    for figure in ("81.4 %", "58 / 100", "72 / 100", "9.6 FTE", "±1.1 · 4 812 answers", "A saving with a cost."):
        assert figure in words
    assert len(asked) == 1, "one panel a request"


def test_every_number_is_one_click_from_its_definition(asked: list[Query]) -> None:
    content = client_of().get("/").content.decode()
    for metric in ("csat", "agent_wellbeing_index", "resolution_quality", "fte_reduction"):
        assert content.count(f'href="/definitions/{metric}/"') >= 3, "column, table of teams, footer"


def test_nothing_on_the_page_needs_an_inline_script_or_style(asked: list[Query]) -> None:
    content = client_of().get("/").content.decode()
    assert "<style" not in content
    assert not re.search(r"\son\w+=", content)
    assert all("src=" in tag or 'type="application/json"' in tag for tag in re.findall(r"<script[^>]*>", content))
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", content)


def test_no_saving_is_given_away_where_it_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    answers_with(monkeypatch, withheld_panel)
    page = client_of().get("/")
    content, words = page.content.decode(), text_of(page)
    assert "Withheld" in words
    assert "To see it:" in words
    assert not re.search(r"\b9\.6\b|\b103\.2\b|9\.3 %", words)
    assert "waterfall-figure" not in content
    assert "Where the FTE come from" not in words


def test_the_saving_has_no_colour_of_good_or_bad(asked: list[Query]) -> None:
    content = client_of().get("/").content.decode()
    columns = re.findall(r'<article class="kpi (\w+)">(.*?)</article>', content, flags=re.S)
    assert [family for family, _body in columns] == ["customer", "wellbeing", "resolution", "savings"]
    saving = dict(columns)["savings"]
    assert 'class="change none"' in saving
    assert 'class="change worse"' in dict(columns)["wellbeing"]
    assert 'class="change none"' in dict(columns)["customer"], "no clear change has no colour"


def test_a_small_team_says_why_in_the_place_of_its_numbers(asked: list[Query]) -> None:
    words = text_of(client_of().get("/"))
    assert re.search(r"Wren .*protected .*groups of 10 and more.*withheld without agent wellbeing", words)


def test_filters_in_the_address_reach_the_panel(asked: list[Query], lark: Team) -> None:
    page = client_of().get("/", {"period": "2026-09", "compare": "previous", "team": lark.pk})
    [query] = asked
    assert (query.period_key, query.comparison_key, query.scope.teams) == ("2026-09", "previous", frozenset({lark.pk}))
    assert "lift this filter" in text_of(page)


def test_a_parameter_that_is_not_understood_is_named_and_the_page_opens(asked: list[Query]) -> None:
    page = client_of().get("/", {"period": "soon", "site": "\x00", "channel": "7" * 5000})
    assert page.status_code == 200
    assert text_of(page).count("The filter was left out.") == 2
    assert "This period is not understood" in text_of(page)


def test_a_team_of_somebody_else_is_not_named(asked: list[Query], lark: Team, wren: Team) -> None:
    page = client_of(Membership.Role.MANAGER, lark).get("/", {"team": wren.pk})
    assert "This team is not one of yours" in text_of(page)
    assert "Wren · Harbour" not in text_of(page)


def test_what_the_door_refuses_is_not_found(monkeypatch: pytest.MonkeyPatch, lark: Team) -> None:
    def refuse(query: Query) -> Panel:
        raise NotAllowed("team of somebody else")

    answers_with(monkeypatch, refuse)
    page = client_of(Membership.Role.MANAGER, lark).get("/")
    assert page.status_code == 404
    assert "somebody" not in text_of(page)


def test_filters_without_data_say_what_to_do_next(monkeypatch: pytest.MonkeyPatch, lark: Team) -> None:
    answers_with(monkeypatch, silent_panel)
    words = text_of(client_of().get("/", {"team": lark.pk}))
    assert "Nothing to show for these filters." in words
    assert "without team “Lark · Harbour”" in words


def test_an_empty_database_says_how_to_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    questions = answers_with(monkeypatch, sample_panel, as_of=None)
    words = text_of(client_of().get("/"))
    assert "No data yet" in words
    assert "import_file" in words
    assert "make demo" in words
    assert questions == []


@pytest.mark.parametrize("role", [Membership.Role.STEWARD, Membership.Role.ADMINISTRATOR])
def test_a_role_without_dashboards_learns_who_can_give_the_right(asked: list[Query], role: str) -> None:
    page = client_of(role, staff=True).get("/")
    assert page.status_code == 403
    assert "An administrator can give you the role" in text_of(page)
    assert 'href="/admin/"' in page.content.decode()
    assert asked == []


def test_nobody_reads_without_logging_in(client: Client) -> None:
    for address in ("/", "/definitions/", "/definitions/csat/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, f"/login/?next={address}")


def test_logging_in_and_out(client: Client, asked: list[Query]) -> None:
    user = factories.UserFactory(username="ada")
    user.set_password("a long sentence")
    user.save()
    Membership.objects.create(user=user, role=Membership.Role.EXECUTIVE)
    wrong = client.post("/login/", {"username": "ada", "password": "no"})
    assert "Name and password do not match" in text_of(wrong)
    assert client.post("/login/", {"username": "ada", "password": "a long sentence"}).status_code == 302
    assert client.get("/").status_code == 200
    assert client.post("/logout/").status_code == 302
    assert client.get("/").status_code == 302


def test_the_same_page_again_is_not_sent_again(asked: list[Query]) -> None:
    client = client_of()
    first = client.get("/")
    assert set(first["Cache-Control"].split(", ")) == {"private", "no-cache"}
    again = client.get("/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len(asked) == 1, "the panel is not built again"


def test_a_page_is_sent_again_when_the_data_change_or_somebody_else_asks(asked: list[Query], monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of()
    tag = client.get("/")["ETag"]
    assert client_of(Membership.Role.ANALYST).get("/", headers={"if-none-match": tag}).status_code == 200
    monkeypatch.setattr(door, "version_key", lambda: "another")
    assert client.get("/", headers={"if-none-match": tag}).status_code == 200


def test_navigation_shows_only_pages_that_exist(asked: list[Query]) -> None:
    plain = client_of().get("/").content.decode()
    staff = client_of(Membership.Role.ANALYST, staff=True).get("/").content.decode()
    beside = [f"/{key}/" for key in sheet.pages()]
    assert beside, "figures stand on pages beside the overview"
    assert addresses(plain)[: 1 + len(beside)] == ["/", *beside]
    for found, role, is_staff in ((plain, Membership.Role.EXECUTIVE, False), (staff, Membership.Role.ANALYST, True)):
        places = [place for place in registry.places() if (not place.roles or role in place.roles) and (is_staff or not place.staff)]
        assert sorted(addresses(found)) == sorted([*beside, *(reverse(place.url) for place in places)])


def addresses(page: str) -> list[str]:
    """Where the navigation leads, without the filters it keeps."""
    return [found.split("?")[0] for found in re.findall(r'<li><a href="([^"]+)"', page.split("</nav>")[0])]


def test_navigation_keeps_the_filters(asked: list[Query]) -> None:
    page = client_of().get("/?period=4w").content.decode().split("</nav>")[0]
    assert re.search(r'<li><a href="/resolution/\?period=4w', page)


def test_every_metric_has_its_page_with_a_worked_example() -> None:
    client = client_of(Membership.Role.STEWARD)
    listed = client.get("/definitions/").content.decode()
    assert registry.metrics()
    for key, metric in registry.metrics().items():
        assert f'href="/definitions/{key}/"' in listed
        words = text_of(client.get(f"/definitions/{key}/"))
        assert "Worked example" in words
        assert str(metric.measures[0].key) in words
        told = words_of_figures.figure(metric.example.gives, metric.unit)
        assert (told in words) is (metric.family is not Family.SAVINGS)
    assert client.get("/definitions/nothing/").status_code == 404


def test_a_definition_follows_the_file_that_takes_the_place_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(Membership.Role.STEWARD)
    real = registry.metrics()
    assert str(real["csat"].caveat) in text_of(client.get("/definitions/csat/"))
    other = {**real, "csat": dataclasses.replace(real["csat"], caveat="Another caveat.")}
    monkeypatch.setattr(registry, "metrics", lambda: other)
    assert "Another caveat." in text_of(client.get("/definitions/csat/"))
    monkeypatch.undo()
    assert str(real["csat"].caveat) in text_of(client.get("/definitions/csat/"))


def test_the_answers_for_machines(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").status_code == 200
    assert client.post("/healthz").status_code == 405
