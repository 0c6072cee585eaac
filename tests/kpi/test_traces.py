"""What readers and senders left behind goes when its days are over, and nothing of it goes before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessLog
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.utils import timezone

from kpi import traces
from kpi.models import ImportRequest, ListOpened, RejectedRow, Sending
from kpi.nights.work import forget
from tests import factories

pytestmark = pytest.mark.django_db
DAYS = 40


def aged(model: type[Model], field: str, make: Any) -> tuple[int, int]:
    """One row a minute older than DAYS, one a minute younger."""
    keys = []
    for minute in (-1, 1):
        keys.append(make().pk)
        model._default_manager.filter(pk=keys[-1]).update(**{field: timezone.now() - timedelta(DAYS) + timedelta(minutes=minute)})
    return keys[0], keys[1]


def logged_in() -> AccessLog:
    return AccessLog.objects.create(username="reader", ip_address="192.0.2.7", user_agent="a browser")


CASES = {
    "lists_opened": (ListOpened, "LOOKS_KEPT_DAYS", "opened_at", factories.ListOpenedFactory),
    "mails": (Sending, "MAILS_KEPT_DAYS", "ended_at", factories.SendingFactory),
    "idempotency_keys": (ImportRequest, "REQUESTS_KEPT_DAYS", "created_at", factories.ImportRequestFactory),
    "log_ins": (AccessLog, "LOGINS_KEPT_DAYS", "attempt_time", logged_in),
}


@pytest.mark.parametrize("name", CASES)
def test_a_trace_goes_when_its_days_are_over_and_not_before(name: str, settings: Any, clock: Any) -> None:
    model, setting, field, make = CASES[name]
    setattr(settings, setting, DAYS)
    old, young = aged(model, field, make)
    forget(timezone.localdate())
    left = set(model._default_manager.values_list("pk", flat=True))
    assert (old in left, young in left) == (False, True)


def test_rejected_rows_go_with_the_age_of_their_run_and_their_number_stays(settings: Any, clock: Any) -> None:
    settings.REJECTED_KEPT_DAYS = DAYS
    row = factories.RejectedRowFactory(run__rejected=1, run__finished_at=timezone.now() - timedelta(DAYS + 1))
    kept = factories.RejectedRowFactory(run__rejected=1, run__finished_at=timezone.now() - timedelta(DAYS - 1))
    waits = factories.RejectedRowFactory(run__finished_at=None)
    traces.forget()
    assert set(RejectedRow.objects.values_list("pk", flat=True)) == {kept.pk, waits.pk}
    row.run.refresh_from_db()
    assert row.run.rejected == 1


def test_a_mail_that_still_waits_is_never_deleted(settings: Any, clock: Any) -> None:
    row = factories.SendingFactory(ended_at=None)
    Sending.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(4000))
    traces.forget()
    assert Sending.objects.filter(pk=row.pk).exists()


def test_a_session_that_is_over_is_removed(clock: Any) -> None:
    Session.objects.create(session_key="a" * 32, session_data="x", expire_date=timezone.now() - timedelta(seconds=1))
    traces.forget()
    assert not Session.objects.exists()


def test_every_kind_of_trace_is_tried() -> None:
    assert {name for name, *_ in traces.KINDS} - set(CASES) == {"rejected_rows", "senders", "log_ins_refused", "log_ins_failed"}
