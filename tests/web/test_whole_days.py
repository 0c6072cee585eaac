"""Whole days: records against what is usual on a weekday, contacts against the vendor's own totals, and nobody's day at work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kpi.intake.vendor_totals import read_totals
from kpi.intake.wholeness import completeness
from kpi.models import DataSource, VendorTotal
from tests import factories
from tests.web.test_data_pages import client_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MONDAY = date(2026, 4, 6)


@pytest.fixture
def calls() -> DataSource:
    """Twelve contacts on each of five Mondays, four on the last one."""
    source: DataSource = factories.DataSourceFactory(key="calls", format="interactions_csv")
    team = factories.TeamFactory()
    for week in range(6):
        for _contact in range(4 if week == 0 else 12):
            factories.InteractionFactory(source=source, team=team, day=MONDAY - timedelta(weeks=week))
    return source


def test_a_day_with_less_than_half_of_what_is_usual_is_marked_and_an_empty_one_too(calls: DataSource) -> None:
    [found] = completeness()
    assert [(line.day, line.said) for line in found.wrong] == [(MONDAY, "4, usually 12")]
    assert found.whole == 27
    [later] = completeness(MONDAY + timedelta(8))
    assert [line.said for line in later.wrong] == ["4, usually 12", "nothing came, usually 12"]


def test_of_who_was_at_work_a_day_is_marked_and_no_number_told() -> None:
    source, team = factories.DataSourceFactory(key="shifts", format="agent_days_csv"), factories.TeamFactory()
    for week in range(4):
        for agent in range(3 if week == 0 else 12):
            factories.AgentDayFactory(source=source, team=team, agent=agent, day=MONDAY - timedelta(weeks=week))
    [found] = completeness()
    assert [(line.day, line.said) for line in found.wrong] == [(MONDAY, "fewer than half of what is usual")]
    assert {(line.rows, line.usual) for line in found.days} == {(None, None)}


def test_what_people_answered_about_themselves_is_not_counted() -> None:
    factories.WellbeingAnswerFactory(source=factories.DataSourceFactory(key="pulse", format="wellbeing_answers_csv"))
    assert completeness() == []


def test_totals_are_entered_and_a_day_beyond_the_limit_is_marked(calls: DataSource) -> None:
    steward = client_as("steward")
    text = f"{MONDAY};5\n{MONDAY - timedelta(7)};12"
    assert "2 days are kept" in steward.post("/data/days/", {"source": calls.pk, "text": text}, follow=True).content.decode()
    page = steward.get("/data/days/").content.decode()
    assert "Contacts differ from the vendor’s totals: calls." in page
    assert "−1 (20.0\u202f%)" in page
    steward.post("/data/days/", {"source": calls.pk, "text": f"{MONDAY};4"})
    assert "Contacts agree" in steward.get("/data/days/").content.decode()
    assert VendorTotal.objects.count() == 2


def test_a_file_of_daily_volumes_is_read_by_its_columns(calls: DataSource) -> None:
    file = SimpleUploadedFile("volumes.csv", b"Fecha,Incoming Calls,Answered Calls\n2026-04-06,4,3\n")
    client_as("steward").post("/data/days/", {"source": calls.pk, "file": file})
    assert VendorTotal.objects.get().contacts == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("03/04/2026;5", "Line 1: “03/04/2026” is not a day"),
        ("2026-04-01;1,5", "Line 1: “1"),
        ("2026-04-01;-5", "is not a number of contacts"),
        ("2026-04-14;5", "is still to come"),
        ("day;contacts\n2026-04-01;5\n2026-04-01;6", "Line 3: the day 2026-04-01 stands there twice"),
        ("2026-04-01", "is not a number of contacts"),
    ],
)
def test_a_line_that_is_not_understood_is_named_and_nothing_kept(calls: DataSource, text: str, said: str) -> None:
    _lines, problems = read_totals(text)
    assert said in " ".join(problems)
    answer = client_as("steward").post("/data/days/", {"source": calls.pk, "text": text})
    assert (answer.status_code, VendorTotal.objects.count()) == (400, 0)


def test_who_only_reads_enters_nothing(calls: DataSource) -> None:
    executive = client_as("executive")
    assert "Keep these totals" not in executive.get("/data/days/").content.decode()
    assert executive.post("/data/days/", {"source": calls.pk, "text": f"{MONDAY};5"}).status_code == 404
