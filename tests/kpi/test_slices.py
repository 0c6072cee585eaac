"""Tables by intent and by customer tier: what is added up for a line, and which lines say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kpi import ledger
from kpi.metric import Period, Status
from kpi.models import Interaction, Slice, Team
from kpi.result import Breakdown, Query, Scope, Viewer
from kpi.rollup import roll_up_due
from kpi.sheet import build_sheet
from kpi.slices import hidden_lines, slice_units
from tests import factories
from tests.standing import standing

pytestmark = pytest.mark.django_db
WEEK = Period(date(2026, 3, 2), date(2026, 3, 9))
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
EXECUTIVE = Viewer("executive")


def served(team: Team, intent: str | None, agents: int, *, each: int = 8, tier: str | None = None, returned: int = 0) -> None:
    """Openers of known customers by so many agents; the first `returned` of each agent came back."""
    about = intent and factories.IntentFactory(code=intent)
    shared = {"team": team, "site": team.site, "intent": about, "started_at": NOON, "value_tier": tier, "role": Interaction.Role.OPENER}
    factories.contacts(
        {**shared, "agent": 1000 * team.pk + number % agents, "returned": number // agents < returned} for number in range(agents * each)
    )


def rolled_up(team: Team) -> None:
    """With a contact weeks later, so that all the others had their seven days."""
    factories.InteractionFactory(team=team, intent=factories.IntentFactory(), day=date(2026, 3, 29), role=Interaction.Role.OPENER)
    ledger.mark_due("interaction", [NOON.date(), date(2026, 3, 29)])
    roll_up_due()


@pytest.fixture(scope="module")
def standing_sites(django_db_setup: None, django_db_blocker: Any, own_folder: Path) -> Iterator[Team]:
    with standing(django_db_blocker):
        yield made()


@pytest.fixture
def two_sites(standing_sites: Team, db: None) -> Team:
    """The team of the first site; what one test adds is undone after it."""
    return standing_sites


def made() -> Team:
    lark = factories.staffed_team("Lark", people=12, site=factories.SiteFactory(code="harbour", name="Harbour"))
    north = factories.TeamFactory(name="Owl", site=factories.SiteFactory(code="north"))
    served(lark, "billing", 6, tier="Gold", returned=2)
    served(lark, "orders", 6, tier="basic", returned=4)
    served(north, "billing", 6)
    served(north, None, 6)
    rolled_up(lark)
    return lark


def table(title: str, scope: Scope = Scope(), viewer: Viewer = EXECUTIVE) -> dict[str, tuple[float | None, int | None, Status]]:  # noqa: B008
    """{line: value, n and status of first contact resolution}"""
    sheet = build_sheet(viewer, Query(WEEK, scope), "resolution")
    found: list[Breakdown] = [item for item in sheet.breakdowns if item.title == title]
    lines = found[0].lines if found else ()
    results = {line.label: next(c.result for c in line.columns if c.result.metric == "fcr") for line in lines}
    return {label: (item.value, item.n, item.status) for label, item in results.items()}


def test_each_intent_is_added_up_over_the_sites(two_sites: Team) -> None:
    found = table("By intent")
    assert {label: numbers[:2] for label, numbers in found.items()} == {
        "Billing": (1 - 12 / 96, 96),
        "Orders": (0.5, 48),
        "No intent recorded": (1.0, 48),
    }
    assert list(found) == ["Billing", "Orders", "No intent recorded"]


def test_a_site_has_its_own_lines(two_sites: Team) -> None:
    found = table("By intent", Scope(site=two_sites.site_id))
    assert {label: numbers[:2] for label, numbers in found.items()} == {"Billing": (0.75, 48), "Orders": (0.5, 48)}


def test_tiers_are_high_and_other_and_those_without_one_are_in_neither(two_sites: Team) -> None:
    assert {label: numbers[:2] for label, numbers in table("By customer tier").items()} == {
        "High value tier": (0.75, 48),
        "Other tiers": (0.5, 48),
    }


def test_a_scope_that_names_a_team_or_a_channel_cannot_be_cut(two_sites: Team) -> None:
    for scope in (Scope(teams=frozenset({two_sites.pk})), Scope(channel=factories.ChannelFactory().pk)):
        assert slice_units("intent", scope) == {}
        assert table("By intent", scope) == {}


def test_a_manager_reads_the_lines_of_the_company_and_of_the_own_site_alone(two_sites: Team) -> None:
    manager = Viewer("manager", frozenset({two_sites.pk}), frozenset({two_sites.site_id}))
    assert set(table("By intent", viewer=manager)) == {"Billing", "Orders", "No intent recorded"}
    assert set(table("By intent", Scope(site=two_sites.site_id), manager)) == {"Billing", "Orders"}


def test_an_intent_of_few_agents_is_hidden_and_another_with_it(two_sites: Team) -> None:
    served(two_sites, "rare", 2, each=30)
    served(two_sites, "refund", 9)
    rolled_up(two_sites)
    found = table("By intent")
    hidden = {label for label, (value, _n, status) in found.items() if status is Status.SUPPRESSED and value is None}
    assert "Rare" in hidden
    assert len(hidden) == 2
    assert found["Refund"][2].shows_value


def test_who_stands_in_for_a_small_line_is_decided_by_the_busiest_day_ever() -> None:
    ever = {"rare": 2, "small": 6, "large": 50}
    assert hidden_lines({"rare": 2, "small": 40, "large": 7}, ever, 5) == {"rare", "small"}
    assert hidden_lines({"rare": 9, "small": 40, "large": 7}, ever, 5) == {"rare", "small"}
    assert hidden_lines({"machine": 0, "large": 7}, {"machine": 0, "large": 50}, 5) == set()


def test_the_rows_are_few(two_sites: Team) -> None:
    """One row a day for each intent at each site: not multiplied by queue, channel or tier."""
    assert Slice.objects.filter(dimension="intents").count() == 4
    assert Slice.objects.filter(dimension="tiers").count() == 2
