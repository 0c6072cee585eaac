"""A backup is a folder: the database, the files that wait, and a list of what is in it and by which key it can be read.

What is computed or made anew stays out (static files, printed pages, messages of the broker), and so do all keys: those of open waves
of the pulse, because a copy would outlive the promise made to people, and ours, because who has both has the names.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import tarfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from kpi.backup import engines
from kpi.backup.engines import Unfit

FILES, LIST = "files.tar.gz", "backup.json"
KEPT = ("inbox", "media")  # folders of DATA_DIR that nothing makes anew
FORM = 1
PIECE = 1 << 20


def store(folder: Path) -> dict[str, Any]:
    """What the new folder holds. Unfit where the folder holds something already, or the database cannot be copied."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Unfit(f"{folder} is not empty: name a folder of its own for each backup.")
    engines.copy_out(folder)
    _pack(folder / FILES)
    held = {
        "form": FORM,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "database": engines.name(),
        "migrations": sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()),
        "pseudonym_key": fingerprint(),
        "sha256": {name: _digest(folder / name) for name in (engines.name(), FILES)},
    }
    (folder / LIST).write_text(json.dumps(held, indent=1) + "\n")  # last: a backup without it was never complete
    return held


def restore(folder: Path) -> dict[str, Any]:
    """Everything of a backup into an empty database and DATA_DIR. Unfit before anything is changed where it does not fit."""
    held = _checked(folder)
    engines.copy_in(folder)
    with tarfile.open(folder / FILES) as archive:
        archive.extractall(settings.DATA_DIR, filter="data")
    return held


def fingerprint() -> str:
    """Tells one PSEUDONYM_KEY from another without telling anything of it."""
    return hmac.new(settings.PSEUDONYM_KEY, b"counterweight backup", hashlib.sha256).hexdigest()[:16]


def _checked(folder: Path) -> dict[str, Any]:
    try:
        held: dict[str, Any] = json.loads((folder / LIST).read_text())
    except (OSError, ValueError):
        raise Unfit(
            f"{folder} holds no complete backup: {LIST} is missing or damaged. Name the folder that manage.py backup made."
        ) from None
    if held.get("form") != FORM:
        raise Unfit(
            f"This backup has form {held.get('form')}, and this version reads form {FORM}: restore it with the version that made it."
        )
    if held["database"] != engines.name():
        raise Unfit(f"This backup holds {held['database']}: restore it into a database of the same kind (DATABASE_URL).")
    if held["pseudonym_key"] != fingerprint():
        raise Unfit(
            "This backup was made with another PSEUDONYM_KEY: with this one every person would become another. Set that key and try again."
        )
    for name, digest in held["sha256"].items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise Unfit(f"{name} is missing or not as it was written: use another copy of this backup.")
    return held


def _pack(path: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name in KEPT:
            if (found := Path(settings.DATA_DIR) / name).is_dir():
                archive.add(found, name)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
