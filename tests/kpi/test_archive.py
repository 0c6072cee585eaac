"""Totals recomputed from an archive of parquet files are those of the database, and an archive that is out of date is refused."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from kpi import ledger, rollup
from kpi.models import Interaction, Rollup
from kpi.recompute.archive import chain, files, months
from kpi.recompute.compare import compare
from tests import factories
from tests.kpi.world import Contact, World, cells, flags

DAY = 24.0


@pytest.fixture
def archived(world: World, tmp_path: Path) -> Path:
    """March, April and the first days of May of 2026, of which March and April are archived."""
    world.store([Contact(f"r{n}", n % 5 or None, hours=n * 34.0, minutes=(n % 7) * 1800, team=n % 3, agent=n % 4) for n in range(45)])
    world.store([Contact("tie b", 3, 40 * DAY), Contact("tie a", 3, 40 * DAY, minutes=0), Contact("long", 2, 20 * DAY, minutes=30 * 1440)])
    factories.CustomerAnswerFactory(interaction_ref="r7", question="csat", scale="likert5", score=4, answered_at=ended("r7"))
    rollup.roll_up_due()
    call_command("archive_months", tmp_path, until=date(2026, 5, 10), verbosity=0)
    assert [month.first.month for month in months(tmp_path)] == [3, 4]
    return tmp_path


def ended(ref: str):
    return Interaction.objects.get(external_id=ref).ended_at


def recompute(folder: Path) -> None:
    call_command("roll_up", all=True, archive=folder, verbosity=0)


def test_an_archive_gives_the_very_same_totals_and_works_flags_out_anew(archived, monkeypatch) -> None:
    """Some customers at a time; whatever flags the files hold, and wrong ones of contacts that are not archived."""
    monkeypatch.setattr(chain, "PART", 20)
    before, known = cells(), flags()
    assert any(name == "unit" for vector in before.values() for name, *_ in vector)
    for path in archived.glob("*.parquet"):
        pl.read_parquet(path).with_columns(role=pl.lit(3, pl.Int16), returned=pl.lit(True)).write_parquet(path)
    Rollup.objects.all().delete()
    Interaction.objects.filter(day__gte=date(2026, 5, 1)).update(role=2, returned=True, repeat_day=9)
    recompute(archived)
    assert (cells(), flags()) == (before, known)
    assert list(compare()) == []
    assert ledger.due() == {}


def test_months_that_left_the_database_keep_their_totals(archived) -> None:
    before = cells()
    files.mark_left(months(archived)[0])
    Interaction.objects.filter(day__lt=date(2026, 4, 1)).delete()
    call_command("archive_months", archived, until=date(2026, 5, 10), verbosity=0)
    recompute(archived)
    assert cells() == before


def test_a_month_that_was_taken_back_whole_is_no_month_that_left(world, archived) -> None:
    world.remove(Interaction.objects.filter(day__lt=date(2026, 4, 1)).values_list("external_id", flat=True))
    rollup.roll_up_due()
    with pytest.raises(CommandError, match="contacts of 2026-03 changed"):
        recompute(archived)
    call_command("archive_months", archived, until=date(2026, 5, 10), verbosity=0)
    assert months(archived)[0].rows == 0
    recompute(archived)
    assert list(compare()) == []


def test_an_archive_the_database_has_overtaken_is_refused_until_it_is_written_anew(world, archived) -> None:
    world.store([Contact("r1", 4, hours=30.0)])
    rollup.roll_up_due()
    with pytest.raises(CommandError, match="contacts of 2026-03 changed; write it anew with"):
        recompute(archived)
    call_command("archive_months", archived, until=date(2026, 5, 10), verbosity=0)
    before = cells()
    recompute(archived)
    assert cells() == before
    assert list(compare()) == []


def test_a_gap_between_months_is_named(tmp_path) -> None:
    for name in ("2026-01", "2026-03"):
        (tmp_path / f"{name}.json").write_text('{"rows": 0, "content": ""}')
    with pytest.raises(CommandError, match="2026-02 is missing"):
        recompute(tmp_path)
