"""What an account has beside its password."""

from __future__ import annotations

import hashlib

import factory
from factory.django import DjangoModelFactory

from kpi import models as kpi
from kpi.accounts import device
from tests.factories.organisation import MOMENT, UserFactory

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # that of the examples of RFC 6238


class SecondFactorFactory(DjangoModelFactory):
    """In use, with the secret of the RFC."""

    class Meta:
        model = kpi.SecondFactor

    user = factory.SubFactory(UserFactory)
    sealed = factory.LazyAttribute(lambda row: device.seal(row.user.pk, SECRET))
    since = MOMENT


class FirstPasswordFactory(DjangoModelFactory):
    class Meta:
        model = kpi.FirstPassword

    user = factory.SubFactory(UserFactory)
    given_at = MOMENT


class RecoveryCodeFactory(DjangoModelFactory):
    class Meta:
        model = kpi.RecoveryCode

    factor = factory.SubFactory(SecondFactorFactory)
    digest = factory.Sequence(lambda n: hashlib.sha256(f"code-{n}".encode()).hexdigest())
