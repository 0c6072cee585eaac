"""How each database copies itself while the site goes on: SQLite by its own backup, PostgreSQL by pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from django.db import connection

SQLITE, POSTGRESQL = "database.sqlite3", "database.dump"


class Unfit(Exception):
    """It cannot be done so; the message says why and what would help. Nothing was changed."""


def name() -> str:
    """The name of the copy."""
    return POSTGRESQL if connection.vendor == "postgresql" else SQLITE


def copy_out(folder: Path) -> None:
    """One moment of the whole database, whatever is written meanwhile."""
    path = folder / name()
    if connection.vendor == "postgresql":
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)


def copy_in(folder: Path) -> None:
    """Into a database without a table; all of it or nothing."""
    if connection.introspection.table_names():
        raise Unfit("The database is not empty: name a new one in DATABASE_URL (for SQLite an empty DATA_DIR), and restore into it.")
    path = folder / name()
    if connection.vendor == "postgresql":
        connection.close()
        _run(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={_settings()['PGDATABASE']}",
            str(path),
        )
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        copy.backup(connection.connection)


def _settings() -> Mapping[str, str]:
    """How libpq is told where the database is; a password never stands among the words of a command."""
    held = connection.settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return {theirs: str(held[ours]) for theirs, ours in named.items() if held.get(ours)}


def _run(tool: str, *words: str) -> None:
    found = shutil.which(tool)
    if found is None:
        remedy = "install the client of PostgreSQL in the version of the server (apt-get install postgresql-client)"
        raise Unfit(f"{tool} is not on this machine: {remedy}.")
    done = subprocess.run([found, *words], env={**os.environ, **_settings()}, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise Unfit(f"{tool} ended with {done.returncode}: {said[-1] if said else 'it did not say why'}")
