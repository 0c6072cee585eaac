"""Files sent through the admin wait in DATA_DIR/inbox with the names they hold, so none stays longer than it can be of use.

A file goes as soon as its run is done. The file of a failed run stays for `KEPT`, so that it can be run again from the admin, unless
the same bytes were sent anew. Whatever nobody asks for any more, after a crash say, the sweep removes. Files elsewhere are not ours.
"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from kpi.models import ImportRun

KEPT = timedelta(days=7)
ARRIVING = timedelta(hours=1)  # longer than any upload takes: a younger folder may belong to one
WAITS = Q(state__in=[ImportRun.State.QUEUED, ImportRun.State.RUNNING])


def inbox() -> Path:
    return Path(settings.DATA_DIR).resolve() / "inbox"


def discard(path: Path | str) -> None:
    """Remove a file of the inbox with the folder made for it; any other file is left alone."""
    path = Path(path).resolve()
    if path.parent.parent != inbox():
        return
    with suppress(OSError):
        path.unlink(missing_ok=True)
        path.parent.rmdir()


def tidy() -> None:
    """Remove what no run needs any more."""
    folders = list(inbox().glob("*/")) if inbox().is_dir() else []
    if not folders:
        return
    needed = {Path(path).parent for path in _needed().values_list("path", flat=True)}
    for folder in folders:
        if folder not in needed and (_has_run(folder) or _age(folder) > ARRIVING.total_seconds()):
            for path in [*folder.iterdir()]:
                discard(path)
            with suppress(OSError):
                folder.rmdir()


def _needed() -> QuerySet[ImportRun]:
    """Runs whose file is still to be read, or may be read again."""
    anew = ImportRun.objects.filter(source=OuterRef("source"), checksum=OuterRef("checksum"), pk__gt=OuterRef("pk"))
    failed = Q(state=ImportRun.State.FAILED, finished_at__gt=timezone.now() - KEPT) & ~Exists(anew)
    return ImportRun.objects.filter(WAITS | failed, path__startswith=f"{inbox()}/")


def _has_run(folder: Path) -> bool:
    return ImportRun.objects.filter(path__startswith=f"{folder}/").exists()


def _age(folder: Path) -> float:
    try:
        return time.time() - folder.stat().st_mtime
    except OSError:
        return 0.0
