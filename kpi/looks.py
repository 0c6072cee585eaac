"""Who looked: one statement after an answer was given, and who may read the log (metrics.md C8: rule, scope and time, never the value).

The reader waits for none of it: it is written when the answer has left. What could not be written is an error in the log.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from kpi.models import Membership, Team, WellbeingSeen
from kpi.reporting import rows_of
from kpi.seen import Seen, watching

logger = logging.getLogger(__name__)
GIVEN, UNCHANGED = 200, 304
READ_ALL = frozenset({Membership.Role.REPRESENTATIVE, Membership.Role.ADMINISTRATOR})
COLUMNS = (
    "mark", "address", "first_at", "last_at", "times", "user_id", "username", "role", "surface", "page", "title", "site", "teams",
    "first_day", "end_day", "wave",
)  # fmt: skip
UPSERT = (
    f"INSERT INTO kpi_wellbeingseen ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))}) "  # noqa: S608 - names of our own
    "ON CONFLICT (mark) DO UPDATE SET times = kpi_wellbeingseen.times + 1, last_at = excluded.last_at"
)


class Looks:
    """Middleware: whatever an answer showed of wellbeing is written down with who asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with watching() as found:
            response = self.get_response(request)
        if response.status_code == GIVEN and found:
            _when_left(response, partial(write, request, tuple(found)))
        elif response.status_code == UNCHANGED:
            _when_left(response, partial(again, request))
        return response


def _when_left(response: HttpResponseBase, work: Callable[[], None]) -> None:
    """Django closes an answer once the reader has it, and whatever was hung on it."""
    hung: list[Callable[[], None]] = response._resource_closers  # type: ignore[attr-defined]
    hung.append(partial(_patiently, work))


def _patiently(work: Callable[[], None]) -> None:
    """The answer has left: all that can be done about a failure is to say so."""
    try:
        work()
    except DatabaseError as error:
        logger.error("look.not_recorded", extra={"error": type(error).__name__})


def write(request: HttpRequest, found: Sequence[Seen]) -> None:
    """One entry for each scope and period that was shown."""
    if not request.user.is_authenticated:
        return
    who = (request.user.pk, request.user.get_username(), _role(request.user), _surface(request), _page(request))
    _keep(_address(request), who, found)


def _role(user: AbstractBaseUser) -> str:
    return str(getattr(getattr(user, "membership", None), "role", ""))


def mailed(mail: int, user: AbstractBaseUser, kind: str, found: Sequence[Seen]) -> None:
    """A mail that left is a look of its reader."""
    _patiently(
        partial(_keep, _digest("mail", mail), (user.pk, user.get_username(), _role(user), WellbeingSeen.Surface.MAIL.value, kind), found)
    )


def _keep(address: str, who: tuple[object, ...], found: Sequence[Seen]) -> None:
    now = timezone.now()
    with connection.cursor() as cursor:
        for seen in found:
            cursor.execute(UPSERT, _row(address, who, seen, now))


def _row(address: str, who: tuple[object, ...], seen: Seen, now: datetime) -> list[Any]:
    scope = seen.scope
    teams = "".join(f"{team}," for team in sorted(scope.teams))
    about = (seen.title[:300], scope.site, f",{teams}" if teams else "", seen.period.start, seen.period.end, seen.wave)
    shown = (scope.queue, scope.channel, scope.intent, scope.tier)
    mark = _digest(who[0], *who[3:], *about, *shown, now.replace(minute=0, second=0, microsecond=0))
    adapt = connection.ops.adapt_datetimefield_value
    return [mark, address, adapt(now), adapt(now), 1, *who, *about]


def again(request: HttpRequest) -> None:
    """The reader's own browser still had the page: the same look once more, with what was noted of it the last time."""
    if not request.user.is_authenticated:
        return
    last = WellbeingSeen.objects.filter(user_id=request.user.pk, address=_address(request)).first()
    if last is None:
        return
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    if last.first_at >= hour:
        WellbeingSeen.objects.filter(pk=last.pk).update(times=last.times + 1, last_at=now)
        return
    last.pk, last.mark, last.first_at, last.last_at, last.times = None, _digest(last.mark, hour), now, now, 1
    last.save(force_insert=True)


def _surface(request: HttpRequest) -> str:
    kinds = {"/api/": WellbeingSeen.Surface.API, "/export/": WellbeingSeen.Surface.FILE}
    return str(next((kind for start, kind in kinds.items() if request.path.startswith(start)), WellbeingSeen.Surface.PAGE))


def _page(request: HttpRequest) -> str:
    match = request.resolver_match
    named = (match.kwargs.get("page") or match.kwargs.get("key") or match.url_name) if match else ""
    return str(named or "")[:60]


def _address(request: HttpRequest) -> str:
    return _digest(request.get_full_path())


def _digest(*parts: object) -> str:
    return hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=16).hexdigest()


def readable_by(member: Membership) -> QuerySet[WellbeingSeen] | None:
    """All of the log, of a manager what concerns the own teams, or None for roles it is not for."""
    if member.role in READ_ALL:
        return WellbeingSeen.objects.all()
    if member.role != Membership.Role.MANAGER:
        return None
    return about(list(member.teams.all()))


def teams_of(member: Membership) -> QuerySet[Team]:
    """Whose page the reader may open or print."""
    return Team.objects.all() if member.role in READ_ALL else member.teams.all()


def about(teams: Sequence[Team]) -> QuerySet[WellbeingSeen]:
    """What concerned any of these teams: looks at it, at its site, and at the company, in which it is counted too."""
    if not teams:
        return WellbeingSeen.objects.none()
    own = frozenset(team.pk for team in teams)
    named = Q(pk=None)
    for team in own | rows_of(own):
        named |= Q(teams__contains=f",{team},")
    whole = Q(teams="") & (Q(site=None) | Q(site__in=[team.site_id for team in teams]))
    return WellbeingSeen.objects.filter(named | whole)


def forget() -> int:
    """Deletes entries older than LOOKS_KEPT_DAYS; how many."""
    before = timezone.now() - timedelta(settings.LOOKS_KEPT_DAYS)
    return WellbeingSeen.objects.filter(last_at__lt=before).delete()[0]
