"""The night is complete when files are in, totals added up and the check found nothing; before that no digest is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import override_settings

from kpi import night
from kpi.mail import morning as mornings
from kpi.models import ImportRun, Sending
from tests import factories
from tests.factories.mails import NIGHT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def kinds() -> list[str]:
    mornings.morning()
    return sorted(Sending.objects.values_list("kind", flat=True))


def test_a_night_lacks_its_check_until_it_passed() -> None:
    assert night.why_open(NIGHT) == ("check_missing",)
    night.checked(2)
    assert night.why_open(NIGHT) == ("check_differs",)
    night.checked(0)
    assert night.why_open(NIGHT) == ()


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_file_under_way_keeps_the_night_open(state: str) -> None:
    night.checked(0)
    run = factories.ImportRunFactory(state=state)
    assert night.why_open(NIGHT) == ("imports",)
    ImportRun.objects.filter(pk=run.pk).update(state="failed")
    assert night.why_open(NIGHT) == ()


def test_a_day_that_is_due_keeps_the_night_open() -> None:
    night.checked(0)
    factories.DueDayFactory(due=2, done=1)
    assert night.why_open(NIGHT) == ("totals",)


def test_the_check_of_yesterday_is_none_of_today(clock: Any) -> None:
    night.checked(0)
    clock.shift(24 * 3600)
    assert night.why_open(night.today()) == ("check_missing",)


def test_digests_of_the_day_are_asked_for_once_the_night_is_complete(clock: Any) -> None:
    monday, daily = factories.SubscriptionFactory(weekday=0), factories.SubscriptionFactory(rhythm="daily")
    factories.SubscriptionFactory(weekday=1)  # asked for on a Monday: it begins tomorrow
    factories.SubscriptionFactory(rhythm="daily", active=False)
    assert kinds() == []
    night.checked(0)
    assert kinds() == kinds() == ["digest", "digest"]
    assert {row.subscription_id for row in Sending.objects.all()} == {monday.pk, daily.pk}


def test_a_monday_that_was_never_complete_does_not_cost_the_week(clock: Any) -> None:
    weekly = factories.SubscriptionFactory(weekday=0)
    clock.shift(3600)
    assert kinds() == ["late"]
    clock.shift(24 * 3600)
    assert kinds() == ["late"]  # said once
    night.checked(0)
    assert kinds() == kinds() == ["digest", "late"]
    assert {row.day for row in weekly.sendings.all()} == {NIGHT}
    clock.shift(6 * 24 * 3600)
    night.checked(0)
    assert kinds() == ["digest", "digest", "late"]


def test_after_the_hour_one_mail_says_that_the_night_is_not_complete_and_the_digest_follows(clock: Any) -> None:
    factories.SubscriptionFactory(rhythm="daily")
    assert kinds() == []
    clock.shift(3600)  # nine o'clock
    assert kinds() == kinds() == ["late"]
    night.checked(0)
    assert kinds() == ["digest", "late"]


@override_settings(MAILS_ARE_SENT=False)
def test_without_a_mail_server_nothing_is_asked_for() -> None:
    factories.SubscriptionFactory(rhythm="daily")
    night.checked(0)
    assert (mornings.morning(), Sending.objects.count()) == ([], 0)
