"""How old the data are, and what a reader must be warned of."""

from datetime import UTC, date, datetime

import pytest

from kpi.fresh import freshness_of
from kpi.metric import Period
from kpi.models import ImportRun
from kpi.result import Freshness
from tests import factories

PERIOD = Period(date(2026, 3, 2), date(2026, 3, 30))
AS_OF = date(2026, 4, 13)


def found(period: Period = PERIOD, *, lost: frozenset[date] = frozenset(), today: date | None = AS_OF) -> Freshness:
    return freshness_of(period, AS_OF, lost, today)


@pytest.fixture
def night(db: None) -> ImportRun:
    made: ImportRun = factories.ImportRunFactory(finished_at=datetime(2026, 4, 13, 3, 5, tzinfo=UTC), lines=1000, rejected=4)
    return made


def test_a_fresh_night_is_said_in_one_line(night: ImportRun) -> None:
    factories.ImportRunFactory(state=ImportRun.State.FAILED, lines=500, rejected=500, finished_at=datetime(2026, 4, 13, 9, 0, tzinfo=UTC))
    made = found()
    assert made.text == "Data to 12 Apr 2026 · loaded 13 Apr 2026 03:05 UTC · 99.6\u202f% of rows accepted"
    assert (made.data_to, made.accepted_share, made.warnings) == (date(2026, 4, 12), 0.996, ())


def test_without_lines_no_share_is_claimed(db: None) -> None:
    factories.ImportRunFactory(finished_at=datetime(2026, 4, 13, 3, 5, tzinfo=UTC))
    assert found().accepted_share is None
    assert "accepted" not in found().text


def test_without_any_run_there_are_no_data_and_no_late_ones(db: None) -> None:
    made = found(Period(AS_OF, date(2026, 5, 1)), today=date(2026, 6, 1))
    assert (made.text, made.data_to, made.loaded_at, made.accepted_share, made.warnings) == ("No data yet", None, None, None, ())


@pytest.mark.parametrize(("today", "warnings"), [(date(2026, 4, 14), ()), (date(2026, 4, 15), ("The last day loaded is 3 days ago.",))])
def test_late_data_are_warned_of(night: ImportRun, today: date, warnings: tuple[str, ...]) -> None:
    assert found(today=today).warnings == warnings


@pytest.mark.usefixtures("clock")
def test_today_is_the_day_of_the_clock(night: ImportRun) -> None:
    assert found(today=None).warnings == ()


def test_gaps_a_period_that_is_not_over_and_waiting_days_are_warned_of(night: ImportRun) -> None:
    factories.DueDayFactory(due=2, done=1)
    made = found(Period(date(2026, 4, 1), date(2026, 5, 1)), lost=frozenset({date(2026, 4, 3), date(2026, 4, 2)}))
    assert made.warnings == (
        "2 days of this period have no data, the first is 2 Apr 2026.",
        "The period is not over: data end on 12 Apr 2026.",
        "New data are being added up; figures may change in a moment.",
    )
