"""A filter by intent or tier: the same figures as its line in the table, the people behind it as one group, and nothing about a few."""

from __future__ import annotations

import pytest

from kpi import ledger
from kpi.metric import Period, Status
from kpi.models import Intent, Team
from kpi.panel import build_panel
from kpi.result import Query, Scope
from kpi.rollup import roll_up_due
from kpi.scopes import organisation
from kpi.sheet import build_sheet
from kpi.slices import sliced_unit
from tests import factories
from tests.kpi.test_slices import EXECUTIVE, NOON, WEEK, served, standing_sites, table, two_sites

__all__ = ["standing_sites", "two_sites"]
pytestmark = pytest.mark.django_db


def intent(code: str) -> int:
    return Intent.objects.get(code=code).pk


def fcr_of(scope: Scope) -> tuple[float | None, int | None, Status]:
    columns = [column for section in build_sheet(EXECUTIVE, Query(WEEK, scope), "resolution").sections for column in section.columns]
    found = next(column.result for column in columns if column.result.metric == "fcr")
    return found.value, found.n, found.status


@pytest.mark.parametrize("at_one_site", [False, True])
def test_the_filtered_page_shows_what_its_line_shows(two_sites: Team, at_one_site: bool) -> None:
    site = two_sites.site_id if at_one_site else None
    line = table("By intent", Scope(site=site))["Billing"]
    assert fcr_of(Scope(site=site, intent=intent("billing"))) == line


def test_a_tier_is_filtered_as_the_rows_count_it(two_sites: Team) -> None:
    assert fcr_of(Scope(tier="high"))[:2] == (0.75, 48)
    assert fcr_of(Scope(tier="other"))[:2] == (0.5, 48)


def test_wellbeing_is_that_of_the_teams_behind_at_least_one_in_twenty_contacts(two_sites: Team) -> None:
    wren = factories.TeamFactory(name="Wren", site=two_sites.site)
    factories.InteractionFactory(team=wren, site=wren.site, intent=Intent.objects.get(code="billing"), started_at=NOON)
    ledger.mark_due("interaction", [NOON.date()])
    roll_up_due()
    owl = Team.objects.get(name="Owl")
    assert sliced_unit(Scope(intent=intent("billing")), WEEK, organisation()).teams == {two_sites.pk, owl.pk}
    assert sliced_unit(Scope(tier="high"), WEEK, organisation()).teams == {two_sites.pk}
    assert sliced_unit(Scope(site=owl.site_id, intent=intent("orders")), WEEK, organisation()).teams == frozenset()


def test_the_panel_names_the_cut_and_its_teams_and_has_no_table_of_teams(two_sites: Team) -> None:
    shown = build_panel(EXECUTIVE, Query(WEEK, Scope(intent=intent("billing"))))
    assert shown.title == "All sites · Billing"
    assert shown.teams == ()
    assert "Lark" in shown.people_text
    assert "Owl" in shown.people_text
    assert shown.columns[3].result.value is None, "no wellbeing, no saving"


def test_a_hidden_line_is_hidden_as_a_filter_too(two_sites: Team) -> None:
    served(two_sites, "rare", 2, each=30)
    served(two_sites, "refund", 9)
    ledger.mark_due("interaction", [NOON.date()])
    roll_up_due()
    hidden = {label for label, (_value, _n, status) in table("By intent").items() if status is Status.SUPPRESSED}
    assert "Rare" in hidden
    for label in ("Rare", "Billing", "Orders", "Refund"):
        scope = Scope(intent=intent(label.lower()))
        assert (fcr_of(scope)[2] is Status.SUPPRESSED) == (label in hidden)
        told = build_panel(EXECUTIVE, Query(WEEK, scope)).growth.weeks
        assert not (told and label in hidden), "nor are its weeks told"


def test_days_become_whole_weeks(two_sites: Team) -> None:
    days = Period(WEEK.start, WEEK.end.replace(day=7))
    assert build_panel(EXECUTIVE, Query(days, Scope(tier="high"))).query.period == WEEK
