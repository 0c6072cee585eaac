"""The built-in survey while it runs."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from tests.factories.organisation import TeamFactory
from tests.factories.people import WaveFactory
from wellbeing import models as wellbeing


class PulseFactory(DjangoModelFactory):
    class Meta:
        model = wellbeing.Pulse

    wave = factory.SubFactory(WaveFactory, code="pulse", opened_on=date(2026, 4, 13), closed_on=date(2026, 4, 27))
    planned_until = date(2026, 4, 27)
    key_name = factory.Sequence(lambda n: f"{n:032x}")


class AskedFactory(DjangoModelFactory):
    class Meta:
        model = wellbeing.Asked

    pulse = factory.SubFactory(PulseFactory)
    team = factory.SubFactory(TeamFactory)
    people = 12


class PulseCodeFactory(DjangoModelFactory):
    class Meta:
        model = wellbeing.PulseCode

    asked = factory.SubFactory(AskedFactory)
    digest = factory.Sequence(lambda n: f"{n:064x}")


class SealedAnswerFactory(DjangoModelFactory):
    class Meta:
        model = wellbeing.SealedAnswer

    asked = factory.SubFactory(AskedFactory)
    sealed = bytes(47)


class ParcelFactory(DjangoModelFactory):
    class Meta:
        model = wellbeing.Parcel

    pulse = factory.SubFactory(PulseFactory)
    sealed = bytes(64)
