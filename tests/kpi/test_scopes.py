"""Which rows are added up for a scope, for contacts and for people (metrics.md 0.4)."""

from datetime import date

import pytest

from kpi import registry
from kpi.metric import Period
from kpi.models import Cell, Team
from kpi.result import Scope, Viewer
from kpi.rights import grant
from kpi.scopes import Part, Unit, organisation, team_units, unit_of
from kpi.totals import EVERYTHING, Members
from tests import factories
from tests.kpi.rollup_help import contacts

PERIOD = Period(date(2026, 3, 2), date(2026, 3, 30))
EVERYBODY = Viewer("executive")


def unit(scope: Scope, viewer: Viewer = EVERYBODY) -> Unit:
    return unit_of(grant(viewer, scope), PERIOD, organisation())


@pytest.fixture
def owl(db: None) -> Team:
    return factories.staffed_team("Owl", people=20, site=factories.SiteFactory(code="north", name="North"))


@pytest.fixture
def queue(lark: Team, wren: Team, heron: Team, owl: Team) -> dict[str, int]:
    """1000 contacts of one queue: Lark 641, Wren 50, Heron 49, Owl 200, nobody (the AI alone) 60."""
    key, voice, chat = factories.QueueFactory(), factories.ChannelFactory(), factories.ChannelFactory(code="chat")
    for team, count in ((lark, 641), (wren, 50), (heron, 49), (owl, 200), (None, 60)):
        cell = Cell.objects.create(
            site=team.site_id if team else lark.site_id,
            team=team.pk if team else 0,
            queue=key.pk,
            channel=voice.pk if team != owl else chat.pk,
        )
        contacts("cell", cell.pk, date(2026, 3, 9), count, grain="w")
    return {"queue": key.pk, "voice": voice.pk, "chat": chat.pk}


def test_the_company_is_all_rows_site_by_site(lark: Team, owl: Team) -> None:
    found = unit(Scope())
    assert (found.work, found.people, found.teams) == (EVERYTHING, EVERYTHING, None)
    assert found.sites == {lark.site_id, owl.site_id}


def test_a_site_is_its_rows_and_its_teams(lark: Team, wren: Team, owl: Team) -> None:
    found, here = unit(Scope(site=lark.site_id)), Members("site", (lark.site_id,))
    assert found == Unit(here, here, (Part(lark.site_id, here, here),), frozenset({lark.pk, wren.pk}))


def test_several_teams_are_taken_together_site_by_site(lark: Team, wren: Team, owl: Team) -> None:
    found = unit(Scope(teams=frozenset({owl.pk, wren.pk, lark.pk})))
    assert set(found.work.ids) == {lark.pk, wren.pk, owl.pk}
    assert {part.site: set(part.people.ids) for part in found.parts} == {lark.site_id: {lark.pk, wren.pk}, owl.site_id: {owl.pk}}


def test_under_a_filter_people_are_the_teams_with_five_percent_of_the_contacts(
    queue: dict[str, int], lark: Team, wren: Team, owl: Team
) -> None:
    found = unit(Scope(queue=queue["queue"]))
    assert found.teams == frozenset({lark.pk, wren.pk, owl.pk})  # Heron has 49 of 1000
    assert (found.people.dimension, set(found.people.ids), found.narrowed) == ("team", {lark.pk, wren.pk, owl.pk}, True)
    assert (found.work.dimension, len(found.work.ids)) == ("cell", 5)


def test_filters_narrow_each_other(queue: dict[str, int], owl: Team) -> None:
    found = unit(Scope(queue=queue["queue"], channel=queue["chat"]))
    assert (found.teams, found.sites) == (frozenset({owl.pk}), frozenset({owl.site_id}))
    assert unit(Scope(site=owl.site_id, channel=queue["voice"])).parts == ()


def test_a_manager_under_a_filter_sees_the_work_of_own_teams(queue: dict[str, int], lark: Team, heron: Team) -> None:
    viewer = Viewer("manager", frozenset({lark.pk, heron.pk}), frozenset({lark.site_id}))
    found = unit(Scope(queue=queue["queue"]), viewer)
    assert (found.teams, len(found.work.ids)) == (frozenset({lark.pk, heron.pk}), 2)  # 49 of 690 is more than 5 %


def test_a_site_whose_teams_did_little_has_work_and_no_people(queue: dict[str, int], lark: Team, owl: Team) -> None:
    cell = Cell.objects.get(team=owl.pk)
    other = Cell.objects.create(site=owl.site_id, team=owl.pk, queue=queue["queue"], channel=queue["voice"])
    contacts("cell", other.pk, date(2026, 3, 9), 1, grain="w")
    found = unit(Scope(queue=queue["queue"], channel=queue["voice"]))
    assert {part.site: part.people for part in found.parts}[owl.site_id] == Members("team", ())
    assert cell.pk not in found.work.ids


def test_a_filter_nobody_worked_under_has_no_people(queue: dict[str, int]) -> None:
    found = unit(Scope(queue=factories.QueueFactory(code="empty").pk))
    assert (found.teams, found.parts, found.work.ids) == (frozenset(), (), ())


def test_where_nothing_counts_contacts_no_team_is_behind_a_filter(queue: dict[str, int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "measures", dict)
        assert unit(Scope(queue=queue["queue"])).teams == frozenset()


def test_a_row_of_the_table_is_the_team_itself(lark: Team) -> None:
    own = Members("team", (lark.pk,))
    assert team_units([lark.pk], Scope(), organisation()) == {
        lark.pk: Unit(own, own, (Part(lark.site_id, own, own),), frozenset({lark.pk}), asked=frozenset({lark.pk}))
    }


def test_a_row_under_a_filter_is_the_filtered_work_and_the_whole_team(queue: dict[str, int], lark: Team, heron: Team) -> None:
    found = team_units([lark.pk, heron.pk], Scope(queue=queue["queue"]), organisation())
    assert [item.work.dimension for item in found.values()] == ["cell", "cell"]
    assert [item.people for item in found.values()] == [Members("team", (lark.pk,)), Members("team", (heron.pk,))]
    assert found[lark.pk].parts == (Part(lark.site_id, found[lark.pk].work, found[lark.pk].people),)


def test_rows_under_a_filter_cost_one_query_for_any_number_of_teams(
    queue: dict[str, int], lark: Team, wren: Team, heron: Team, owl: Team, django_assert_num_queries: object
) -> None:
    there = organisation()
    with django_assert_num_queries(1):  # type: ignore[operator]
        team_units([lark.pk, wren.pk, heron.pk, owl.pk], Scope(queue=queue["queue"]), there)
