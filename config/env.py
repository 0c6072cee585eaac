"""Readers of the environment that fail loudly: a value that is not understood stops the start with one sentence."""

import contextlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from config import mails
from config.currencies import CURRENCIES

# Who is stopped in the middle of a transaction holds its locks: after five minutes PostgreSQL ends it, and others go on.
STANDS_STILL = "-c idle_in_transaction_session_timeout=300s"


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def refuse_together(first: str, second: str, *, both: bool, remedy: str) -> None:
    """Two settings that are each allowed, but not at once."""
    if both:
        raise ImproperlyConfigured(f"{first} and {second} exclude each other: {remedy}.")


def refuse_without(name: str, needed: str, *, missing: bool, why: str) -> None:
    """A setting that does nothing without another."""
    if missing:
        raise ImproperlyConfigured(f"{name} is set, but {needed} is not: {why}.")


def flag(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if not value:
        return default
    raise ImproperlyConfigured(f"{name}={value!r} is not understood: write true or false.")


def number(name: str, default: int, *, low: int, high: int) -> int:
    value = text(name)
    if not value:
        return default
    if not re.fullmatch(r"\d{1,9}", value) or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name}={value!r} is not understood: write a whole number from {low} to {high}.")
    return int(value)


def choice(name: str, default: str, allowed: Sequence[str]) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r} is not understood: write one of {', '.join(allowed)}.")
    return value


def currency(name: str, default: str) -> str:
    """The code of a currency, as ISO 4217 has it."""
    value = text(name, default)
    if value not in CURRENCIES:
        raise ImproperlyConfigured(f"{name}={value!r} is not understood: write the code of a currency (ISO 4217), as in {name}=EUR.")
    return value


def some(name: str, allowed: Sequence[str]) -> list[str]:
    """Any of what is allowed, separated by commas; none where it is empty."""
    found = words(name, [])
    if unknown := [word for word in found if word not in allowed]:
        raise ImproperlyConfigured(f"{name} holds {unknown[0]!r}, which is not understood: write some of {', '.join(allowed)}.")
    return found


def words(name: str, default: list[str]) -> list[str]:
    value = text(name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else default


def folder(name: str, default: Path) -> Path:
    """A folder we may write to; made when it is not there."""
    path = Path(text(name, str(default)))
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: the folder {path} cannot be made ({error.strerror}): name one that may be written.") from None
    if not os.access(path, os.W_OK):
        raise ImproperlyConfigured(f"{name}: the folder {path} cannot be written: give it to the user who runs this, or name another.")
    return path


def hosts(name: str, *, production: bool) -> list[str]:
    """The names this site answers to; in production they are named one by one."""
    found = words(name, [] if production else ["localhost", "127.0.0.1", "testserver"])
    if production and not found:
        raise ImproperlyConfigured(f"{name} is not set: name the hosts of this site, as in {name}=kpi.example.org.")
    if production and any(host in {"*", "."} for host in found):
        raise ImproperlyConfigured(f"{name} holds '*', which lets anybody choose the host: name each host, as in {name}=kpi.example.org.")
    return found


def _address(name: str, value: str, *, schemes: set[str], sample: str) -> SplitResult:
    """The parts of an address; the value itself is never repeated, it may hold a password."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ImproperlyConfigured(f"{name} is not understood: write {sample}.")
    return parts


def database(name: str, folder: Path) -> dict[str, object]:
    """DATABASE_URL (postgres or sqlite); SQLite in the data folder when it is not set."""
    value = text(name)
    if not value:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "counterweight.sqlite3")}
    sample = "postgres://user:password@host:5432/name, or leave it empty for SQLite in the data folder"
    parts = _address(name, value, schemes={"postgres", "postgresql", "sqlite"}, sample=sample)
    if not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} names no database: write {sample}.")
    found: dict[str, object] = dict(environ.Env.db_url_config(value))
    if parts.scheme != "sqlite":
        options = found.get("OPTIONS")
        found["OPTIONS"] = {"options": STANDS_STILL} | (options if isinstance(options, dict) else {})
    return found


def redis(name: str) -> str:
    """An address like redis://host:6379/0, or empty."""
    value = text(name)
    if not value:
        return ""
    sample = "redis://host:6379/0, or leave it empty"
    parts = _address(name, value, schemes={"redis", "rediss"}, sample=sample)
    if not parts.hostname or not re.fullmatch(r"(/\d*)?", parts.path):
        raise ImproperlyConfigured(f"{name} is not understood: write {sample}.")
    return value


SAMPLES = ("demo", "insecure", "changeme", "change-me", "secret")


def secret(name: str, *, minimum: int, production: bool, fallback: Path) -> str:
    """A secret from the environment; outside production one is made once and kept in the data folder."""
    value = text(name)
    remedy = _random(minimum)
    if value:
        if production and _is_weak(value, minimum):
            raise ImproperlyConfigured(f"{name} is too short or a sample: {remedy}.")
        return value
    if production:
        raise ImproperlyConfigured(f"{name} is not set: {remedy}.")
    return _kept_secret(fallback)


def keys(name: str, former: list[str], *, minimum: int, production: bool, fallback: Path) -> list[str]:
    """The key that seals, then those that only open what they once sealed. In production none where none is given."""
    if production and not text(name):
        if former:
            raise ImproperlyConfigured(f"{name} is not set, but {name}_OLD is: {name} is the key of today, the other holds former ones.")
        return []
    if any(len(key) < minimum for key in former):
        raise ImproperlyConfigured(f"{name}_OLD holds a key that is too short: give the former keys whole, separated by commas.")
    return [secret(name, minimum=minimum, production=production, fallback=fallback), *former]


def optional_secret(name: str, *, minimum: int) -> str:
    """A secret that may be missing, and then opens nothing; one that can be guessed is refused everywhere."""
    value = text(name)
    if value and _is_weak(value, minimum):
        raise ImproperlyConfigured(f"{name} is too short or a sample: {_random(minimum)}, or leave it empty.")
    return value


def _is_weak(value: str, minimum: int) -> bool:
    return len(value) < minimum or len(set(value)) < 8 or any(sample in value.lower() for sample in SAMPLES)


def _random(minimum: int) -> str:
    return f"give {minimum} random characters or more, as from: python3 -c 'import secrets; print(secrets.token_urlsafe({minimum}))'"


def _kept_secret(path: Path) -> str:
    """Made once, whole or not at all: two processes that start together read the same one."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(os.urandom(32).hex())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


def mail(name: str, *, password: str, production: bool) -> dict[str, object]:
    """EMAIL_URL; outside production files in the data folder when it is not set. In production nothing is sent then: `{}`."""
    value = text(name, "" if production else "files:")
    return mails.server(name, value, password) if value else {}


def sender(name: str, *, sends: bool, production: bool) -> str:
    """Who mails are from; in production it has to be said once mails are sent."""
    if production and sends and not text(name):
        raise ImproperlyConfigured(f"{name} is not set, and mails are sent: write an address, as in Counterweight <kpi@example.org>.")
    return mails.sender(name, text(name, "Counterweight <counterweight@localhost.localdomain>"))


def site(name: str, *, hosts: Sequence[str], production: bool) -> str:
    """How links in mails begin."""
    default = f"https://{hosts[0].lstrip('.')}" if production and hosts else "http://127.0.0.1:8000"
    return mails.site(name, text(name, default))
