"""Contacts, answers, reviews, and what is added up from them."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from kpi import models as kpi
from kpi.packing import pack
from tests.factories.organisation import MOMENT, ChannelFactory, ImportRunFactory, IntentFactory, QueueFactory, TeamFactory


class Imported(DjangoModelFactory):
    """What every stored record carries."""

    class Meta:
        abstract = True

    run = factory.SubFactory(ImportRunFactory)
    first_run = factory.SelfAttribute("run")
    source = factory.SelfAttribute("run.source")
    external_id = factory.Sequence(lambda n: f"r-{n}")


class InteractionFactory(Imported):
    class Meta:
        model = kpi.Interaction

    team = factory.SubFactory(TeamFactory)
    site = factory.LazyAttribute(lambda row: row.team.site)
    queue = factory.SubFactory(QueueFactory)
    channel = factory.SubFactory(ChannelFactory)
    intent = factory.SubFactory(IntentFactory)
    agent = 101
    customer = factory.Sequence(lambda n: 5_000_000 + n)
    started_at = MOMENT
    ended_at = factory.LazyAttribute(lambda row: row.started_at + timedelta(minutes=5))
    day = factory.LazyAttribute(lambda row: (row.ended_at or row.started_at).date())
    handled_by = kpi.Interaction.HandledBy.HUMAN
    abandoned = False
    wait_s = 20.0
    talk_s = 240.0
    hold_s = 0.0
    wrap_s = 40.0


def contacts(rows: Iterable[Mapping[str, Any]]) -> list[kpi.Interaction]:
    """Many contacts of one import at once, each with what the factory fills in; their codes are looked up once."""
    given = [dict(row) for row in rows]
    run = ImportRunFactory()
    shared = {"run": run, "source": run.source}
    for name, make in (("team", TeamFactory), ("queue", QueueFactory), ("channel", ChannelFactory), ("intent", IntentFactory)):
        if any(name not in row for row in given):
            shared[name] = make()
    return list(kpi.Interaction.objects.bulk_create([InteractionFactory.build(**{**shared, **row}) for row in given]))


class CustomerAnswerFactory(Imported):
    class Meta:
        model = kpi.CustomerAnswer

    interaction_ref = factory.Sequence(lambda n: f"r-{n}")
    answered_at = MOMENT + timedelta(hours=1)
    question = kpi.CustomerAnswer.Question.CSAT
    scale = "1-5"
    score = 5.0


class InvitationFactory(Imported):
    class Meta:
        model = kpi.Invitation

    interaction_ref = factory.Sequence(lambda n: f"r-{n}")
    sent_at = MOMENT + timedelta(minutes=20)
    delivered = True


class QualityReviewFactory(Imported):
    class Meta:
        model = kpi.QualityReview

    interaction_ref = factory.Sequence(lambda n: f"r-{n}")
    reviewed_at = MOMENT + timedelta(days=1)
    score = 90.0
    critical_error = False


class SlotFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Slot

    measure = factory.Sequence(lambda n: f"measure_{n}")
    part = "n"


class StratumRowFactory(DjangoModelFactory):
    class Meta:
        model = kpi.StratumRow
        django_get_or_create = ("channel", "intent_group", "machine_only")

    channel = "voice"
    intent_group = "billing"
    machine_only = False


class CellFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Cell
        django_get_or_create = ("site", "team", "queue", "channel")

    site = 0
    team = 0
    queue = 0
    channel = 0


class SliceFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Slice
        django_get_or_create = ("dimension", "site", "value")

    dimension = "tiers"
    site = 0
    value = "high"


class RollupFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Rollup

    subject = "interaction"
    dimension = "all"
    grain = "d"
    member = 0
    start = factory.Sequence(lambda n: MOMENT.date() + timedelta(days=n))
    data = factory.LazyFunction(lambda: pack({1: 1.0}))


class DueDayFactory(DjangoModelFactory):
    class Meta:
        model = kpi.DueDay

    subject = "interaction"
    day = factory.Sequence(lambda n: MOMENT.date() + timedelta(days=n))


class DueKeyFactory(DjangoModelFactory):
    class Meta:
        model = kpi.DueKey

    customer = factory.Sequence(lambda n: 5_000_000 + n)
