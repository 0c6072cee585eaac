"""Secrets of connections: kept under a key of the environment, bound to the host they were entered for, and never shown again."""

from __future__ import annotations

import base64
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from kpi.models import Connection
from kpi.vendor import Problem

PURPOSE = b"counterweight connection secrets"


def can_seal() -> bool:
    """Whether the site has a key."""
    return bool(settings.CONNECTION_KEYS)


def seal(connection: Connection, secret: str) -> None:
    """Keep the secret with this connection; the first key seals."""
    payload = json.dumps({**_bound(connection), "secret": secret})
    connection.sealed = _keys().encrypt(payload.encode()).decode()


def unseal(connection: Connection) -> str:
    """The secret, for the host, user and bucket it was entered for alone: whoever may change the host cannot have it sent there."""
    payload = _opened(connection)
    if any(payload.get(name) != value for name, value in _bound(connection).items()):
        raise Problem("other_host")
    return str(payload["secret"])


def reseal(connection: Connection) -> None:
    """Under the first key, whichever it was sealed with."""
    payload = _opened(connection)
    connection.sealed = _keys().encrypt(json.dumps(payload).encode()).decode()


def _opened(connection: Connection) -> dict[str, str]:
    if not connection.sealed:
        raise Problem("no_secret")
    try:
        payload: dict[str, str] = json.loads(_keys().decrypt(connection.sealed.encode()))
    except InvalidToken:
        raise Problem("other_key") from None
    return payload


def _bound(connection: Connection) -> dict[str, str]:
    return {"host": connection.host, "login": connection.login, "bucket": connection.bucket}


def _keys() -> MultiFernet:
    return keys_for(PURPOSE)


def keys_for(purpose: bytes) -> MultiFernet:
    """The first is the key of today; old ones still open what they sealed. What was sealed for one purpose is no other's."""
    if not settings.CONNECTION_KEYS:
        raise Problem("no_key")
    return MultiFernet([Fernet(_derived(key, purpose)) for key in settings.CONNECTION_KEYS])


def _derived(key: str, purpose: bytes) -> bytes:
    return base64.urlsafe_b64encode(HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode()))
