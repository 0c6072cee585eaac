"""Who may work on an export, since when, how it ended, how long its file is kept: as kpi/ingest/runs.py has it for files that come in."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.ingest.runs import Lost, patiently
from kpi.models import Export
from kpi.result import Viewer

LEASE = timedelta(seconds=90)  # longer than the patience with the browser
ATTEMPTS = 3
WAITS_TOO_LONG = timedelta(seconds=5)
OPEN = (Export.State.QUEUED, Export.State.RUNNING)
MOST_OPEN = 10  # of one reader at a time

__all__ = ["Lost", "TooMany"]


class TooMany(Exception):
    """The reader has enough under way; the message is a sentence."""


def rights_key(viewer: Viewer) -> str:
    """Equal as long as the reader may see the same, in groups of the same size."""
    return hashlib.sha256(f"{viewer.key}|{settings.WELLBEING_MIN_GROUP}".encode()).hexdigest()[:32]


def ask(user: User, viewer: Viewer, address: str, form: str, *, language: str, title: str) -> tuple[Export, bool]:
    """The export under way for this very question, or a new one; whether it is new."""
    mine = Export.objects.filter(owner=user, state__in=OPEN)
    same = mine.filter(address=address, form=form, language=language).first()
    if same is not None:
        return same, False
    if mine.count() >= MOST_OPEN:
        raise TooMany(_("%(n)s exports of yours are under way: wait until one is done.") % {"n": MOST_OPEN})
    made = Export(owner=user, form=form, address=address, language=language, title=title[:300], asked_with=rights_key(viewer))
    made.rung_at = timezone.now()
    made.save()
    return made, True


def claim(export: int) -> int | None:
    """Take the export: the number of this attempt, None when somebody else has it or it is over."""
    now = timezone.now()
    attempt = Export.objects.filter(pk=export).values_list("attempt", flat=True).first()
    if attempt is None:
        return None
    free = Q(state=Export.State.QUEUED) | Q(state=Export.State.RUNNING, lease_until__lt=now)
    mine = Export.objects.filter(free, pk=export, attempt=attempt, attempt__lt=ATTEMPTS)
    changes = {"state": Export.State.RUNNING, "attempt": F("attempt") + 1, "lease_until": now + LEASE, "started_at": now, "progress": 5}
    return attempt + 1 if patiently(lambda: mine.update(**changes)) else None


def _mine(export: int, attempt: int) -> QuerySet[Export]:
    return Export.objects.filter(pk=export, attempt=attempt, state=Export.State.RUNNING)


def keep(export: int, attempt: int, progress: int) -> None:
    """Extend the lease and say how far it is, or stop here if the export is no longer ours."""
    until = timezone.now() + LEASE
    if not patiently(lambda: _mine(export, attempt).update(lease_until=until, progress=progress)):
        raise Lost(export)


def finish(export: int, attempt: int, **made: object) -> None:
    """Done, with what was made; Lost where another worker has it."""
    now = timezone.now()
    ended = {"state": Export.State.DONE, "progress": 100, "finished_at": now, "lease_until": None, "message": ""}
    ended["expires_at"] = now + timedelta(days=settings.EXPORT_DAYS)
    if not patiently(lambda: _mine(export, attempt).update(**ended, **made)):
        raise Lost(export)


def fail(export: int, attempt: int, message: str) -> None:
    now = timezone.now()
    expires = now + timedelta(days=settings.EXPORT_DAYS)
    ended = {"state": Export.State.FAILED, "message": message, "finished_at": now, "lease_until": None, "expires_at": expires}
    patiently(lambda: _mine(export, attempt).update(**ended))


def release(export: int, attempt: int) -> None:
    """Give it back: the next bell starts it again."""
    _mine(export, attempt).update(state=Export.State.QUEUED, lease_until=None, rung_at=timezone.now())


def sweep() -> list[int]:
    """Exports whose bell must ring again; those that had their attempts are failed and say so."""
    with transaction.atomic():
        return _sweep(timezone.now())


def _sweep(now: datetime) -> list[int]:
    waiting = Q(state=Export.State.QUEUED) & (Q(rung_at__isnull=True) | Q(rung_at__lt=now - WAITS_TOO_LONG))
    abandoned = Q(state=Export.State.RUNNING, lease_until__lt=now)
    skip = connection.features.has_select_for_update_skip_locked
    ring = []
    for export in Export.objects.select_for_update(skip_locked=skip).filter(waiting | abandoned).order_by("pk"):
        if export.attempt >= ATTEMPTS:
            _give_up(export, now)
        else:
            Export.objects.filter(pk=export.pk).update(rung_at=now)
            ring.append(export.pk)
    return ring


def _give_up(export: Export, now: datetime) -> None:
    message = _("Stopped after %(n)s attempts, each of which ended without a word. Ask for it again.") % {"n": export.attempt}
    ended = {"state": Export.State.FAILED, "finished_at": now, "lease_until": None, "message": message}
    ended["expires_at"] = now + timedelta(days=settings.EXPORT_DAYS)
    Export.objects.filter(pk=export.pk, attempt=export.attempt, state=export.state).update(**ended)


def folder() -> Path:
    """Where the files lie: nobody's but the site's."""
    path = Path(settings.DATA_DIR).resolve() / "exports"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def file_of(export: Export) -> Path | None:
    """The file, if it is there."""
    path = folder() / export.file
    return path if export.file and path.parent == folder() and path.is_file() else None


def remove(export: Export) -> None:
    """The row and its file."""
    if path := file_of(export):
        path.unlink(missing_ok=True)
    export.delete()


def expire() -> int:
    """Remove what nobody may want any more, and files no row knows (a worker that was killed left them)."""
    late = list(Export.objects.filter(expires_at__lt=timezone.now()))
    for export in late:
        remove(export)
    known = set(Export.objects.exclude(file="").values_list("file", flat=True))
    old = (timezone.now() - timedelta(hours=1)).timestamp()
    for path in folder().iterdir():
        if path.name not in known and path.stat().st_mtime < old:
            path.unlink(missing_ok=True)
    for left in Path(tempfile.gettempdir()).glob("counterweight-print-*"):  # of a browser whose worker was killed
        if left.stat().st_mtime < old:
            shutil.rmtree(left, ignore_errors=True)
    return len(late)
