"""Secrets of connections: kept under a key of the environment, bound to the host they were entered for, and never shown again."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from kpi import sealed
from kpi.models import Connection
from kpi.sealed import Broken
from kpi.vendor import Problem

PURPOSE = b"counterweight connection secrets"
FORM = "gcm1."  # what is sealed now begins so; what was sealed before is a Fernet token, which begins with gAAAA


@dataclass(frozen=True)
class Keys:
    """The first is the key of today; old ones still open what they sealed. What was sealed for one purpose is no other's."""

    keys: Sequence[str]
    purpose: bytes

    def seal(self, text: str) -> str:
        return FORM + base64.urlsafe_b64encode(sealed.seal(self.keys[0].encode(), self.purpose, text.encode())).decode()

    def unseal(self, kept: str) -> str:
        """Broken where no key opens it."""
        if not kept.startswith(FORM):
            return self._of_before(kept)
        for key in self.keys:
            try:
                return sealed.unseal(key.encode(), self.purpose, base64.urlsafe_b64decode(kept.removeprefix(FORM))).decode()
            except (Broken, ValueError):  # or no text of such a form at all
                continue
        raise Broken

    def _of_before(self, kept: str) -> str:
        """Until 2026-11-28: AES-128-CBC with HMAC. Opened still; `manage.py reseal_secrets` seals it anew."""
        try:
            return MultiFernet([Fernet(_derived(key, self.purpose)) for key in self.keys]).decrypt(kept.encode()).decode()
        except InvalidToken:
            raise Broken from None


def can_seal() -> bool:
    """Whether the site has a key."""
    return bool(settings.CONNECTION_KEYS)


def seal(connection: Connection, secret: str) -> None:
    """Keep the secret with this connection; the first key seals."""
    connection.sealed = keys_for(PURPOSE).seal(json.dumps({**_bound(connection), "secret": secret}))


def unseal(connection: Connection) -> str:
    """The secret, for the host, user and bucket it was entered for alone: whoever may change the host cannot have it sent there."""
    payload = _opened(connection)
    if any(payload.get(name) != value for name, value in _bound(connection).items()):
        raise Problem("other_host")
    return str(payload["secret"])


def reseal(connection: Connection) -> None:
    """Under the first key, whichever it was sealed with, and in whatever form."""
    connection.sealed = keys_for(PURPOSE).seal(json.dumps(_opened(connection)))


def _opened(connection: Connection) -> dict[str, str]:
    if not connection.sealed:
        raise Problem("no_secret")
    try:
        payload: dict[str, str] = json.loads(keys_for(PURPOSE).unseal(connection.sealed))
    except Broken:
        raise Problem("other_key") from None
    return payload


def _bound(connection: Connection) -> dict[str, str]:
    return {"host": connection.host, "login": connection.login, "bucket": connection.bucket}


def keys_for(purpose: bytes) -> Keys:
    if not settings.CONNECTION_KEYS:
        raise Problem("no_key")
    return Keys(tuple(settings.CONNECTION_KEYS), purpose)


def _derived(key: str, purpose: bytes) -> bytes:
    return base64.urlsafe_b64encode(HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode()))
