"""The first run: the reference centre brought into an empty database, a step at a time, so that a job that ends anywhere goes on.

What is stored says how far it is: there is no other record of it. A mark in the data folder says that somebody asked, and when it
last moved.
"""

from __future__ import annotations

import fcntl
import json
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from kpi import ingest, rollup
from kpi.models import ImportRun, Membership, Site
from kpi.reading import checksum
from kpi.reference.centre import make_centre
from kpi.reference.load import load
from kpi.reference.plan import SIZES
from kpi.reference.timeline import last_sunday_before
from kpi.reference.truth import truth
from kpi.reference.write import write_centre

SIZE, SEED = "demo", 7  # the centre of `make demo`: either goes on where the other ended
SILENT_S = 180  # a job that has not moved for so long has ended
KEEPERS = frozenset({Membership.Role.STEWARD, Membership.Role.ADMINISTRATOR})
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """How far the first run is. `files` is 0 until they are written; `moving`: a job is at it."""

    asked: bool
    moving: bool
    done: int = 0
    files: int = 0
    trouble: str = ""


def may_begin(user: Any) -> bool:
    """Who brings in data: stewards and administrators."""
    member = Membership.objects.filter(user_id=user.pk or 0).first()
    return bool(user.is_active and (user.is_superuser or (member and member.role in KEEPERS)))


def whom_to_ask() -> list[str]:
    """Names of those who may begin, for those who may not."""
    members = Membership.objects.filter(role__in=KEEPERS, user__is_active=True).select_related("user")[:5]
    return [member.user.get_full_name() or member.user.get_username() for member in members]


def is_free() -> bool:
    """Nothing of anybody's is here; what this very run brought does not count."""
    if _mark().exists() or (_folder().exists() and _stored(_deliveries()[0][0])):
        return True
    return not (ImportRun.objects.exists() or Site.objects.exists())


def ask() -> None:
    """From now on a job is at it."""
    _mark().parent.mkdir(parents=True, exist_ok=True)
    _mark().write_text("", encoding="utf-8")


def progress() -> Progress:
    mark = _mark()
    if not mark.exists():
        return Progress(asked=False, moving=False)
    trouble = mark.read_text(encoding="utf-8")
    moving = not trouble and time.time() - mark.stat().st_mtime < SILENT_S
    found = _deliveries() if _folder().exists() else []
    return Progress(True, moving, sum(_stored(path) for path, _source in found), len(found), trouble)


def advance() -> bool:
    """One step; whether another is to follow. Two jobs at once do the work of one."""
    with _alone() as alone:
        if not alone or not _mark().exists():
            return False
        _mark().touch()
        return _next()


def _next() -> bool:
    if not _folder().exists():
        _write_files()
        return True
    waiting = next((item for item in _deliveries() if not _stored(item[0])), None)
    if waiting is None:
        rollup.roll_up_due()
        _mark().unlink()
        return False
    load(json.loads((_folder() / "organisation.json").read_text(encoding="utf-8")), with_users=False)
    return _store(*waiting)


def _store(path: Path, source: str) -> bool:
    run, _existed = ingest.open_run(path, source)
    outcome = ingest.store_patiently(run.pk)
    if outcome.state in ("taken", "interrupted"):  # somebody else holds it for some seconds more
        time.sleep(1)
    elif not outcome.stored:
        logger.error("beginning.stopped", extra={"run": run.pk, "state": outcome.state})
        _mark().write_text(outcome.message, encoding="utf-8")
        return False
    return True


def _write_files() -> None:
    """Whole or not at all: a folder of that name is complete."""
    draft = _folder().with_name(f"{_folder().name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    write_centre(make_centre(end=last_sunday_before(timezone.localdate()), size=SIZES[SIZE], seed=SEED), draft, truth)
    draft.rename(_folder())


def _deliveries() -> list[tuple[Path, str]]:
    listed = json.loads((_folder() / "manifest.json").read_text(encoding="utf-8"))
    return [(_folder() / item["file"], item["source"]) for item in listed]


def _stored(path: Path) -> bool:
    return ImportRun.objects.filter(checksum=checksum(path), state=ImportRun.State.DONE).exists()


@contextmanager
def _alone() -> Iterator[bool]:
    with _mark().with_suffix(".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "reference"


def _mark() -> Path:
    return Path(settings.DATA_DIR) / "reference.asked"
