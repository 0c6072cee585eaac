"""Rows about single persons do not outlive their retention; what was added up from them does, whatever is computed afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import polars as pl
import pytest
import time_machine

from kpi import ledger, recompute, registry, retention, rollup
from kpi.metric import Measure
from kpi.models import Rollup
from kpi.recompute.compare import compare
from kpi.recompute.totals import totals
from staffing.models import AgentDay
from tests import factories
from tests.kpi.ingest_help import put
from tests.kpi.world import cells

TODAY = date(2026, 4, 15)  # a Wednesday; 28 days until final and 35 more before it lies another
LIMIT = date(2026, 2, 11)
MONDAY = date(2026, 2, 9)
MEASURES = (
    Measure("paid", "agent_day", pl.col("paid_s")),
    Measure("people", "agent_day", pl.col("agent"), peak=True, distinct=True),
)


@pytest.fixture(autouse=True)
def wednesday() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 4, 15, 3, 15, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def team(db: None, monkeypatch: pytest.MonkeyPatch) -> object:
    own = {measure.key: measure for measure in MEASURES}
    monkeypatch.setattr(registry, "measures", cache(lambda: own))
    return factories.TeamFactory()


def worked(team: object, *days: date, people: int = 3) -> None:
    for day in days:
        for agent in range(people):
            factories.AgentDayFactory(team=team, day=day, agent=agent)
    ledger.mark_due("agent_day", days)


def days_with_rows() -> set[date]:
    return set(AgentDay.objects.values_list("day", flat=True))


def week_of(first: date) -> list[date]:
    return [first + timedelta(step) for step in range(7)]


def test_no_row_outlives_its_retention(team: object) -> None:
    worked(team, *(LIMIT + timedelta(step) for step in range(-80, 3)))
    rollup.roll_up_due()
    retention.forget()
    assert days_with_rows() == {LIMIT, LIMIT + timedelta(1), LIMIT + timedelta(2)}
    assert min(days_with_rows()) == retention.first_kept(TODAY) == TODAY - timedelta(28 + 35)


def test_a_longer_retention_keeps_the_rows_longer(team: object, settings: object) -> None:
    worked(team, LIMIT - timedelta(1), LIMIT - timedelta(2))
    rollup.roll_up_due()
    settings.RETENTION_DAYS = 36  # type: ignore[attr-defined]
    assert retention.forget() == 3
    assert days_with_rows() == {LIMIT - timedelta(1)}


def test_a_day_that_is_due_keeps_its_rows_until_it_is_rolled_up(team: object, caplog: pytest.LogCaptureFixture) -> None:
    worked(team, MONDAY)
    assert retention.forget() == 0
    assert "retention.waits" in caplog.text
    rollup.roll_up_due()
    assert retention.forget() == 3
    assert (days_with_rows(), ledger.forgotten("agent_day")) == (set(), {MONDAY})


def test_the_totals_of_a_forgotten_day_stay_through_every_recomputation(team: object) -> None:
    worked(team, *week_of(MONDAY), *week_of(MONDAY - timedelta(14)))
    rollup.roll_up_due()
    before = {grain: cells("agent_day", grain=grain) for grain in ("d", "w")}
    assert retention.forget() == 27  # a whole week and two days of the other, three people each
    ledger.mark_all_due("agent_day")  # as for a measure that has no place yet
    rollup.roll_up_due()
    recompute.recompute()
    assert {grain: cells("agent_day", grain=grain) for grain in ("d", "w")} == before
    assert list(compare()) == []


def test_a_week_that_is_half_forgotten_takes_a_correction_of_its_other_half(team: object) -> None:
    worked(team, *week_of(MONDAY))
    rollup.roll_up_due()
    retention.forget()
    worked(team, date(2026, 2, 13), people=5)  # three more rows by the same and two by others
    rollup.roll_up_due()
    [week] = [values for key, values in cells("agent_day", grain="w").items() if key[1] == "all"]
    assert sorted(week.values()) == [5, 5, 26, 26 * 28_800]  # 21 rows and five more; five people on the busiest day
    assert list(compare()) == []
    recompute.recompute()
    assert list(compare()) == []


def test_a_changed_total_of_a_half_forgotten_week_is_still_found(team: object) -> None:
    worked(team, *week_of(MONDAY))
    rollup.roll_up_due()
    retention.forget()
    Rollup.objects.filter(subject="agent_day", grain="d", dimension="team", start=MONDAY).delete()
    assert any("agent_day, team" in str(found) and f"week {MONDAY}" in str(found) for found in compare())


def test_what_was_read_before_it_was_forgotten_is_not_written_after(team: object, monkeypatch: pytest.MonkeyPatch) -> None:
    worked(team, *week_of(MONDAY - timedelta(7)))
    rollup.roll_up_due()
    before = cells("agent_day")

    def overtaken(subject, days, *rest):  # type: ignore[no-untyped-def]
        """Nothing was forgotten when it looked, and nothing was left when it read."""
        retention.forget()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ledger, "forgotten", lambda key: set())
            return totals(subject, days, *rest)

    monkeypatch.setattr(recompute, "totals", overtaken)
    recompute.recompute()
    assert days_with_rows() == set()
    assert cells("agent_day") == before


HEADER = {"agent_id": "a-1", "team": "lark", "paid_s": "28800"}


def test_a_file_does_not_bring_a_forgotten_day_back(db: None, tmp_path: Path) -> None:
    factories.TeamFactory(code="lark")
    days = (MONDAY, MONDAY + timedelta(1), LIMIT)
    put(tmp_path / "first.csv", [{"day": day.isoformat(), **HEADER} for day in days], "agent_days_csv")
    rollup.roll_up_due()
    assert retention.forget() == 2
    again = [{"day": day.isoformat(), **HEADER, "paid_s": "3600"} for day in (*days, MONDAY - timedelta(7))]
    outcome = put(tmp_path / "again.csv", again, "agent_days_csv")
    assert (outcome.fates.new, outcome.fates.changed, outcome.fates.rejected) == (1, 1, 2)
    assert [bad.line for bad in outcome.rejected] == [2, 3]
    assert (outcome.rejected[0].problems[0]["column"], outcome.rejected[0].problems[0]["problem"]) == ("day", "forgotten")
    assert "after retention" in outcome.rejected[0].problems[0]["expected"]
    rollup.roll_up_due()
    assert list(compare()) == []


def test_a_row_that_slipped_in_while_its_day_was_forgotten_goes_the_next_night(team: object) -> None:
    worked(team, MONDAY)
    rollup.roll_up_due()
    before = cells("agent_day")
    retention.forget()
    worked(team, MONDAY, people=1)
    assert ledger.due() == {}
    assert retention.forget() == 1
    assert (days_with_rows(), cells("agent_day")) == (set(), before)
