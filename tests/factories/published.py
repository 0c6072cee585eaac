"""What was published: one row each, valid by default. They stand as written: no test changes or deletes one."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import factory
from factory.django import DjangoModelFactory

from kpi import models as kpi

END = date(2026, 3, 30)


class PublicationFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Publication

    dimension = "all"
    member = 0
    start = END - timedelta(weeks=4)
    end = END
    revision = factory.Sequence(lambda n: n + 1)
    reason = kpi.Publication.Reason.DATA
    data_as_of = END + timedelta(14)


class PublishedValueFactory(DjangoModelFactory):
    class Meta:
        model = kpi.PublishedValue

    publication = factory.SubFactory(PublicationFactory)
    metric = "csat"
    status = "ok"
    value = 0.8
    low = 0.78
    high = 0.82
    n = 1500
    definition_version = 1


class PublishedWeekFactory(DjangoModelFactory):
    class Meta:
        model = kpi.PublishedWeek

    end = END


class ReleasedSetFactory(DjangoModelFactory):
    class Meta:
        model = kpi.ReleasedSet

    question = "who5"
    wave = END - timedelta(10)
    teams = "1,2"
    digest = factory.LazyAttribute(lambda row: hashlib.blake2b(row.teams.encode(), digest_size=32).hexdigest())
    k = 10
