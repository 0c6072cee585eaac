"""Whatever is wrong in what is stored is found and named by the other route, and repaired by it."""

from datetime import date, timedelta
from functools import cache
from io import StringIO

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from kpi import ledger, recompute, registry, rollup
from kpi.metric import Measure
from kpi.models import Interaction, Rollup
from kpi.packing import pack, unpack
from kpi.recompute.compare import compare
from kpi.recompute.totals import totals
from staffing.models import AgentDay
from tests import factories
from tests.kpi.world import Contact, World, cells, flags

MEASURES = (
    Measure("seen", "interaction", pl.lit(1), stratified=True),
    Measure("talk", "interaction", pl.col("talk_s"), squares=True, scale=10),
    Measure("first", "interaction", pl.when(pl.col("role") == 1).then(~pl.col("returned"))),
    Measure("people", "interaction", pl.col("agent"), peak=True, distinct=True),
    Measure("paid", "agent_day", pl.col("paid_s")),
    Measure("heads", "employment", pl.col("headcount")),
    Measure("answered", "pulse", pl.col("respondents")),
)


@pytest.fixture
def world(db, monkeypatch, clock) -> World:
    own = {measure.key: measure for measure in MEASURES}
    monkeypatch.setattr(registry, "measures", cache(lambda: own))
    world = World()
    world.store([Contact(f"r{n}", n % 4 or None, hours=n * 17.0, minutes=(n % 5) * 400, team=n % 3) for n in range(40)])
    day = AgentDay.objects.get(pk=factories.AgentDayFactory(team=world.teams[0]).pk)
    factories.EmploymentFactory(team=world.teams[1], started_on=date(2026, 3, 1))
    factories.WellbeingAnswerFactory(team=world.teams[2])
    ledger.mark_due("agent_day", [day.day])
    rollup.roll_up_due()
    return world


def test_nothing_differs_after_a_rollup(world) -> None:
    assert {key[0] for key in cells()} == {"interaction"}
    assert {subject for subject in ("agent_day", "employment", "pulse") if cells(subject)} == {"agent_day", "employment", "pulse"}
    assert list(compare()) == []


def test_a_recomputation_writes_the_very_same_totals(world) -> None:
    before, known = [cells(key) for key in registry.subjects()], flags()
    assert recompute.recompute() > 0
    assert [cells(key) for key in registry.subjects()] == before
    assert flags() == known


def tamper(row: Rollup, change: float) -> int:
    values = unpack(row.data)
    slot = max(values)
    values[slot] += change
    Rollup.objects.filter(pk=row.pk).update(data=pack(values))
    return slot


@pytest.mark.parametrize("grain", ["d", "w"])
def test_a_wrong_cell_is_named_and_repaired(world, grain) -> None:
    row = Rollup.objects.filter(subject="interaction", dimension="team", grain=grain).order_by("start", "member")[0]
    tamper(row, 1)
    [found] = compare()
    text = str(found)
    assert f"interaction, team {row.member}, {'day' if grain == 'd' else 'week'} {row.start}" in text
    assert found.stored == found.recomputed + 1
    recompute.recompute()
    assert list(compare()) == []


def test_a_missing_row_and_a_row_too_many_are_found(world) -> None:
    row = Rollup.objects.filter(subject="employment", dimension="all", grain="d")[0]
    row.delete()
    far = date(2020, 1, 6)
    Rollup.objects.create(subject="agent_day", dimension="all", grain="w", member=0, start=far, data=pack({1: 1.0}))
    texts = [str(found) for found in compare()]
    assert any("employment" in text and "stored nothing" in text for text in texts)
    assert any(f"agent_day, all, week {far}" in text for text in texts)
    recompute.recompute()
    assert list(compare()) == []


def test_a_wrong_flag_is_found_with_its_contact(world) -> None:
    contact = Interaction.objects.filter(role=1)[0]
    Interaction.objects.filter(pk=contact.pk).update(role=2)
    texts = [str(found) for found in compare()]
    assert f"contact {contact.pk} of {contact.day}: flags: stored role 2" in texts[0]
    recompute.recompute()
    assert list(compare()) == []


def test_a_contact_lost_behind_the_ledgers_back_is_found(world) -> None:
    contact = Interaction.objects.filter(role=0)[0]
    Interaction.objects.filter(pk=contact.pk).delete()
    assert any(f"all 0, day {contact.day}, seen (count)" in str(found) for found in compare())
    recompute.recompute()
    assert list(compare()) == []


def test_codes_that_name_nothing_are_found(world) -> None:
    contact = Interaction.objects.filter(role=0)[0]
    Interaction.objects.filter(pk=contact.pk).update(queue_id=987_654)
    assert "kpi.Interaction.queue: 1 rows: stored id 987654, recomputed no such queue" in [str(found) for found in compare()]


def test_days_that_are_due_are_not_called_wrong(world) -> None:
    world.store([Contact("new", 1, 5.0)])
    assert list(compare()) == []


def test_a_day_touched_while_it_is_recomputed_stays_due(world, monkeypatch) -> None:
    day = date(2026, 3, 3)

    def meanwhile(subject, days, *rest):
        found = totals(subject, days, *rest)
        if subject.key == "interaction":
            ledger.mark_due("interaction", [day])
        return found

    monkeypatch.setattr(recompute, "totals", meanwhile)
    recompute.recompute()
    assert set(ledger.due()["interaction"]) == {day}


def test_the_commands_say_what_they_found_and_how_to_repair_it(world) -> None:
    out = StringIO()
    call_command("check_data", stdout=out)
    assert "0 differences" in out.getvalue()
    tamper(Rollup.objects.filter(subject="pulse")[0], 2)
    with pytest.raises(CommandError, match=r"1 differences.*roll_up --all") as failed:
        call_command("check_data", stdout=out)
    assert failed.value.returncode == 1
    assert "pulse, " in out.getvalue()
    call_command("roll_up", "--all", stdout=out)
    call_command("check_data", stdout=out)
    world.store([Contact("new", 1, 5.0)])
    call_command("check_data", stdout=out)
    assert "interaction: 1 days are due" in out.getvalue()
    call_command("roll_up", stdout=out)
    assert "days rolled up" in out.getvalue()
    assert ledger.due() == {}


def test_a_recomputation_drops_days_that_lost_all_records(world) -> None:
    last = max(key[4] for key in cells())
    Interaction.objects.filter(day__gt=last - timedelta(10)).delete()
    recompute.recompute()
    assert max(key[4] for key in cells(grain="d")) <= last - timedelta(10)
    assert list(compare()) == []
