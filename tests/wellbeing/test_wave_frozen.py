"""A wave is frozen at its closing date (C7): who moves afterwards, a person or a team, does not rewrite it, nor give anybody away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.test import Client

from kpi import ledger, recompute, rollup
from kpi.metric import Period
from kpi.models import Team
from kpi.panel import build_panel
from kpi.recompute.compare import compare
from kpi.result import Query, Scope, Viewer
from tests import factories
from tests.kpi.world import cells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
CLOSED = date(2026, 3, 20)
MARCH = Query(Period(date(2026, 3, 2), date(2026, 3, 30)))
EXECUTIVE = Viewer("executive")
PEOPLE = {"Lark": 12, "Heron": 14, "Wren": 4, "Owl": 11}


@pytest.fixture
def answered() -> dict[str, Team]:
    """Three teams at Harbour, one of them small, and one at North; all three instruments of the index."""
    sites = {name: factories.SiteFactory(name=name, code=name.lower()) for name in ("Harbour", "North")}
    teams = {name: factories.TeamFactory(name=name, site=sites["North" if name == "Owl" else "Harbour"]) for name in PEOPLE}
    for name, count in PEOPLE.items():
        for _person in range(count):
            first = factories.WellbeingAnswerFactory(team=teams[name])
            same = {"wave": first.wave, "team": first.team, "respondent": first.respondent}
            factories.WellbeingAnswerFactory(**same, instrument="cbi_work", items="3;3;3;3;3;3;3")
            factories.WellbeingAnswerFactory(**same, instrument="hse", items=";".join(["3"] * 35))
        factories.InteractionFactory(team=teams[name], day=MARCH.period.end - timedelta(1))
    ledger.mark_due("interaction", [MARCH.period.end - timedelta(1)])
    rollup.roll_up_due()
    return teams


def told() -> list[object]:
    """What the company, each site and each team are told of wellbeing."""
    panel = build_panel(EXECUTIVE, MARCH)
    found: list[object] = [(row.label, row.site, row.columns[1].result.text, row.columns[1].result.status) for row in panel.teams]
    for site in sorted({team.site_id for team in Team.objects.all()}):
        result = build_panel(EXECUTIVE, Query(MARCH.period, Scope(site=site))).columns[1].result
        found.append((site, result.text, result.n, result.status))
    return found


def test_a_team_with_a_closed_wave_cannot_be_moved_by_anybody(answered: dict[str, Team]) -> None:
    before, stored = told(), cells("pulse")
    north = answered["Owl"].site
    with pytest.raises(DatabaseError, match="add a new team at the other site"), transaction.atomic():
        Team.objects.filter(pk=answered["Heron"].pk).update(site=north)
    moved = Team.objects.get(pk=answered["Heron"].pk)
    moved.site = north
    with pytest.raises(DatabaseError), transaction.atomic():
        moved.save()
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    form = {"code": moved.code, "name": moved.name, "site": north.pk, "active": "on"}
    assert "Add a new team at the other site" in client.post(f"/admin/kpi/team/{moved.pk}/change/", form).content.decode()
    recompute.recompute()
    assert (told(), cells("pulse")) == (before, stored)
    assert list(compare()) == []


def test_a_team_that_goes_on_at_another_site_leaves_its_wave_where_it_was(answered: dict[str, Team]) -> None:
    """As the admin asks for it: a new team there, the old one inactive. It stays among those that protect its small neighbour."""
    before, stored = told(), cells("pulse")
    assert [row[3] for row in before[:4] if isinstance(row, tuple)].count("suppressed") == 2, "Wren, and one beside it"
    Team.objects.filter(pk=answered["Heron"].pk).update(active=False)
    new = factories.TeamFactory(name="Heron at North", site=answered["Owl"].site)
    factories.WellbeingAnswerFactory(team=new, wave=factories.WaveFactory(code="next", closed_on=date(2026, 4, 10)))
    factories.InteractionFactory(team=new, day=date(2026, 4, 11))
    ledger.mark_due("interaction", [date(2026, 4, 11)])
    rollup.roll_up_due()
    recompute.recompute()
    kept = [row for row in told() if not (isinstance(row, tuple) and row[0] == "Heron at North")]
    assert kept == before
    assert {key: value for key, value in cells("pulse", "d").items() if key[4] == CLOSED} == {
        key: value for key, value in stored.items() if key[2] == "d" and key[4] == CLOSED
    }


def test_who_changes_the_team_afterwards_counts_where_they_answered(answered: dict[str, Team]) -> None:
    stored = cells("pulse")
    factories.EmploymentFactory(team=answered["Lark"], started_on=date(2025, 1, 1), ended_on=date(2026, 3, 25), end_kind="moved")
    factories.EmploymentFactory(team=answered["Wren"], started_on=date(2026, 3, 26))
    recompute.recompute()
    assert cells("pulse") == stored


def test_a_team_without_totals_may_still_be_put_right() -> None:
    team, other = factories.TeamFactory(), factories.SiteFactory()
    Team.objects.filter(pk=team.pk).update(site=other)
    assert Team.objects.get(pk=team.pk).site == other
