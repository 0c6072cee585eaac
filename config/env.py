"""Readers of the environment that fail loudly: a value that is not understood stops the start with one sentence."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


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


def words(name: str, default: list[str]) -> list[str]:
    value = text(name)
    return [word.strip() for word in value.split(",") if word.strip()] if value else default


def database(name: str, folder: Path) -> dict[str, object]:
    """DATABASE_URL (postgres or sqlite); SQLite in the data folder when it is not set."""
    value = text(name)
    if not value:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "counterweight.sqlite3")}
    scheme = urlsplit(value).scheme
    if scheme not in {"postgres", "postgresql", "sqlite"}:
        raise ImproperlyConfigured(f"{name} begins with {scheme!r}: write postgres://user:password@host:5432/name.")
    return dict(environ.Env.db_url_config(value))


def redis(name: str) -> str:
    """An address like redis://host:6379/0, or empty."""
    value = text(name)
    if value and (urlsplit(value).scheme not in {"redis", "rediss"} or not urlsplit(value).hostname):
        raise ImproperlyConfigured(f"{name}={value!r} is not understood: write redis://host:6379/0, or leave it empty.")
    return value


def secret(name: str, *, minimum: int, production: bool, fallback: Path) -> str:
    """A secret from the environment; outside production one is made once and kept in the data folder."""
    value = text(name)
    if value:
        if production and (len(value) < minimum or "demo" in value.lower() or "insecure" in value.lower()):
            raise ImproperlyConfigured(f"{name} is too short or a sample: give {minimum} random characters or more.")
        return value
    if production:
        raise ImproperlyConfigured(f"{name} is not set: give {minimum} random characters or more.")
    if not fallback.exists():
        fallback.parent.mkdir(parents=True, exist_ok=True)
        fallback.touch(mode=0o600)
        fallback.write_text(os.urandom(32).hex())
    return fallback.read_text().strip()
