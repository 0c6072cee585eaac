"""A folder that is watched: whatever system can only write files puts them into `WATCH_FOLDER/<source>/`.

A file is taken when two looks found it the same and nobody touched it for a while, so one that is still being written waits. It is
copied to the inbox, its run is opened, and it moves to `taken/`; when the run ends it moves on to `done/` or, with the reason beside it,
to `failed/`. A crash between any two of these steps changes nothing: the same bytes are the same run, and the next look goes on from
where the file lies.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from kpi import memory, registry
from kpi.ingest import runs
from kpi.ingest.inbox import discard
from kpi.ingest.receiving import TooMany, receive, refuse_too_many
from kpi.models import DataSource, ImportRun
from kpi.source import Refused

logger = logging.getLogger(__name__)
SETTLED_S = 30  # untouched for so long
REMEMBERED_S = 3600
UNFINISHED = {".part", ".tmp", ".filepart", ".crdownload"}  # how systems name what they are still writing
TAKEN, DONE, FAILED = "taken", "done", "failed"
PIECE = 1 << 20


def look() -> list[int]:
    """Take what has settled, move on what has ended; the runs that were opened. Nothing where no folder is watched."""
    root = Path(settings.WATCH_FOLDER) if settings.WATCH_FOLDER else None
    if root is None or not root.is_dir():
        return []
    opened = []
    for folder in sorted(path for path in root.iterdir() if path.is_dir() and not path.is_symlink()):
        _move_on(folder)
        opened += [run for path in _files(folder) if _settled(path) and (run := _take(path, folder))]
    return opened


def _files(folder: Path) -> Iterator[Path]:
    """Plain files of the folder itself: no link leads out of it."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".") and path.suffix.lower() not in UNFINISHED:
            yield path


def _settled(path: Path) -> bool:
    """Found the same by the look before, and not touched since."""
    found = path.stat()
    key, now = f"watched:{found.st_ino}", (str(path), found.st_size, found.st_mtime_ns)
    same = memory.recall(key) == now
    memory.keep(key, now, REMEMBERED_S)
    return same and found.st_size > 0 and time.time() - found.st_mtime >= SETTLED_S


def _take(path: Path, folder: Path) -> int | None:
    """The run of a file, or None where it waits or is refused with a reason."""
    try:
        source = DataSource.objects.filter(key=folder.name).first()
        if source is None:
            registry.source(folder.name)
        else:
            refuse_too_many(source)
        arrived = receive(_pieces(path), path.name)
        run, existed = runs.open_run(arrived.path, folder.name)
    except TooMany:
        return None
    except (Refused, registry.Unknown) as problem:
        _put(path, folder / FAILED, path.name, str(problem))
        return None
    if existed:
        discard(arrived.path)
    _put(path, folder / TAKEN, f"{run.pk}_{path.name}")
    return None if existed else run.pk


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _move_on(folder: Path) -> None:
    """What was taken and whose run has ended."""
    waiting = {path: path.name.partition("_") for path in _files(folder / TAKEN)} if (folder / TAKEN).is_dir() else {}
    numbers = {int(number) for number, _line, _name in waiting.values() if number.isdecimal()}
    ended = {run.pk: run for run in ImportRun.objects.filter(pk__in=numbers).exclude(state__in=runs.OPEN)}
    for path, (number, _line, _name) in waiting.items():
        run = ended.get(int(number)) if number.isdecimal() else None
        if run is not None:
            good = run.state == ImportRun.State.DONE
            _put(path, folder / (DONE if good else FAILED), path.name, "" if good else run.message)


def _put(path: Path, folder: Path, name: str, reason: str = "") -> None:
    """Move a file, and write beside it why it is there; one of the same name is not written over."""
    folder.mkdir(exist_ok=True)
    place = folder / name
    if place.exists():
        place = folder / f"{time.time_ns()}_{name}"
    if reason:
        place.with_name(f"{place.name}.reason.txt").write_text(f"{reason}\n", encoding="utf-8")
        logger.warning("watched.refused", extra={"source": path.parent.name if path.parent.name != TAKEN else path.parent.parent.name})
    os.replace(path, place)
