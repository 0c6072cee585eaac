"""What people plan: targets and the views they keep."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from kpi import models as kpi
from tests.factories.organisation import UserFactory


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Target

    metric = "csat"
    floor = 0.8
    valid_from = date(2026, 1, 1)
    reason = "agreed with the council"
    owner = factory.SubFactory(UserFactory)
    signed_by = factory.SelfAttribute("owner")


class SavedViewFactory(DjangoModelFactory):
    class Meta:
        model = kpi.SavedView

    user = factory.SubFactory(UserFactory)
    name = "Mine"
    address = "/people/"


class InitiativeFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Initiative

    title = "Assistant answers billing"
    what = "billing questions go to the assistant first"
    starts_on = date(2026, 2, 4)
    entered_by = factory.SubFactory(UserFactory)


class LimitsFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Limits

    initiative = factory.SubFactory(InitiativeFactory)
    csat, awi, rq = 0.02, 3.0, 3.0
    after_start, weeks = date(2026, 2, 9), 4
    frozen_on = date(2026, 2, 2)
    frozen_at = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
    frozen_by = factory.SelfAttribute("initiative.entered_by")


class LimitsClosedFactory(DjangoModelFactory):
    class Meta:
        model = kpi.LimitsClosed

    limits = factory.SubFactory(LimitsFactory)
    reason = "the roll-out was put off"
    closed_by = factory.SelfAttribute("limits.frozen_by")


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Action

    what = "Coaching on closing questions"
    metric = "csat"
    owner = factory.SubFactory(UserFactory)
    starts_on, due = date(2026, 2, 4), date(2026, 3, 4)
