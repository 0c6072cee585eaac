"""No figure about the work of fewer than five agents, nor one beside which it could be worked out (metrics.md C2, C3)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kpi.metric import Period, Status
from kpi.models import Cell
from kpi.panel import build_panel
from kpi.protect import Guard, crews_by_period, few_agents
from kpi.result import Panel, Query, Scope
from kpi.scopes import organisation, team_units
from tests import factories
from tests.kpi.panel_help import (
    EXECUTIVE,
    PERIOD,
    YEAR_AGO,
    Centre,
    ask,
    centre,
    everything_said,
    is_empty,
    of,
    planted_beside_wellbeing,
    row,
)
from tests.kpi.rollup_help import contacts, loaded
from tests.memory import forget_all

AGENTS = {"Siskin": 12, "Wren": 4, "Heron": 15, "Owl": 20}
EVERYBODY_ANSWERED = dict.fromkeys(AGENTS, 20)  # nothing is hidden for the survey's sake


@pytest.fixture
def here(db: None) -> Iterator[Centre]:
    """Siskin and Wren work in one queue, and with Heron and Owl in the centre."""
    made = centre(EVERYBODY_ANSWERED)
    shared, machines = factories.QueueFactory(code="shared", name="Shared"), factories.QueueFactory(code="machines", name="Machines")
    for name, agents in AGENTS.items():
        contacts("team", made.teams[name].pk, PERIOD.start, 100, grain="w", agents=agents)
        if name in {"Siskin", "Wren"}:
            worked(made, name, shared.pk, agents)
    worked(made, "Siskin", machines.pk, 0)
    with planted_beside_wellbeing():
        yield replace(made, queues={"shared": shared.pk, "machines": machines.pk})


def worked(made: Centre, name: str, queue: int, agents: int) -> None:
    team = made.teams[name]
    cell = Cell.objects.create(site=team.site_id, team=team.pk, queue=queue, channel=made.channel)
    contacts("cell", cell.pk, PERIOD.start, 100, grain="w", agents=agents)


def shown(found: Panel) -> list[bool]:
    return [column.result.shown for column in found.columns]


def test_the_team_of_four_and_the_one_beside_it_have_no_row_of_figures_and_the_total_has(here: Centre) -> None:
    for scope in (Scope(), Scope(queue=here.queues["shared"])):
        found = ask(scope)
        assert shown(found) == [True] * 4
        for name in ("Siskin", "Wren"):
            customer, _, resolution, saving = row(found, name)
            assert (customer.result.status, resolution.result.status, saving.result.status) == (
                Status.SUPPRESSED,
                Status.SUPPRESSED,
                Status.WITHHELD,
            )
            assert is_empty(customer.result)
            assert is_empty(saving.result)
    assert all(column.result.shown for column in row(ask(), "Heron"))


@pytest.mark.parametrize("name", ["Siskin", "Wren"])
@pytest.mark.parametrize("queue", [None, "shared"])
def test_asked_for_alone_they_show_no_figure_about_their_work(here: Centre, name: str, queue: str | None) -> None:
    found = ask(replace(of(here, name), queue=queue and here.queues[queue]))
    assert [column.result.shown for column in (found.columns[0], *found.columns[2:])] == [False] * 3
    last = found.trend[-1].results
    assert (last[0].shown, last[3].shown) == (False, False)
    assert "7001" not in everything_said(replace(found, trend=found.trend[-1:]))  # nobody worked in the stretches before


def test_the_two_together_are_sixteen_and_shown(here: Centre) -> None:
    assert shown(ask(of(here, "Siskin", "Wren"))) == [True] * 4


def test_beside_a_row_that_is_shown_the_four_cannot_be_subtracted(here: Centre) -> None:
    assert not ask(of(here, "Heron", "Wren")).columns[0].result.shown


def test_contacts_machines_handled_alone_tell_about_nobody(here: Centre) -> None:
    found = ask(Scope(queue=here.queues["machines"]))
    assert found.columns[0].result.shown
    assert row(found, "Siskin")[0].result.shown


def test_a_company_whose_contacts_name_no_team_is_shown(db: None) -> None:
    site = factories.SiteFactory()
    for dimension, member in (("all", 0), ("site", site.pk)):
        contacts(dimension, member, PERIOD.start, 100, grain="w")
    loaded(PERIOD.start, PERIOD.end)
    with planted_beside_wellbeing():
        for scope in (Scope(), Scope(site=site.pk)):
            assert [column.result.shown for column in ask(scope).columns] == [True, False, True, False]


def test_what_is_hidden_is_what_was_counted_in_that_period(here: Centre) -> None:
    there = organisation()
    counted = crews_by_period(team_units(sorted(there.site_of), Scope(), there), [PERIOD, YEAR_AGO])
    assert counted[PERIOD] == {here.teams[name].pk: agents for name, agents in AGENTS.items()}
    wren = team_units([here.teams["Wren"].pk], Scope(), there)[here.teams["Wren"].pk]
    assert few_agents(wren, 12, PERIOD, Guard(there, counted, 5))
    assert not few_agents(wren, 12, YEAR_AGO, Guard(there, counted, 5))


# --- whole weeks, and days to come


def test_a_month_becomes_its_whole_weeks_whatever_is_asked_about(here: Centre) -> None:
    month, march = Period(date(2026, 3, 1), date(2026, 4, 1)), Period(date(2026, 3, 2), date(2026, 3, 30))
    for scope in (Scope(), Scope(site=here.sites["North"].pk), of(here, "Heron"), Scope(queue=here.queues["shared"])):
        found = build_panel(EXECUTIVE, Query(month, scope, month))
        assert (found.query.period, found.query.comparison) == (march, march)
        assert found.weeks_text.startswith("1 Mar – 31 Mar 2026 is read as its whole weeks, 2 Mar – 29 Mar 2026: ")
        assert {column.result.period_end for item in (found, *found.teams) for column in item.columns} == {march.end}


@pytest.mark.parametrize("team", [None, "Heron"])
def test_a_period_to_come_has_no_data_and_no_saving(here: Centre, team: str | None) -> None:
    start = PERIOD.end + timedelta(28)
    found = build_panel(EXECUTIVE, Query(Period(start, start + timedelta(28)), of(here, team) if team else Scope(), PERIOD))
    assert [column.result.status for column in found.columns] == [Status.NO_DATA] * 3 + [Status.WITHHELD]
    assert not any(column.result.shown or column.result.n for item in (found, *found.teams) for column in item.columns)
    assert is_empty(found.columns[3].result)


def test_who_stands_in_for_a_small_team_is_the_same_in_every_period_and_filter(here: Centre) -> None:
    """Else the small one could be added up from answers in which another stands in for it."""
    later = Period(PERIOD.start + timedelta(7), PERIOD.end)
    other = factories.QueueFactory(code="other", name="Other")
    for name, agents in {"Siskin": 12, "Wren": 4, "Heron": 6}.items():
        contacts("team", here.teams[name].pk, later.start, 100, grain="w", agents=agents)
        worked(here, name, other.pk, agents)
    for query in (Query(later), Query(PERIOD), Query(PERIOD, Scope(queue=other.pk))):
        found = build_panel(EXECUTIVE, query)
        hidden = {item.label for item in found.teams if item.columns[0].result.status is Status.SUPPRESSED}
        assert hidden == {"Siskin team", "Wren team"}, query


@pytest.mark.parametrize("name", ["Siskin", "Wren"])
@pytest.mark.parametrize("queue", [None, "shared"])
def test_of_a_protected_team_not_even_the_weekly_contacts_are_told(here: Centre, name: str, queue: str | None) -> None:
    growth = ask(replace(of(here, name), queue=queue and here.queues[queue])).growth
    assert (growth.weeks, growth.turn, growth.n) == ((), None, 0)
    assert "not shown here" in growth.text


def test_parts_of_a_teams_work_are_never_told_by_the_week(here: Centre) -> None:
    """Of fifteen people some part may be the work of one, and the other parts and the team are told beside it."""
    worked(here, "Heron", here.queues["shared"], 15)
    assert ask(of(here, "Heron")).growth.weeks
    assert ask(replace(of(here, "Heron"), queue=here.queues["shared"])).growth.weeks == ()


def test_a_week_in_which_few_worked_hides_every_period_it_is_in(here: Centre) -> None:
    """Two periods that differ by that week would tell what the three did in it."""
    heron = here.teams["Heron"].pk
    assert ask(of(here, "Heron")).columns[0].result.shown
    week = PERIOD.start + timedelta(7)
    contacts("team", heron, week, 10, grain="w", agents=3)
    forget_all()
    found = ask(of(here, "Heron"))
    assert found.columns[0].result.status is Status.SUPPRESSED
    assert all(item.contacts is None for item in found.growth.weeks if item.start == week)
