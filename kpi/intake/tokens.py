"""Tokens of a source: made once, shown once, kept as a hash, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from kpi.models import DataSource, ImportToken

START, PREFIX = "cw_", 11  # what a token begins with; how much of it may be seen
SECRET_BYTES = 32
SCHEME = "bearer"
USED_EVERY = timedelta(minutes=5)  # how exactly it is known when a token was last used


def make_token(source: DataSource, name: str, days: int, user: Any = None) -> tuple[ImportToken, str]:
    """A new token and its text, which nobody can read again."""
    text = START + secrets.token_urlsafe(SECRET_BYTES)
    expires = timezone.now() + timedelta(days=days)
    token = ImportToken(source=source, name=name, expires_at=expires, created_by=user)
    keep_digest(token, text)
    token.save()
    return token, text


def new_text() -> str:
    return START + secrets.token_urlsafe(SECRET_BYTES)


def keep_digest(token: ImportToken, text: str) -> None:
    """The text itself has 256 random bits: a plain hash of it cannot be turned around."""
    token.prefix, token.digest = text[:PREFIX], _digest(text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class TokenHolder:
    """Who sends files: no user, no dashboard, one source."""

    is_authenticated, is_active, is_staff, pk = True, True, False, None

    def __init__(self, token: ImportToken) -> None:
        self.token = token


class ByToken(BaseAuthentication):
    """`Authorization: Bearer cw_…`; the same answer for a token that is unknown, over or revoked."""

    def authenticate(self, request: Request) -> tuple[Any, ImportToken] | None:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        token = _known(text.strip())
        if token is None:
            raise AuthenticationFailed(_("This token is not known, has expired or was revoked. An administrator makes a new one."))
        _was_used(token)
        return TokenHolder(token), token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _known(text: str) -> ImportToken | None:
    """The digest of something is compared whether the prefix is known or not."""
    token = ImportToken.objects.select_related("source__site").filter(prefix=text[:PREFIX]).first()
    same = hmac.compare_digest(_digest(text), token.digest if token else _digest(""))
    return token if token is not None and same and token.in_force else None


def _was_used(token: ImportToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        ImportToken.objects.filter(pk=token.pk).update(last_used_at=now)
