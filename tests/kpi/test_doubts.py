"""A source that is late, totals that differ, a night that failed: said on the page, and what cannot be trusted is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from kpi import doubts, ledger, night
from kpi.lateness import late_sources
from kpi.metric import Period, Status
from kpi.models import DataSource
from kpi.panel import build_panel
from kpi.result import Panel, Query, Scope, Viewer
from kpi.version import one_version
from tests import factories
from tests.kpi.panel_help import EXECUTIVE, PERIOD, Centre, centre, everything_said, planted_beside_wellbeing

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 13, 8, tzinfo=UTC)
LAST = datetime(2026, 3, 20, 6, 10, tzinfo=UTC)  # inside the last week of the period


@pytest.fixture
def here(clock: Any) -> Iterator[Centre]:
    with planted_beside_wellbeing():
        yield centre()


def came(last: datetime | None = LAST, **values: Any) -> DataSource:
    source: DataSource = factories.DataSourceFactory(**{"key": "survey", "format": "customer_answers_csv", **values})
    if last:
        factories.ImportRunFactory(source=source, state="done", finished_at=last)
    return source


def ask(period: Period = PERIOD, scope: Scope = Scope(), viewer: Viewer = EXECUTIVE) -> Panel:  # noqa: B008
    doubts.forget()
    return build_panel(viewer, Query(period, scope))


def shown(panel: Panel) -> list[bool]:
    return [column.result.shown for column in panel.columns]


def test_without_a_limit_nothing_is_late(here: Centre) -> None:
    came()
    assert late_sources() == []
    assert shown(ask()) == [True] * 4


def test_a_late_source_is_named_and_what_it_feeds_is_withheld_with_the_saving_that_stands_on_it(here: Centre) -> None:
    came(late_after_hours=26)
    panel = ask()
    assert shown(panel) == [False, True, False, False]  # resolution quality holds what customers confirmed
    assert panel.columns[0].result.reasons == ("source:late",)
    assert (panel.columns[0].result.value, panel.columns[0].result.low, panel.columns[0].result.parts) == (None, None, {})
    assert panel.columns[3].result.status is Status.WITHHELD
    said = panel.freshness.warnings[0]
    assert said.startswith("The source survey is late since 21 Mar 2026, 08:10 UTC: Customer satisfaction, ")
    assert "go beyond 20 Mar 2026" in said
    assert "7001" not in repr((panel.columns, panel.teams, panel.steps, panel.verdict))


def test_days_before_it_fell_silent_are_as_good_as_ever(here: Centre) -> None:
    came(late_after_hours=26, last=datetime(2026, 3, 30, 6, tzinfo=UTC))
    assert shown(ask()) == [True] * 4
    assert "is late since" in ask().freshness.warnings[0]


def test_a_page_that_was_kept_changes_when_the_hour_comes_though_no_data_do(here: Centre, clock: Any) -> None:
    came(last=NOW - timedelta(hours=25), late_after_hours=26)
    period = Period(date(2026, 3, 16), date(2026, 4, 13))
    with one_version() as before:
        pass
    assert "is late" not in " ".join(ask(period).freshness.warnings)
    clock.shift(2 * 3600)
    assert "is late" in " ".join(ask(period).freshness.warnings)
    with one_version() as after:
        assert after.all != before.all
        assert after.data == before.data


def test_a_source_of_one_site_puts_no_other_in_doubt(here: Centre) -> None:
    north = here.sites["North"]
    late = came(key="north_calls", format="interactions_csv", site=north, late_after_hours=24, last=datetime(2026, 3, 20, 6, tzinfo=UTC))
    factories.InteractionFactory(source=late, team=here.teams["Owl"], day=date(2026, 3, 18))
    assert not any(shown(ask(scope=Scope(site=north.pk)))[:1])
    assert shown(ask(scope=Scope(site=here.sites["Harbour"].pk)))[0]
    assert not shown(ask())[0], "the company holds that site too"
    harbour = Viewer("manager", frozenset({here.teams["Lark"].pk}), frozenset({here.sites["Harbour"].pk}))
    panel = ask(scope=Scope(teams=frozenset({here.teams["Lark"].pk})), viewer=harbour)
    assert "north_calls" not in everything_said(panel), "nor is it named to whom it is not"


@pytest.mark.parametrize(
    ("last", "late"),
    [("2026-04-13T05:00", False), ("2026-04-12T21:00", False), ("2026-04-12T05:30", True), (None, True)],
)
def test_the_timetable_knows_when_a_file_is_missed(clock: Any, last: str | None, late: bool) -> None:
    source = came(last and datetime.fromisoformat(last).replace(tzinfo=UTC))  # type: ignore[arg-type]
    factories.TimetableEntryFactory(source=source, at=time(7, 0), zone="Europe/Lisbon", grace_minutes=60)  # six in UTC
    assert bool(late_sources()) is late
    clock.move_to(datetime(2026, 4, 13, 6, 59, tzinfo=UTC))
    assert bool(late_sources()) is (last is None), "within its grace"


def test_a_file_that_is_not_due_on_sundays_is_not_missed_on_one(clock: Any) -> None:
    source = came(datetime(2026, 4, 10, 5, tzinfo=UTC))  # a Friday
    factories.TimetableEntryFactory(source=source, at=time(9, 0), weekdays="01234")
    assert late_sources() == []
    clock.shift(4 * 3600)
    assert [late.since for late in late_sources()] == [datetime(2026, 4, 13, 9, tzinfo=UTC)]


def test_totals_that_differ_are_not_shown_for_their_days(here: Centre) -> None:
    night.checked(2, {"pulse": ["2026-03-20", "2026-03-20"]})
    panel = ask()
    assert shown(panel) == [True, False, True, False]
    assert "does not confirm: Agent wellbeing index" in panel.freshness.warnings[0]
    night.checked(0)
    assert shown(ask()) == [True] * 4


def test_a_night_that_failed_is_said_and_days_it_did_not_add_up_are_not_shown(here: Centre) -> None:
    factories.NightStepFactory(night=factories.NightFactory(began_at=NOW), step="alerts", state="failed")
    panel = ask()
    assert panel.freshness.warnings[0] == "The night of 13 Apr 2026 failed at: Evaluate the alerts. No digest leaves before it is complete."
    assert shown(panel) == [True] * 4
    factories.NightStepFactory(night=factories.NightFactory(), step="totals", state="failed")
    ledger.mark_due("interaction", [date(2026, 3, 17)])
    assert shown(ask()) == [False, True, False, False]
    assert shown(ask(Period(date(2026, 3, 23), date(2026, 3, 30))))[0]


def test_a_night_that_did_not_begin_is_said(here: Centre) -> None:
    run = came().runs.get()
    type(run).objects.update(created_at=NOW - timedelta(3))
    assert ask().freshness.warnings[0].startswith("The night of 13 Apr 2026 did not begin")
    factories.NightFactory(began_at=NOW)
    assert "did not begin" not in str(ask().freshness.warnings)
