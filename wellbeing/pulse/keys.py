"""The key of a wave: a file of the data folder, never in the database, destroyed when the wave is closed.

So a copy of the database, whenever it was made, tells nothing about codes and answers of a wave that is over. Whoever keeps copies of
the data folder leaves this folder out of them.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from wellbeing.pulse.sealing import KEY

ORPHANED = 24 * 3600  # seconds: the transaction that opens a wave is over by then


def folder() -> Path:
    return Path(settings.DATA_DIR) / "pulse"


def make() -> str:
    """A new key; the name of its file."""
    folder().mkdir(mode=0o700, exist_ok=True)
    name = secrets.token_hex(16)
    handle = os.open(_path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(KEY))
        file.flush()
        os.fsync(file.fileno())
    directory = os.open(folder(), os.O_RDONLY)  # the name has to last as well as the content
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return name


def read(name: str) -> bytes | None:
    """None where it is gone: nobody can read what it sealed."""
    try:
        key = _path(name).read_bytes()
    except OSError:
        return None
    return key if len(key) == KEY else None


def destroy(name: str) -> None:
    """Written over first, for file systems that keep what is unlinked."""
    path = _path(name)
    if path.exists():
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(KEY))
            file.flush()
            os.fsync(file.fileno())
        path.unlink(missing_ok=True)


def destroy_others(needed: Iterable[str]) -> None:
    """Whatever a crash left behind."""
    kept = set(needed)
    for path in folder().glob("*.key"):
        if path.stem not in kept and time.time() - path.stat().st_mtime > ORPHANED:
            destroy(path.stem)


def _path(name: str) -> Path:
    return folder() / f"{name}.key"
