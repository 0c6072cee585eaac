"""Whole weeks of a period: what single teams are shown for (metrics.md C7)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.metric import Period, whole_weeks

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("first", "end", "monday", "until"),
    [
        (date(2026, 10, 1), date(2026, 11, 1), date(2026, 9, 28), date(2026, 11, 2)),  # October begins on a Thursday
        (date(2026, 10, 2), date(2026, 11, 1), date(2026, 10, 5), date(2026, 11, 2)),  # without it the first week is September's
        (date(2026, 10, 3), date(2026, 10, 4), date(2026, 9, 28), date(2026, 10, 5)),  # one Saturday: its week
        (date(2026, 3, 2), date(2026, 3, 30), date(2026, 3, 2), date(2026, 3, 30)),  # aligned already
        (date(2026, 1, 1), date(2027, 1, 1), date(2025, 12, 29), date(2027, 1, 4)),  # the ISO year of 53 weeks
    ],
)
def test_a_week_belongs_where_its_thursday_is(first: date, end: date, monday: date, until: date) -> None:
    assert whole_weeks(Period(first, end)) == Period(monday, until)


@given(DAYS, st.integers(1, 800))
def test_whole_weeks_go_from_monday_to_monday_and_stay_as_they_are(first: date, days: int) -> None:
    period = Period(first, first + timedelta(days))
    found = whole_weeks(period)
    assert (found.start.weekday(), found.end.weekday(), found.days % 7) == (0, 0, 0)
    assert found.days >= 7
    assert whole_weeks(found) == found
    assert abs(found.days - days) <= 7


@given(DAYS, st.integers(7, 400), st.integers(7, 400))
def test_stretches_that_touch_share_no_week_and_lose_none(first: date, one: int, two: int) -> None:
    edge = first + timedelta(one)
    end = edge + timedelta(two)
    before, after, both = (whole_weeks(Period(*days)) for days in ((first, edge), (edge, end), (first, end)))
    assert (before.end, before.start, after.end) == (after.start, both.start, both.end)
