"""What a reader chose about how pages look and are used, kept in cookies: known when the page is made, so nothing flashes."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

SCHEMES = ("system", "light", "dark")
KEYS = ("on", "off")
LANGUAGES = ("browser", "en", "de")  # the cookie is that of Django's LocaleMiddleware, which reads no “browser” and asks the browser
COOKIES = {"scheme": SCHEMES, "keys": KEYS, "language": LANGUAGES}  # the first of each is what somebody has who chose nothing
A_YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Preferences:
    """Light, dark or as the system has it; keys of the keyboard on or off; the language of pages."""

    scheme: str = SCHEMES[0]
    keys: str = KEYS[0]
    language: str = LANGUAGES[0]

    @property
    def key(self) -> str:
        """Pages with the same key look the same."""
        return f"{self.scheme}.{self.keys}.{get_language()}"


def cookie_of(name: str) -> str:
    return f"{settings.COOKIE_PREFIX}{name}"


def preferences_of(request: HttpRequest) -> Preferences:
    """A cookie that is not understood counts as none."""
    return Preferences(**{name: value for name, known in COOKIES.items() if (value := request.COOKIES.get(cookie_of(name), "")) in known})
