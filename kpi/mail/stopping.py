"""Ending a mail without logging in: a signed token that says which, and nothing else.

It holds for as long as the mail may lie in somebody's box, so without end and beyond a change of the key of the site
(`SECRET_KEY_OLD`). It may, because all it can do is end one mail: it logs nobody in and shows nothing.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.utils import timezone

from kpi.models import Subscription

SALT = "kpi.mail.stop"


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT, fallback_keys=[*settings.SECRET_KEYS_OLD])


def token_of(subscription: int) -> str:
    return _signer().sign(str(subscription))


def subscription_of(token: str) -> int | None:
    """The subscription a token speaks of; None for one that is not ours."""
    try:
        return int(_signer().unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def end(subscription: int) -> bool:
    """True for whoever ends it; ending it twice does no harm."""
    mine = Subscription.objects.filter(pk=subscription, active=True)
    return bool(mine.update(active=False, ended_at=timezone.now()))
