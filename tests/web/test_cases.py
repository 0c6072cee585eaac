"""Lists of contacts on the web: who opens them, what stands in them, and that the file is the page."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from django.test import Client

from kpi import registry
from kpi.cases import KINDS
from kpi.cells import pseudonym_text
from kpi.models import Interaction, Membership, Team
from tests import factories
from tests.kpi.rollup_help import loaded
from tests.web.test_pages import client_of, text_of

pytestmark = pytest.mark.django_db
WEEKS = {"period": "custom", "from": "2026-03-02", "to": "2026-03-29"}
AGENT, CUSTOMER = 424_242, 99_000_111


@pytest.fixture
def looped(lark: Team, heron: Team) -> Team:
    """One customer in a loop in each of two teams."""
    loaded(date(2026, 3, 2), date(2026, 4, 13))
    for number, team in enumerate((lark, heron)):
        factories.InteractionFactory(
            team=team, agent=AGENT, customer=CUSTOMER + number, external_id=f"=loop-{team.name}", handled_by=Interaction.HandledBy.AI,
            role=Interaction.Role.REPEAT, returned=True, started_at=datetime(2026, 3, 10, 9, tzinfo=UTC),
        )  # fmt: skip
    return lark


def rows(client: Client) -> list[list[str]]:
    text = client.get("/export/lists/loops.csv", WEEKS).content.decode("utf-8-sig")
    everything = list(csv.reader(io.StringIO(text)))
    return everything[everything.index([]) + 1 :]


def test_the_list_names_contacts_and_pseudonyms_and_no_agent(looped: Team) -> None:
    page = client_of(Membership.Role.ANALYST).get("/lists/loops/", WEEKS)
    words = text_of(page)
    assert page.status_code == 200
    for told in ("2 on the list", "=loop-Lark", pseudonym_text(CUSTOMER), "came back again", "10 Mar 2026"):
        assert told in words
    assert str(AGENT) not in page.content.decode()


def test_the_file_holds_the_same_and_runs_no_formula(looped: Team) -> None:
    head, *found = rows(client_of(Membership.Role.ANALYST))
    assert head == ["closed_on", "customer", "intent", "channel", "queue", "source", "contact", "why"]
    assert {row[1] for row in found} == {pseudonym_text(CUSTOMER), pseudonym_text(CUSTOMER + 1)}
    assert {row[6] for row in found} == {"'=loop-Lark", "'=loop-Heron"}
    assert str(AGENT) not in str(found)


def test_a_manager_gets_the_own_team_on_page_and_in_the_file(looped: Team) -> None:
    client = client_of(Membership.Role.MANAGER, looped)
    assert "Heron" not in text_of(client.get("/lists/loops/", WEEKS))
    assert [row[6] for row in rows(client)[1:]] == ["'=loop-Lark"]


@pytest.mark.parametrize("role", [Membership.Role.EXECUTIVE, Membership.Role.REPRESENTATIVE])
@pytest.mark.parametrize("address", ["/lists/loops/", "/export/lists/loops.csv", "/export/lists/loops.xlsx"])
def test_roles_that_read_totals_are_refused(role: str, address: str, looped: Team) -> None:
    answer = client_of(role).get(address, WEEKS)
    assert answer.status_code == 403
    assert "loop-" not in answer.content.decode()


def test_the_book_holds_the_rows_of_the_file_and_runs_no_formula(looped: Team) -> None:
    client = client_of(Membership.Role.ANALYST)
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/export/lists/loops.xlsx", WEEKS).content)).active
    told = [[cell or "" for cell in row] for row in sheet.iter_rows(min_row=5, values_only=True)]
    assert told == [[cell.removeprefix("'") for cell in row] for row in rows(client)]
    assert {cell.data_type for cell in sheet["G"] if cell.value} == {"s"}
    assert sheet.freeze_panes == "A6"


@pytest.mark.parametrize(("role", "there"), [(Membership.Role.ANALYST, True), (Membership.Role.EXECUTIVE, False)])
def test_the_page_leads_to_the_list_those_who_may_open_it(role: str, there: bool, looped: Team) -> None:
    page = client_of(role).get("/human-ai/", WEEKS).content.decode()
    assert ("/lists/loops/?" in page) is there


def test_a_list_that_is_empty_says_so_and_an_unknown_one_is_not_found(lark: Team) -> None:
    loaded(date(2026, 3, 2), date(2026, 4, 13))
    factories.InteractionFactory(team=lark)
    client = client_of(Membership.Role.ANALYST)
    assert "Nobody is on the list." in text_of(client.get("/lists/loops/", WEEKS))
    assert client.get("/lists/nothing/").status_code == 404
    assert client.get("/export/lists/nothing.csv").status_code == 404


def test_every_list_stands_beside_a_figure_of_its_page() -> None:
    assert [kind.key for kind in KINDS.values() if registry.metrics()[kind.metric].page != kind.page] == []
