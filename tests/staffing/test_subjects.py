"""Heads are counted once, leavers on the day they left, and nobody beyond the data."""

from datetime import date

import pytest

from staffing.subjects import agent_day, employment
from tests import factories

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, WEDNESDAY = (date(2026, 3, day) for day in (2, 3, 4))


def heads(*days: date) -> dict[date, int]:
    return dict(employment.read(days).group_by("day").agg(headcount=employment.pl.col("headcount").sum()).iter_rows())


def test_a_spell_counts_from_its_first_day_to_the_day_before_it_ends() -> None:
    factories.EmploymentFactory(started_on=TUESDAY, ended_on=WEDNESDAY, end_kind="voluntary")
    assert heads(MONDAY, TUESDAY, WEDNESDAY) == {TUESDAY: 1, WEDNESDAY: 0}
    rows = employment.read([TUESDAY, WEDNESDAY]).sort("day")
    assert rows["leaver"].to_list() == [False, True]
    assert rows["contract_fte"].to_list() == [1.0, None]


@pytest.mark.parametrize(("kind", "leaver"), [("voluntary", True), ("redundancy", False), ("moved", False), (None, None)])
def test_only_those_who_chose_to_go_are_leavers(kind, leaver) -> None:
    factories.EmploymentFactory(started_on=MONDAY, ended_on=WEDNESDAY, end_kind=kind)
    assert employment.read([WEDNESDAY])["leaver"].to_list() == [leaver]


def test_two_spells_of_one_person_in_one_team_are_one_head() -> None:
    first = factories.EmploymentFactory(agent=7)
    factories.EmploymentFactory(agent=7, team=first.team, role="coach")
    factories.EmploymentFactory(agent=8, team=first.team)
    assert heads(MONDAY) == {MONDAY: 2}
    assert employment.read([MONDAY])["contract_fte"].sum() == 3


def test_a_person_who_changes_the_role_on_a_day_is_there_on_that_day() -> None:
    first = factories.EmploymentFactory(agent=7, ended_on=TUESDAY, end_kind="moved")
    factories.EmploymentFactory(agent=7, team=first.team, started_on=TUESDAY)
    assert heads(MONDAY, TUESDAY) == {MONDAY: 1, TUESDAY: 1}


def test_employment_reaches_to_the_last_day_with_contacts() -> None:
    factories.EmploymentFactory(started_on=MONDAY)
    assert employment.days(WEDNESDAY) == [MONDAY, TUESDAY]
    assert employment.days(None) == []
    assert employment.until(None) == date.min


def test_no_days_are_no_rows() -> None:
    factories.EmploymentFactory()
    assert employment.read([]).is_empty()


def test_a_working_day_belongs_to_the_site_of_its_team_and_unknown_times_stay_unknown() -> None:
    row = factories.AgentDayFactory(day=MONDAY, training_s=None, sick_s=0.0)
    factories.AgentDayFactory(day=WEDNESDAY)
    [found] = agent_day.read([MONDAY, TUESDAY]).rows(named=True)
    assert (found["site"], found["team"], found["day"]) == (row.team.site_id, row.team_id, MONDAY)
    assert (found["training_s"], found["sick_s"]) == (None, 0.0)
    assert len(agent_day.days(None)) == 3
