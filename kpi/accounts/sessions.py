"""Sessions of one person: where they are, in words, and ending them. No address is kept, and no name of a session is ever shown."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from kpi.accounts.store import BEGAN

DEVICE = "device"  # (browser, system) as words
BROWSERS = (  # the first that is named: most name others along
    ("Edge", r"\bEdgA?(?:iOS)?/"), ("Opera", r"\bOPR/|\bOpera"), ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"\bFirefox/|\bFxiOS/"), ("Chrome", r"Chrome/|\bCriOS/|Chromium/"), ("Safari", r"\bSafari/"),
)  # fmt: skip
SYSTEMS = (
    ("Android", r"Android"), ("iPhone", r"iPhone"), ("iPad", r"iPad"), ("Windows", r"Windows"), ("macOS", r"Macintosh|Mac OS X"),
    ("ChromeOS", r"\bCrOS\b"), ("Linux", r"Linux|X11"),
)  # fmt: skip


@dataclass(frozen=True)
class Open:
    """One session: `mark` stands for it on the page, and opens nothing."""

    mark: str
    device: str
    since: date | None  # None: from before it was kept
    last_seen: date | None
    here: bool


def begin(request: HttpRequest) -> None:
    """What is kept of a log-in: when it was, and the families of browser and system, as the browser names itself."""
    told = request.headers.get("User-Agent", "")
    request.session[BEGAN] = time.time()
    request.session[DEVICE] = [_first(BROWSERS, told), _first(SYSTEMS, told)]


def _first(known: tuple[tuple[str, str], ...], told: str) -> str:
    return next((name for name, pattern in known if re.search(pattern, told)), "")


def listed(user: int, here: str | None = None) -> list[Open]:
    """This one first, then those that were used last."""
    found = [_open(session, here) for session in _of(user)]
    return sorted(found, key=lambda item: (not item.here, -(item.last_seen or date.min).toordinal(), item.device))


def _open(session: Session, here: str | None) -> Open:
    kept = session.get_decoded()
    browser, system = (kept.get(DEVICE) or ["", ""])[:2]
    since = used = None
    if BEGAN in kept:
        since = datetime.fromtimestamp(kept[BEGAN], UTC).date()
        used = max(since, (session.expire_date - timedelta(minutes=settings.SESSION_IDLE_MINUTES)).date())
    return Open(mark_of(session.pk), _words(browser, system), since, used, session.pk == here)


def _words(browser: str, system: str) -> str:
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("a browser that does not say which")


def mark_of(key: str) -> str:
    """A session's name opens it, so that what stands on a page is made of it and does not lead back."""
    return salted_hmac("kpi.accounts.sessions", key, algorithm="sha256").hexdigest()[:24]


def end(user: int, keep: str | None = None, marks: Collection[str] | None = None) -> int:
    """Logs the person out everywhere, or where the marks say, but for the session that is kept; how many ended."""
    ended = [session.pk for session in _of(user) if session.pk != keep and (marks is None or mark_of(session.pk) in marks)]
    return Session.objects.filter(pk__in=ended).delete()[0]


def _of(user: int) -> Iterator[Session]:
    """A session says whose it is only once it is opened; there are as many as people logged in within twelve hours."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user):
            yield session
