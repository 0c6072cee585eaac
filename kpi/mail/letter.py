"""A mail that is ready, or the reason why there is none. Subjects are fixed sentences: no figure and no name of ours gets in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.urls import reverse

from kpi.mail.stopping import token_of
from kpi.models import Sending, Subscription


@dataclass(frozen=True)
class Letter:
    """What the reader gets; both forms say the same."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class NoLetter:
    """Why nothing is sent. `later`: what stands in the way may be over in a moment."""

    reason: str
    later: bool = False


def letter_of(subject: str, template: str, subscription: Subscription, context: Mapping[str, Any]) -> Letter:
    """Both forms from one set of facts."""
    own = address("nights" if subscription.kind == Subscription.Kind.NIGHTS else "mails")
    facts = {**context, "subject": subject, "site": settings.SITE_URL, "stop": stop_address(subscription), "mails": own}
    return Letter(subject, render_to_string(f"kpi/mail/{template}.txt", facts), render_to_string(f"kpi/mail/{template}.html", facts))


def address(name: str, *args: object) -> str:
    """An address of ours as it has to stand in a mail."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def stop_address(subscription: Subscription) -> str:
    return address("mail-stop", token_of(subscription.pk))


def usable(recipient: str) -> bool:
    """One plain address: nothing in it can become a header."""
    try:
        validate_email(recipient)
    except ValidationError:
        return False
    return True


def message_of(row: Sending, letter: Letter, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """With the way to end it in one click (RFC 8058) and an identity of its own, the same however often it is tried."""
    host = urlsplit(settings.SITE_URL).hostname
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[row.subscription.user.email],
        connection=connection,
        headers={
            "Message-ID": f"<{row.kind}-{row.pk}@{host}>",
            "List-Id": f"<{row.subscription.kind}.counterweight.{host}>",
            "List-Unsubscribe": f"<{stop_address(row.subscription)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(letter.html, "text/html")
    return message
