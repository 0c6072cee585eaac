"""Where mail goes: a server named by EMAIL_URL, the console, or files in the data folder that anybody can open."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import Message
from email.utils import parseaddr
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

DJANGO = "django.core.mail.backends"
SAMPLE = "smtp+tls://user:password@host:587, smtp+ssl://…:465, smtp://host:25, files: or console:"
PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
_turns = itertools.count(1)


def server(name: str, value: str, password: str) -> dict[str, object]:
    """The settings of Django for an address of a mail server; the value itself is never repeated, it may hold a password."""
    wrong = ImproperlyConfigured(f"{name} is not understood: write {SAMPLE}.")
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme in ("files", "console") and not parts.netloc and not parts.path:
        backend = "config.mails.Files" if parts.scheme == "files" else f"{DJANGO}.console.EmailBackend"
        return {"EMAIL_BACKEND": backend}
    if parts.scheme not in PORTS or not parts.hostname or port == 0 or parts.path.strip("/") or parts.query:
        raise wrong
    if password and parts.password:
        raise ImproperlyConfigured(f"{name} holds a password and EMAIL_PASSWORD another: give it once.")
    return {
        "EMAIL_BACKEND": f"{DJANGO}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": password or unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtp+ssl",
    }


def sender(name: str, value: str) -> str:
    """One address, with or without a name before it."""
    _who, address = parseaddr(value)
    try:
        validate_email(address)
        if any(ord(letter) < 32 for letter in value):
            raise ValidationError("control character")
    except ValidationError:
        raise ImproperlyConfigured(f"{name} is not understood: write an address, as in Counterweight <kpi@example.org>.") from None
    return value


def site(name: str, value: str) -> str:
    """The address of the site, as links in mails begin."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured(f"{name} is not understood: write the address of the site, as in https://kpi.example.org.")
    return value.rstrip("/")


class Files(BaseEmailBackend):
    """Every mail as files in one folder: whole (.eml), and its two forms to look at (.html, .txt)."""

    def __init__(self, file_path: str | None = None, fail_silently: bool = False, **_others: object) -> None:
        super().__init__(fail_silently=fail_silently)
        self.file_path = file_path

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(self.file_path or settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            written = cast("Message", message.message())
            stem = f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}-{next(_turns):03d}"
            (folder / f"{stem}.eml").write_bytes(written.as_bytes())
            for part in written.walk():
                ending = {"text/html": "html", "text/plain": "txt"}.get(part.get_content_type())
                if ending:
                    (folder / f"{stem}.{ending}").write_bytes(cast("bytes", part.get_payload(decode=True)))
        return len(email_messages)
