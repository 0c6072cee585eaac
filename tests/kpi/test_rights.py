"""A manager reads own teams and the totals of own site and company; what is narrowed is narrowed before anything is read."""

import pytest
from django.contrib.auth.models import AnonymousUser

from kpi.models import Cell, Membership, Team
from kpi.result import Scope, Viewer
from kpi.rights import NotAllowed, choices, grant, viewer_of
from tests import factories


@pytest.fixture
def manager(lark: Team) -> Viewer:
    return Viewer("manager", frozenset({lark.pk}), frozenset({lark.site_id}))


@pytest.mark.parametrize("role", ["executive", "analyst", "representative"])
def test_roles_for_the_whole_company_may_read_any_scope(lark: Team, wren: Team, role: str) -> None:
    user = factories.MembershipFactory(role=role).user
    granted = grant(viewer_of(user), Scope())
    assert set(granted.rows) == {lark.pk, wren.pk}


@pytest.mark.parametrize("role", ["steward", "administrator"])
def test_roles_without_dashboards_read_nothing(db: None, role: str) -> None:
    with pytest.raises(NotAllowed):
        viewer_of(factories.MembershipFactory(role=role).user)


def test_nobody_without_a_role_reads_anything(db: None) -> None:
    for user in (AnonymousUser(), factories.UserFactory(), factories.UserFactory(is_superuser=True)):
        with pytest.raises(NotAllowed):
            viewer_of(user)


def test_a_manager_without_teams_reads_nothing(db: None) -> None:
    with pytest.raises(NotAllowed):
        viewer_of(factories.MembershipFactory(role=Membership.Role.MANAGER).user)


def test_a_manager_may_read_the_company_but_only_own_rows(manager: Viewer, lark: Team, wren: Team) -> None:
    assert grant(manager, Scope()).rows == (lark.pk,)
    assert grant(manager, Scope(site=lark.site_id)).rows == (lark.pk,)


def test_a_manager_may_not_read_another_team_or_site(manager: Viewer, lark: Team, wren: Team) -> None:
    elsewhere = factories.SiteFactory()
    for scope in (Scope(teams=frozenset({wren.pk})), Scope(teams=frozenset({lark.pk, wren.pk})), Scope(site=elsewhere.pk)):
        with pytest.raises(NotAllowed):
            grant(manager, scope)


def test_a_filter_by_queue_means_the_managers_own_teams(manager: Viewer, lark: Team, wren: Team) -> None:
    queue = factories.QueueFactory()
    assert grant(manager, Scope(queue=queue.pk)).scope.teams == {lark.pk}


def test_a_manager_is_offered_only_what_may_be_opened(manager: Viewer, lark: Team, wren: Team) -> None:
    ours, theirs = factories.QueueFactory(), factories.QueueFactory()
    channel = factories.ChannelFactory()
    for team, queue in ((lark, ours), (wren, theirs)):
        Cell.objects.create(site=team.site_id, team=team.pk, queue=queue.pk, channel=channel.pk)
    offered = choices(manager)
    assert [key for key, _ in offered.teams] == [lark.pk]
    assert [key for key, _ in offered.queues] == [ours.pk]


def test_a_manager_is_a_viewer_of_own_teams_and_their_sites(lark: Team, manager: Viewer) -> None:
    assert viewer_of(factories.MembershipFactory(role=Membership.Role.MANAGER, teams=[lark]).user) == manager


def test_everything_is_offered_to_those_who_see_all(lark: Team, wren: Team) -> None:
    assert len(choices(Viewer("executive")).teams) == 2
