"""What one test process of a run makes and the others copy: a migrated database, and folders nobody writes into."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from config import env
from tests.servers import order

HASTY = "ALTER DATABASE {} SET synchronous_commit = off"  # no test takes the power from the server: a commit need not wait for the disk


def run_folder(factory: pytest.TempPathFactory) -> Path:
    """Of all test processes of this run: xdist lays theirs beside each other."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def one_at_a_time(place: Path) -> Iterator[None]:
    with place.with_name(f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def made_once(place: Path, make: Callable[[Path], object]) -> Path:
    """Whole when it has its name; who asks meanwhile waits."""
    with one_at_a_time(place):
        if not place.exists():
            draft = place.with_name(f"{place.name}.draft")
            make(draft)
            draft.rename(place)
    return place


def template_name() -> str:
    """The migrated database on the server, from the first test process of a run to the end of the run; empty on SQLite."""
    wanted = env.database("DATABASE_URL", Path())
    return "" if "sqlite" in str(wanted["ENGINE"]) else f"test_{wanted['NAME']}_template"


def drop_template() -> None:
    if name := template_name():
        order("DROP DATABASE IF EXISTS {}", name)


class Migrated:
    """The first test process migrates; what its database was when it was new, the others copy, and the tests of faults."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "migrated.sqlite3"  # on a server: empty, and says that the template is there
        self.create = connection.creation.create_test_db

    def create_or_copy(self, *args: Any, **options: Any) -> str:
        """In the place of Django's create_test_db."""
        if options.get("keepdb"):
            return str(self.create(*args, **options))
        name = self._made(*args, **options)
        if template_name():
            order(HASTY, name)
            connection.close()  # the next one knows
        return name

    def _made(self, *args: Any, **options: Any) -> str:
        with one_at_a_time(self.file):
            if self.file.exists():
                return self._copied()
            name: str = self.create(*args, **options)
            self._keep(name)
            return name

    def _keep(self, name: str) -> None:
        draft = self.file.with_name("migrated.draft")
        if template_name():
            connection.close()  # nobody may be in a database that is copied
            drop_template()
            order("CREATE DATABASE {} TEMPLATE {}", template_name(), name)
            draft.touch()
        else:
            with closing(sqlite3.connect(draft)) as kept:
                connection.connection.backup(kept)
        draft.rename(self.file)

    def _copied(self) -> str:
        name: str = connection.creation._get_test_db_name()
        connection.settings_dict["TEST"]["TEMPLATE"] = template_name() or None
        connection.creation._create_test_db(0, True)
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
        connection.ensure_connection()
        if not template_name():
            with closing(sqlite3.connect(self.file)) as kept:
                kept.backup(connection.connection)
        return name
