"""Mails that were asked for, what became of them, nights and alerts: one row each, valid by default. Changes of alerts stand as written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from kpi import models as kpi
from tests.factories.organisation import DataSourceFactory, UserFactory

NIGHT = date(2026, 4, 13)
MORNING = datetime(2026, 4, 13, 4, 30, tzinfo=UTC)


class SubscriptionFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Subscription

    user = factory.SubFactory(UserFactory)
    filters = "period=13w&compare=year"


class SendingFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Sending

    kind = "digest"
    subscription = factory.SubFactory(SubscriptionFactory)
    day = NIGHT


class NightFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Night
        django_get_or_create = ("day",)

    day = NIGHT
    checked_at = MORNING
    differences = 0


class NightStepFactory(DjangoModelFactory):
    class Meta:
        model = kpi.NightStep

    night = factory.SubFactory(NightFactory)
    step = "totals"
    state = "done"


class TimetableEntryFactory(DjangoModelFactory):
    class Meta:
        model = kpi.TimetableEntry

    source = factory.SubFactory(DataSourceFactory)


class VendorTotalFactory(DjangoModelFactory):
    class Meta:
        model = kpi.VendorTotal

    source = factory.SubFactory(DataSourceFactory)
    day = NIGHT
    contacts = 412


class AlertFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Alert

    rule = "saving_while_wellbeing_falls"
    dimension = "all"
    member = 0
    state = "firing"
    since = MORNING
    said = said_before = "fires"
    as_of = NIGHT
    evaluated_at = MORNING


class AlertChangeFactory(DjangoModelFactory):
    class Meta:
        model = kpi.AlertChange

    alert = factory.SubFactory(AlertFactory)
    number = factory.Sequence(lambda n: n + 1)
    before = "ok"
    after = "firing"
    at = MORNING
    as_of = NIGHT
