"""Weeks before and after an event: as many on both sides, whole, and none of the event's own."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kpi.comparable import differences
from kpi.events import around
from kpi.metric import Period

WEDNESDAY = date(2026, 3, 11)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def sides(*args: date, **kwargs: date) -> tuple[Period, Period]:
    found = around(*args, **kwargs)
    assert found is not None
    return found


def test_the_annotated_week_belongs_to_neither_side() -> None:
    before, after = sides(WEDNESDAY, date(2026, 3, 31))
    assert before == Period(date(2026, 2, 23), date(2026, 3, 9))
    assert after == Period(date(2026, 3, 16), date(2026, 3, 30))


def test_a_span_leaves_all_of_its_weeks_out() -> None:
    before, after = sides(WEDNESDAY, date(2026, 4, 13), last_day=date(2026, 3, 24))
    assert (before.end, after.start) == (date(2026, 3, 9), date(2026, 3, 30))


def test_there_are_thirteen_weeks_at_most() -> None:
    before, after = sides(WEDNESDAY, date(2027, 3, 1))
    assert (before.days, after.days) == (91, 91)


def test_nothing_is_compared_before_a_whole_week_is_over() -> None:
    assert around(WEDNESDAY, date(2026, 3, 22)) is None
    assert around(WEDNESDAY, date(2026, 3, 23)) is not None


def test_no_week_lies_before_the_first_day_with_data() -> None:
    before, after = sides(WEDNESDAY, date(2026, 9, 7), first=date(2026, 2, 18))
    assert (before.start, after.days) == (date(2026, 2, 23), 14)
    assert around(WEDNESDAY, date(2026, 9, 7), first=date(2026, 3, 3)) is None


@given(event=days, length=st.integers(0, 60), later=st.integers(0, 400))
def test_the_two_sides_may_always_be_compared(event: date, length: int, later: int) -> None:
    last, as_of = event + timedelta(length), event + timedelta(later)
    if found := around(event, as_of, last_day=last):
        before, after = found
        assert differences(after, before, complete_until=as_of) == ()
        assert before.end <= event <= last < after.start
