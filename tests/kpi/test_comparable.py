"""What may be compared: the same number and kind of days, year on year by ISO week."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.comparable import a_year_earlier, differences, kinds_of, preceding, weeks_differ, year_before
from kpi.metric import Period

MONDAY = date(2025, 1, 6)
LATER = date(2030, 1, 1)
PERIODS = st.builds(
    lambda start, days: Period(start, start + timedelta(days)), st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(1, 60)
)


def test_a_holiday_is_a_kind_of_day_of_its_own() -> None:
    week = Period(MONDAY, MONDAY + timedelta(7))
    found = kinds_of(week, {MONDAY, MONDAY - timedelta(1)})
    assert (found["Monday"], found["holiday"], found["Tuesday"]) == (0, 1, 1)


def test_two_plain_weeks_may_be_compared() -> None:
    later, earlier = Period(date(2025, 3, 10), date(2025, 3, 17)), Period(date(2025, 3, 3), date(2025, 3, 10))
    assert differences(later, earlier, complete_until=LATER) == ()


def test_months_of_other_weekdays_are_named_as_what_they_are() -> None:
    march, february = Period(date(2025, 3, 1), date(2025, 4, 1)), Period(date(2025, 2, 1), date(2025, 3, 1))
    assert differences(march, february, complete_until=LATER) == ("Monday: 5 and 4", "Saturday: 5 and 4", "Sunday: 5 and 4")


def test_a_week_with_a_holiday_is_not_compared_with_one_without() -> None:
    later, earlier = Period(date(2025, 4, 21), date(2025, 4, 28)), Period(date(2025, 4, 7), date(2025, 4, 14))
    assert differences(later, earlier, complete_until=LATER, holidays={date(2025, 4, 21)}) == ("Monday: 0 and 1", "holiday: 1 and 0")


def test_a_period_that_is_not_over_is_not_compared() -> None:
    later, earlier = Period(date(2025, 3, 10), date(2025, 3, 17)), Period(date(2025, 3, 3), date(2025, 3, 10))
    [said] = differences(later, earlier, complete_until=date(2025, 3, 16))
    assert said == "2025-03-10 to 2025-03-17 is not complete before 2025-03-17"


def test_a_month_is_compared_with_the_days_five_weeks_before() -> None:
    assert preceding(Period(date(2025, 3, 1), date(2025, 4, 1))) == Period(date(2025, 1, 25), date(2025, 2, 25))


@given(PERIODS)
def test_what_precedes_has_the_same_weekdays_and_does_not_overlap(period: Period) -> None:
    found = preceding(period)
    assert found.end <= period.start < found.end + timedelta(7)
    assert differences(period, found, complete_until=date(2031, 1, 1)) == ()


@given(PERIODS)
def test_a_year_before_has_the_same_weeks_and_weekdays(period: Period) -> None:
    found = year_before(period)
    if found is None:
        weeks = {(period.start + timedelta(i)).isocalendar().week for i in range(period.days)}
        assert 53 in weeks or {52, 1} <= weeks
        return
    before, now = found.start.isocalendar(), period.start.isocalendar()
    assert (before.year, before.week, before.weekday) == (now.year - 1, now.week, now.weekday)
    assert differences(period, found, complete_until=date(2031, 1, 1)) == ()


def test_week_fifty_three_has_no_year_before() -> None:
    assert year_before(Period(date(2020, 12, 28), date(2021, 1, 4))) is None
    # 2020 had 53 weeks: the last of 2021 and the first of 2022 are not neighbours a year before
    assert year_before(Period(date(2021, 12, 27), date(2022, 1, 10))) is None
    assert year_before(Period(date(2021, 1, 4), date(2021, 1, 11))) == Period(date(2019, 12, 30), date(2020, 1, 6))


def weeks(year: int, week: int, count: int) -> Period:
    start = date.fromisocalendar(year, week, 1)
    return Period(start, start + timedelta(weeks=count))


@pytest.mark.parametrize(
    ("period", "earlier"),
    [
        (weeks(2026, 28, 13), weeks(2025, 28, 13)),
        (weeks(2027, 10, 13), weeks(2026, 10, 13)),  # 53 weeks back: 2026 has a week 53
        (weeks(2027, 1, 52), weeks(2026, 1, 52)),
    ],
)
def test_a_year_earlier_holds_the_same_iso_weeks(period: Period, earlier: Period) -> None:
    assert a_year_earlier(period) == earlier
    assert not weeks_differ(period, earlier)


def test_where_the_year_before_has_no_week_53_it_is_52_weeks_and_that_is_known() -> None:
    period = weeks(2026, 45, 13)
    found = a_year_earlier(period)
    assert found == Period(period.start - timedelta(364), period.end - timedelta(364))
    assert weeks_differ(period, found)


@given(
    st.builds(
        lambda start, days: Period(start, start + timedelta(days)), st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(1, 1000)
    )
)
def test_a_year_earlier_has_the_same_weekdays_and_never_reaches_into_itself(period: Period) -> None:
    found = a_year_earlier(period)
    assert found.end <= period.start
    assert differences(period, found, complete_until=date(2040, 1, 1)) == ()
