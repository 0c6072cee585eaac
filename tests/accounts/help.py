"""Somebody with a password and perhaps a device, and what they type."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from kpi.accounts import device
from kpi.models import Membership
from tests import factories
from tests.factories.accounts import SECRET

PASSWORD = "a long sentence of ours"


def somebody(name: str = "ada", role: str = "analyst", *, with_device: bool = False, **more: Any) -> User:
    user = factories.UserFactory(username=name, **more)
    user.set_password(PASSWORD)
    user.save()
    Membership.objects.create(user=user, role=role)
    if with_device:
        factories.SecondFactorFactory(user=user)
    return user


def code(secret: str = SECRET, *, later: int = 0) -> str:
    """What the device shows now, or so many half minutes later."""
    return device.code_at(secret, int(timezone.now().timestamp() // device.STEP_S) + later)


def password_of(client: Client, name: str = "ada", password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/login/", {"username": name, "password": password, **more})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
