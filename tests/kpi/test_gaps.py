"""Days without data are told from days without contacts, and weigh from 5 % of a period on (metrics.md 0.6)."""

from datetime import date, timedelta

import pytest

from kpi import gaps, registry
from kpi.models import Site, Team
from tests import factories
from tests.kpi.rollup_help import contacts, loaded

MONDAY = date(2026, 3, 2)
END = MONDAY + timedelta(weeks=6)


def weekdays(count: int = 50) -> dict[date, int]:
    """Six weeks; nothing on Sundays."""
    days = [MONDAY + timedelta(i) for i in range(42)]
    return {day: count for day in days if day.weekday() != 6}


def test_an_empty_day_on_a_busy_weekday_is_a_gap() -> None:
    found = weekdays()
    del found[MONDAY + timedelta(8)]
    assert gaps.empty_days(found, END) == {MONDAY + timedelta(8)}


def test_a_zero_is_a_gap_as_well_as_a_missing_row() -> None:
    assert gaps.empty_days(weekdays() | {MONDAY + timedelta(8): 0}, END) == {MONDAY + timedelta(8)}


def test_days_that_are_always_empty_are_no_gap() -> None:
    assert gaps.empty_days(weekdays(), END) == frozenset()


def test_the_last_days_before_the_end_of_data_are_a_gap_where_nothing_came() -> None:
    found = {day: count for day, count in weekdays().items() if day < END - timedelta(4)}
    assert gaps.empty_days(found, END) == {END - timedelta(i) for i in (2, 3, 4)}


def test_a_hole_of_ten_weeks_between_busy_stretches_is_missing_all_through_but_for_its_sundays() -> None:
    again = {day + timedelta(weeks=16): count for day, count in weekdays().items()}
    hole = [END + timedelta(i) for i in range(70)]
    found = gaps.empty_days(weekdays() | again, END + timedelta(weeks=16))
    assert found == {day for day in hole if day.weekday() != 6}


def test_a_place_that_closed_is_missed_for_a_few_weeks_and_not_for_ever() -> None:
    found = gaps.empty_days(weekdays(), END + timedelta(weeks=40))
    assert min(found) == END
    assert max(found) < END + timedelta(weeks=gaps.NEIGHBOURS)
    assert found == gaps.empty_days(weekdays(), END + timedelta(weeks=80))


def test_nothing_before_the_first_contact_is_a_gap() -> None:
    late = {day: count for day, count in weekdays().items() if day >= MONDAY + timedelta(14)}
    assert gaps.empty_days(late, END) == frozenset()


def test_a_quiet_place_has_no_gaps() -> None:
    found = weekdays(9)
    del found[MONDAY + timedelta(8)]
    assert gaps.empty_days(found, END) == frozenset()


def test_one_neighbour_does_not_say_what_is_usual() -> None:
    found = {day: count for day, count in weekdays().items() if day < MONDAY + timedelta(8)}
    assert gaps.empty_days(found, MONDAY + timedelta(14)) == frozenset()


def test_a_place_without_contacts_has_no_gaps() -> None:
    assert gaps.empty_days({MONDAY: 0}, END) == frozenset()


@pytest.mark.parametrize(("lost", "days", "partial"), [(1, 20, False), (2, 28, True), (1, 28, False), (1, 7, True), (0, 7, False)])
def test_more_than_five_percent_of_the_days_makes_a_period_partial(lost: int, days: int, partial: bool) -> None:
    assert gaps.is_partial(lost, days) is partial


def test_a_day_missing_at_one_of_the_sites_is_missing() -> None:
    known = {1: frozenset({MONDAY, END}), 2: frozenset({MONDAY + timedelta(1)})}
    assert gaps.missing(known, frozenset({1, 2, 3}), MONDAY, END) == {MONDAY, MONDAY + timedelta(1)}
    assert gaps.missing(known, frozenset({2}), MONDAY, END) == {MONDAY + timedelta(1)}


@pytest.fixture
def six_weeks(lark: Team) -> Site:
    for day, count in weekdays().items():
        if day != MONDAY + timedelta(8):
            contacts("site", lark.site_id, day, count)
    factories.InteractionFactory(team=lark, day=END - timedelta(2))
    loaded(MONDAY, END - timedelta(1))
    return lark.site


def test_gaps_are_found_site_by_site_and_kept(six_weeks: Site, django_assert_num_queries: object) -> None:
    other = factories.SiteFactory()
    expected = {six_weeks.pk: frozenset({MONDAY + timedelta(8)}), other.pk: frozenset()}
    assert gaps.gap_days([six_weeks.pk, other.pk], "one") == expected
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert gaps.gap_days([other.pk, six_weeks.pk], "one") == expected
    contacts("site", six_weeks.pk, MONDAY + timedelta(8), 40)
    assert gaps.gap_days([six_weeks.pk], "two") == {six_weeks.pk: frozenset()}


def test_the_first_day_is_the_first_that_was_added_up(six_weeks: Site) -> None:
    assert gaps.first_day() == MONDAY


def test_before_the_first_import_nothing_is_missing(site: Site) -> None:
    assert gaps.gap_days([site.pk]) == {site.pk: frozenset()}


def test_where_nothing_counts_contacts_nothing_is_missing(six_weeks: Site) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "measures", dict)
        assert gaps.gap_days([six_weeks.pk]) == {six_weeks.pk: frozenset()}
