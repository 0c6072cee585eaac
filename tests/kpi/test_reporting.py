"""Reporting groups: joined before, counted as one from a Monday on, and nobody in them can be told apart afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kpi import cases, ledger, recompute, rollup
from kpi.metric import Period
from kpi.models import Interaction, ReportingGroup, Team
from kpi.panel import build_panel
from kpi.recompute.compare import compare
from kpi.result import Query, Scope, Viewer
from kpi.rights import NotAllowed, viewer_of
from tests import factories
from tests.kpi.world import cells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TODAY = date(2026, 4, 13)  # the clock of the tests: a Monday
FROM, CLOSED, NEXT = date(2026, 3, 9), date(2026, 3, 4), date(2026, 3, 20)
MARCH = Query(Period(date(2026, 3, 2), date(2026, 3, 30)))
EXECUTIVE, ANALYST = Viewer("executive"), Viewer("analyst")
PEOPLE = {"Lark": 12, "Wren": 4, "Finch": 7, "Heron": 14}


def answer(team: Team, wave: str, closed: date) -> None:
    first = factories.WellbeingAnswerFactory(team=team, wave=factories.WaveFactory(code=wave, closed_on=closed))
    same = {"wave": first.wave, "team": first.team, "respondent": first.respondent}
    factories.WellbeingAnswerFactory(**same, instrument="cbi_work", items="3;3;3;3;3;3;3")
    factories.WellbeingAnswerFactory(**same, instrument="hse", items=";".join(["3"] * 35))


@pytest.fixture
def teams() -> dict[str, Team]:
    """One site, two small teams; a wave before the group and one after; a contact of each agent on a day of each week."""
    site = factories.SiteFactory(name="Harbour", code="harbour")
    found = {name: factories.TeamFactory(name=name, site=site) for name in PEOPLE}
    days = [date(2026, 3, 3) + timedelta(weeks=week) for week in range(4)]
    for number, (name, count) in enumerate(PEOPLE.items()):
        for person in range(count):
            answer(found[name], "before", CLOSED)
            answer(found[name], "after", NEXT)
            for day in days:
                factories.InteractionFactory(team=found[name], day=day, agent=100 * number + person)
    ledger.mark_due("interaction", days)
    return found


def join(teams: dict[str, Team], *names: str, start: date = FROM) -> ReportingGroup:
    """As the admin would have done it weeks ago."""
    members = [teams[name] for name in names]
    group = factories.ReportingGroupFactory(row=factories.TeamFactory(name="Small birds", site=members[0].site), valid_from=start)
    group.members.set(members)
    return group


def wellbeing(query: Query = MARCH, viewer: Viewer = EXECUTIVE) -> dict[str, str]:
    return {row.label: str(row.columns[1].result.status) for row in build_panel(viewer, query).teams}


def test_without_a_group_two_small_teams_are_hidden(teams: dict[str, Team]) -> None:
    rollup.roll_up_due()
    assert [name for name, status in wellbeing().items() if status == "suppressed"] == ["Finch", "Wren"]


def test_from_its_day_on_the_teams_are_counted_as_the_group_on_both_routes(teams: dict[str, Team]) -> None:
    group = join(teams, "Wren", "Finch")
    rollup.roll_up_due()
    assert list(compare()) == []
    stored = {key for key in cells("pulse", "d") if key[1] == "team"}
    assert {key[3] for key in stored if key[4] == CLOSED} == {team.pk for team in teams.values()}
    assert {key[3] for key in stored if key[4] == NEXT} == {teams["Lark"].pk, teams["Heron"].pk, group.row_id}
    counted = {(key[3], key[4]) for key in cells(grain="d") if key[1] == "team"}
    assert {member for member, day in counted if day >= FROM} == {teams["Lark"].pk, teams["Heron"].pk, group.row_id}
    before = cells()
    recompute.recompute()
    assert cells() == before


def test_the_group_is_shown_where_its_teams_could_not_be(teams: dict[str, Team]) -> None:
    join(teams, "Wren", "Finch")
    rollup.roll_up_due()
    found = wellbeing()
    assert found["Small birds"] not in ("suppressed", "no_data")
    assert (found["Wren"], found["Finch"]) == ("suppressed", "suppressed"), "of the wave before, which was theirs"
    panel = build_panel(EXECUTIVE, MARCH)
    everyone = build_panel(EXECUTIVE, Query(MARCH.period, Scope(site=teams["Wren"].site_id)))
    assert panel.columns[1].result.n == everyone.columns[1].result.n


def test_a_group_that_is_still_too_small_is_hidden_with_a_neighbour(teams: dict[str, Team]) -> None:
    Team.objects.filter(pk=teams["Heron"].pk).update(active=False)
    small = {name: teams[name] for name in ("Wren", "Finch")}
    extra = factories.TeamFactory(name="Tit", site=teams["Wren"].site)
    for _person in range(3):
        answer(extra, "after", NEXT)
    join({**small, "Tit": extra}, "Wren", "Tit")
    rollup.roll_up_due()
    assert [name for name, status in wellbeing().items() if status == "suppressed"] == ["Finch", "Small birds", "Wren"]


def test_a_wave_that_closed_before_stays_as_it_was_answered(teams: dict[str, Team]) -> None:
    rollup.roll_up_due()
    before = {key: value for key, value in cells("pulse", "d").items() if key[4] == CLOSED}
    join(teams, "Wren", "Finch")
    ledger.mark_all_due("pulse")
    rollup.roll_up_due()
    assert {key: value for key, value in cells("pulse", "d").items() if key[4] == CLOSED} == before


def test_a_manager_of_one_of_the_teams_sees_the_group_and_lists_the_own_contacts(teams: dict[str, Team]) -> None:
    group = join(teams, "Wren", "Finch")
    rollup.roll_up_due()
    user = factories.UserFactory()
    factories.MembershipFactory(user=user, role="manager", teams=[teams["Wren"]])
    viewer = viewer_of(user)
    assert set(wellbeing(viewer=viewer)) == {"Small birds", "Wren"}
    with pytest.raises(NotAllowed):
        build_panel(viewer, Query(MARCH.period, Scope(teams=frozenset({teams["Finch"].pk}))))
    looped = {"handled_by": "ai", "role": Interaction.Role.REPEAT, "returned": True, "day": date(2026, 3, 17)}
    for number, name in enumerate(("Wren", "Finch")):
        factories.InteractionFactory(team=teams[name], external_id=name, customer=5 + number, **looped)

    def listed(who: Viewer, scope: Scope) -> list[str]:
        return sorted(case.reference for case in cases.list_cases(who, Query(MARCH.period, scope), cases.KINDS["loops"]).cases)

    of_group = Scope(teams=frozenset({group.row_id}))
    assert listed(viewer, Scope()) == ["Wren"]
    assert listed(viewer, of_group) == ["Wren"]
    assert listed(ANALYST, of_group) == ["Finch", "Wren"]


@pytest.fixture
def boss() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client


ADD = "/admin/kpi/reportinggroup/add/"


def asked(boss: Client, members: list[Team], start: date = date(2026, 4, 20), name: str = "Small birds") -> str:
    form = {"name": name, "members": [team.pk for team in members], "valid_from": start.isoformat(), "signed_by": "A. Person"}
    return boss.post(ADD, form).content.decode()


def test_the_administrator_joins_teams_from_a_monday_to_come(boss: Client) -> None:
    site = factories.SiteFactory()
    members = [factories.TeamFactory(site=site) for _ in range(2)]
    assert asked(boss, members) == ""
    group = ReportingGroup.objects.get()
    assert (group.row.name, group.row.site, group.entered_by.username) == ("Small birds", site, "boss")
    assert set(group.members.all()) == set(members)
    assert boss.post(f"/admin/kpi/reportinggroup/{group.pk}/delete/", {"post": "yes"}).status_code == 403
    assert boss.post(f"/admin/kpi/reportinggroup/{group.pk}/change/", {"signed_by": "B"}).status_code == 403
    other = factories.TeamFactory(site=site)
    assert "Select a valid choice" in asked(boss, [members[0], other], name="Again"), "a team is in one group"
    assert "already called" in asked(boss, [other, factories.TeamFactory(site=site)])


@pytest.mark.parametrize("start", [TODAY, date(2026, 4, 6), date(2026, 4, 21)])
def test_a_group_never_reaches_back_and_begins_with_a_week(boss: Client, start: date) -> None:
    site = factories.SiteFactory()
    assert "from a Monday to come" in asked(boss, [factories.TeamFactory(site=site) for _ in range(2)], start)


def test_one_team_or_two_sites_are_no_group(boss: Client) -> None:
    one = factories.TeamFactory()
    assert "at least two teams" in asked(boss, [one])
    assert "teams of one site" in asked(boss, [one, factories.TeamFactory()])


@pytest.mark.parametrize(("opened", "refused"), [(date(2026, 4, 1), True), (None, True), (date(2026, 4, 20), False)])
def test_teams_are_joined_before_a_wave_opens_never_after(boss: Client, opened: date | None, refused: bool) -> None:
    factories.WaveFactory(code="spring", opened_on=opened, closed_on=date(2026, 5, 1))
    site = factories.SiteFactory()
    page = asked(boss, [factories.TeamFactory(site=site) for _ in range(2)])
    assert ("join teams before, never after" in page) is refused
    assert ReportingGroup.objects.exists() is not refused
