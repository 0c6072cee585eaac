"""Holidays are a kind of day of their own: named where they differ a little, no comparison where they differ much (G1)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kpi.forms import comparison_of
from kpi.holidays import calendar_of, on_like_days, unlike
from kpi.metric import Period
from kpi.models import Holiday, Membership, Site
from kpi.panel import build_panel
from kpi.result import Query, Scope
from kpi.sheet import build_sheet
from tests import factories
from tests.kpi.panel_help import EXECUTIVE, PERIOD, YEAR_AGO, Centre, centre, of, planted_beside_wellbeing

WEEK = Period(date(2026, 4, 6), date(2026, 4, 13))  # Easter Monday 2026
MONTH = Period(date(2026, 3, 16), date(2026, 4, 13))
pytestmark = pytest.mark.django_db


def holiday(day: date, site: Site | None = None, name: str = "Easter Monday") -> Holiday:
    Holiday.objects.get_or_create(day=date(2025, 1, 1), site=None, defaults={"name": "New Year"})  # the year before is entered too
    return factories.HolidayFactory(day=day, site=site, name=name)


def asked(period: Period, key: str = "year") -> Query:
    return Query(period, Scope(), comparison_of(period, key), key)


@pytest.fixture
def harbour() -> Site:
    return factories.SiteFactory(name="Harbour")


def test_without_a_calendar_nothing_changes(harbour: Site) -> None:
    query = asked(MONTH)
    assert on_like_days(query, Scope()).query is query


def test_a_year_nobody_entered_is_not_taken_for_one_without_holidays(harbour: Site) -> None:
    factories.HolidayFactory(day=date(2026, 4, 6))
    found = on_like_days(asked(WEEK), Scope())
    assert (found.query.comparison, found.note) == (comparison_of(WEEK, "year"), "the calendar has no holidays of 2025")


def test_one_day_of_a_month_is_named_and_still_compared(harbour: Site) -> None:
    holiday(date(2026, 4, 6))
    found = on_like_days(asked(MONTH), Scope())
    assert found.query.comparison == comparison_of(MONTH, "year")
    assert found.note == "Harbour: holidays now 1, then 0"


def test_as_many_holidays_on_other_weekdays_are_other_days(harbour: Site) -> None:
    holiday(date(2026, 4, 6))
    holiday(date(2025, 4, 1))
    assert on_like_days(asked(MONTH), Scope()).note == "Harbour: holidays on other weekdays"


def test_a_week_with_a_holiday_has_no_comparison_with_a_week_without(harbour: Site) -> None:
    holiday(date(2026, 4, 6))
    found = on_like_days(asked(WEEK), Scope())
    assert found.query.comparison is None
    assert found.refused == (
        "Not compared with 7 Apr – 13 Apr 2025: more than 5 % of the days are holidays in one and not in the other "
        "(Harbour: holidays now 1, then 0)."
    )


def test_a_period_before_goes_back_to_a_week_that_is_alike(harbour: Site) -> None:
    holiday(date(2026, 4, 6))
    holiday(date(2026, 3, 16), name="Founders' Day")
    found = on_like_days(asked(WEEK, "previous"), Scope())
    assert found.query.comparison == Period(date(2026, 3, 16), date(2026, 3, 23))
    assert found.note == "2 weeks further back, for days more alike"


def test_a_plain_week_skips_the_holiday_week_before_it(harbour: Site) -> None:
    holiday(date(2026, 4, 6))
    after = Period(date(2026, 4, 13), date(2026, 4, 20))
    assert on_like_days(asked(after, "previous"), Scope()).query.comparison == Period(date(2026, 3, 30), date(2026, 4, 6))


def test_a_holiday_of_one_site_counts_there_and_as_its_part_of_all(harbour: Site) -> None:
    north = factories.SiteFactory(name="North")
    holiday(date(2026, 4, 6), north)
    assert on_like_days(asked(MONTH), Scope(site=harbour.pk)).note == ""
    assert on_like_days(asked(WEEK), Scope(site=north.pk)).query.comparison is None
    team = factories.TeamFactory(site=north)
    assert on_like_days(asked(WEEK), Scope(teams=frozenset({team.pk}))).query.comparison is None
    calendar = calendar_of([harbour.pk, north.pk], [(date(2026, 4, 6), north.pk)])
    assert unlike(calendar, WEEK, Period(WEEK.start - timedelta(7), WEEK.start)) == pytest.approx(1 / 14)


@pytest.fixture
def here() -> Centre:
    with planted_beside_wellbeing():
        yield centre()


def test_panel_and_page_say_what_the_calendar_changes(here: Centre) -> None:
    holiday(date(2026, 3, 6), name="a")
    query = Query(PERIOD, Scope(), YEAR_AGO, "year")
    panel = build_panel(EXECUTIVE, query)
    assert panel.comparison_text == "3 Mar – 30 Mar 2025 (Harbour: holidays now 1, then 0, North: holidays now 1, then 0)"
    holiday(date(2026, 3, 9), name="b")
    panel = build_panel(EXECUTIVE, query)
    assert panel.comparison_text == ""
    assert panel.freshness.warnings[-1].startswith("Not compared with 3 Mar – 30 Mar 2025: more than 5 %")
    assert {column.change.direction for column in panel.columns[:3]} == {"unknown"}
    assert build_panel(EXECUTIVE, Query(PERIOD, of(here, "Heron"), YEAR_AGO, "year")).query.comparison is None
    assert build_sheet(EXECUTIVE, query, "people").panel.query.comparison is None


@pytest.fixture
def boss() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    return client


LIST = "day;name;sites\n2026-12-25;Christmas Day\n2026-06-10;Portugal Day;porto lisbon\n"


def test_a_pasted_list_is_stored_once(boss: Client) -> None:
    for code in ("porto", "lisbon"):
        factories.SiteFactory(code=code)
    for _twice in range(2):
        assert boss.post("/admin/kpi/holiday/paste/", {"text": LIST}).status_code == 302
    found = Holiday.objects.order_by("day", "site__code").values_list("day", "name", "site__code", "entered_by__username")
    assert list(found) == [
        (date(2026, 6, 10), "Portugal Day", "lisbon", "boss"),
        (date(2026, 6, 10), "Portugal Day", "porto", "boss"),
        (date(2026, 12, 25), "Christmas Day", None, "boss"),
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("25.12.2026;Christmas Day", "Line 2: “25.12.2026” is not a day; write one like 2026-12-25."),
        ("2026-12-25;", "Line 2: a holiday has a name of up to 120 letters."),
        ("2026-12-25;Christmas Day;oporto", "Line 2: “oporto” is no site; these exist: porto."),
    ],
)
def test_a_line_that_is_not_understood_is_named_and_nothing_is_stored(boss: Client, line: str, says: str) -> None:
    factories.SiteFactory(code="porto")
    page = boss.post("/admin/kpi/holiday/paste/", {"text": f"2026-01-01;New Year\n{line}"}).content.decode()
    assert says in page
    assert not Holiday.objects.exists()


def test_who_may_not_add_holidays_may_not_paste_them(boss: Client) -> None:
    user = factories.UserFactory(is_staff=True)
    factories.MembershipFactory(user=user, role=Membership.Role.STEWARD)
    client = Client()
    client.force_login(user)
    assert client.get("/admin/kpi/holiday/paste/").status_code == 403
    assert "Paste a list" in boss.get("/admin/kpi/holiday/").content.decode()
