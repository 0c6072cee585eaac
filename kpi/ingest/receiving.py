"""Take a file in as it arrives: written to the inbox piece by piece, counted while it comes, refused where it is too large."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from kpi.ingest import quotas
from kpi.ingest.inbox import discard, inbox
from kpi.models import DataSource, ImportRun
from kpi.source import Refused

WAITING = 100  # files of one source that may wait: more is a sender that does not listen
UNSAFE = re.compile(r"[^\w.@()+ -]+")
MB = 10**6
LONGEST_NAME = 200  # bytes


class TooLarge(Refused):
    """More bytes than are taken; nothing of it is kept."""


class TooMany(Refused):
    """Too many files of this source wait already; come back later."""


@dataclass(frozen=True)
class Arrived:
    """A file in the inbox, and the sha256 of its bytes."""

    path: Path
    checksum: str
    size: int


def receive(pieces: Iterable[bytes], name: str, sender: str = "") -> Arrived:
    """Write what comes to a folder of its own; a file that is cut off or too large leaves nothing behind. `sender`: whose quota it is
    (`token:1`, `user:7`); what the site fetches by itself has none."""
    if sender:
        quotas.admit(sender)
    folder = inbox() / secrets.token_hex(8)
    folder.mkdir(parents=True)
    path, digest, size, limit = folder / safe_name(name), hashlib.sha256(), 0, settings.IMPORT_MAX_MB * MB
    try:
        with path.open("wb") as out:
            for piece in pieces:
                size += len(piece)
                if size > limit:
                    raise TooLarge(_("The file is larger than %(limit)d MB, the limit of this site.") % {"limit": limit // MB})
                digest.update(piece)
                out.write(piece)
    except BaseException:
        discard(path)
        raise
    finally:
        if sender:
            quotas.count(sender, size)
    return Arrived(path, digest.hexdigest(), size)


def safe_name(name: str) -> str:
    """A name that is one file in one folder, whatever was sent as one; a disk counts its bytes, not its letters."""
    last = UNSAFE.sub("_", Path(name.replace("\\", "/")).name).strip(". ")
    return last.encode()[-LONGEST_NAME:].decode(errors="ignore").strip(". ") or "file"


def refuse_too_many(source: DataSource) -> None:
    """A sender that does not wait for its answers is told to."""
    open_states = [ImportRun.State.QUEUED, ImportRun.State.RUNNING]
    if ImportRun.objects.filter(source=source, state__in=open_states).count() >= WAITING:
        raise TooMany(_("%(count)d files of this source wait already. Send the next one when they are done.") % {"count": WAITING})
