"""Ending a mail without logging in: a signed token that says which, and nothing else."""

from __future__ import annotations

from django.core import signing
from django.utils import timezone

from kpi.models import Subscription

SIGNER = signing.Signer(salt="kpi.mail.stop")


def token_of(subscription: int) -> str:
    return SIGNER.sign(str(subscription))


def subscription_of(token: str) -> int | None:
    """The subscription a token speaks of; None for one that is not ours. It holds for as long as the key of the site does."""
    try:
        return int(SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def end(subscription: int) -> bool:
    """True for whoever ends it; ending it twice does no harm."""
    mine = Subscription.objects.filter(pk=subscription, active=True)
    return bool(mine.update(active=False, ended_at=timezone.now()))
