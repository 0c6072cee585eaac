# ruff: noqa: E501, N999 - rows read better in one piece; the name is what it measures
"""Bars 1, 2, 4 and 5: a validated, idempotent import against the raw load of the accepted rows into the same indexed table.

    [DATABASE_URL=postgres://...] python -m benchmarks.import [--rows 1000000] [--rounds 3]

Empties the contacts and runs of the database it is given. Raw is `\\copy` of psql on PostgreSQL, `.import` of sqlite3 on SQLite; both
take a file written from the very rows the import accepted. The import runs in a process of its own, whose peak memory is taken.
Bar 3 is that of `rowwise.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from kpi import ingest  # noqa: E402

HEADER = "external_id,started_at,ended_at,channel,queue,team,agent_id,customer_id,intent,handled_by,abandoned,wait_s,talk_s,hold_s,wrap_s,transfers,resolved"
START = datetime(2025, 1, 1, tzinfo=UTC)
TABLE, RAW = "kpi_interaction", "bench_raw"
POSTGRES = connection.vendor == "postgresql"


def generate(path: Path, rows: int) -> None:
    """A year of contacts in the order of their start; one row in 200 is wrong."""
    chance = random.Random(7)
    with path.open("w") as file:
        file.write(HEADER + "\n")
        for number in range(rows):
            begin = START + timedelta(seconds=int(number / rows * 365 * 86400))
            end = begin + timedelta(seconds=chance.randint(5, 1500))
            wait = -1 if number % 200 == 7 else chance.randint(0, 300)
            file.write(
                f"c-{number:09d},{begin:%Y-%m-%dT%H:%M:%SZ},{end:%Y-%m-%dT%H:%M:%SZ},{chance.choice(('voice', 'chat', 'email'))},"
                f"queue {chance.randint(1, 40)},team {chance.randint(1, 120)},agent {chance.randint(1, 2000)},customer {chance.randint(1, 300000)},"
                f"intent {chance.randint(1, 40)},{chance.choice(('ai', 'human', 'hybrid'))},false,{wait},{chance.randint(0, 900)},0,"
                f"{chance.randint(0, 99)},{chance.randint(0, 2)},{chance.choice(('true', 'false', ''))}\n"
            )


def child(path: str, again: bool) -> None:
    """The import itself, from the file's name to the committed rows."""
    started = perf_counter()
    run, _ = ingest.open_run(Path(path), "interactions_csv", again=again)
    outcome = ingest.store(run.pk)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": perf_counter() - started, "mib": peak, "message": outcome.message, "state": outcome.state}))


def imported(path: Path, *, again: bool = False) -> dict[str, object]:
    command = [sys.executable, "-m", "benchmarks.import", "--child", str(path), *(["--again"] if again else [])]
    found: dict[str, object] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
    return found


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def empty() -> None:
    if POSTGRES:
        execute(f"TRUNCATE {TABLE}, kpi_importrun, kpi_rejectedrow, kpi_dueday, kpi_duekey CASCADE")
    else:
        execute(*(f"DELETE FROM {table}" for table in (TABLE, "kpi_rejectedrow", "kpi_importrun", "kpi_dueday", "kpi_duekey")), "VACUUM")


def raw_postgres(folder: Path) -> float:
    rows = folder / "accepted.tsv"
    address = settings.DATABASES["default"]
    keys = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    environment = {**os.environ, **{theirs: str(address[ours]) for ours, theirs in keys.items() if address.get(ours)}}
    psql = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-c"]
    if not rows.exists():
        subprocess.run([*psql, f"\\copy {TABLE} to '{rows}'"], env=environment, check=True)
    execute(f"DROP TABLE IF EXISTS {RAW}", f"CREATE TABLE {RAW} (LIKE {TABLE} INCLUDING ALL)")
    started = perf_counter()
    subprocess.run([*psql, f"\\copy {RAW} from '{rows}'"], env=environment, check=True)
    seconds = perf_counter() - started
    execute(f"DROP TABLE {RAW}")
    return seconds


def raw_sqlite(folder: Path) -> float:
    """The same table with the same indexes, alone in a file of its own."""
    rows, own, database = folder / "accepted.csv", folder / "raw.sqlite3", str(settings.DATABASES["default"]["NAME"])
    if not rows.exists():
        subprocess.run(["sqlite3", database, "-cmd", ".mode csv", "-cmd", f".once {rows}", f"SELECT * FROM {TABLE}"], check=True)
    for path in folder.glob("raw.sqlite3*"):
        path.unlink()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL ORDER BY type DESC", [TABLE])
        schema = "; ".join(str(row[0]) for row in cursor.fetchall())
    subprocess.run(["sqlite3", str(own), "PRAGMA journal_mode=WAL; " + schema], check=True, stdout=subprocess.DEVNULL)
    started = perf_counter()
    command = ["sqlite3", str(own), "-cmd", "PRAGMA synchronous=FULL", "-cmd", ".mode csv", f".import {rows} {TABLE}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return perf_counter() - started


def main(rows: int, rounds: int) -> None:
    call_command("migrate", verbosity=0, skip_checks=True)
    raw = raw_postgres if POSTGRES else raw_sqlite
    if not shutil.which("psql" if POSTGRES else "sqlite3"):
        sys.exit("The raw side needs psql (PostgreSQL) or sqlite3 (SQLite) on the path.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "contacts.csv"
        generate(path, rows)
        seconds: dict[str, list[float]] = {"import": [], "again": [], "raw": []}
        peaks = []
        for _ in range(rounds):
            empty()
            first = imported(path)
            again = imported(path, again=True)
            seconds["import"].append(float(str(first["seconds"])))
            seconds["again"].append(float(str(again["seconds"])))
            seconds["raw"].append(raw(folder))
            peaks.append(float(str(first["mib"])))
        print(f"{connection.vendor}, {rows:,} rows, median of {rounds}: {first['message']} Again: {again['message']}")
        times = {side: median(values) for side, values in seconds.items()}
        print(", ".join(f"{side} {value:.1f} s" for side, value in times.items()))
        print(f"bar {1 if POSTGRES else 4}: raw : import = {times['raw'] / times['import']:.2f} (at least 0.6)")
        print(
            f"bar 2: raw : same file merged again = {times['raw'] / times['again']:.2f} (at least 1.2; a known checksum alone answers at once)"
        )
        print(f"bar 5: peak memory {max(peaks):.0f} MiB (at most 500)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child")
    parser.add_argument("--again", action="store_true")
    options = parser.parse_args()
    if options.child:
        child(options.child, options.again)
    else:
        main(options.rows, options.rounds)
