"""Bar 11: two workers against one, for a full recomputation of the totals and for the import of two files.

    DATABASE_URL=postgres://... python -m benchmarks.workers [--rows 1000000] [--rounds 3]

Needs PostgreSQL (SQLite has one writer) and two cores; fills and empties the database it is given. One worker does both halves of the
work one after the other, two workers do one half each at the same time; every half is a process that is already started.
Recomputation: flags are there, the parts of a year (`recompute_part`, the unit of a task) are dealt out in turn. Import: two files of
two sources, half the rows each.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.year import Year, run  # noqa: E402
from kpi import ingest, ledger, registry  # noqa: E402
from kpi.models import DataSource, Interaction, Site  # noqa: E402
from kpi.recompute import recompute_part, repair_flags  # noqa: E402
from kpi.recompute.totals import parts  # noqa: E402

WORKERS = 2
fast = import_module("benchmarks.import")  # its generator of a file of contacts


def rewrite(share: int) -> int:
    """Every second part of the year."""
    work = [part for subject in registry.subjects().values() for part in parts(subject)]
    return sum(recompute_part(subject, days) for subject, days in work[share::WORKERS])


def bring_in(run_id: int) -> str:
    return ingest.store(run_id).message


def warm(_: int) -> None:
    """Starts the process and its connection."""
    connection.ensure_connection()


def timed(pool: multiprocessing.pool.Pool, work, shares: Sequence[int]) -> float:
    started = perf_counter()
    pool.map(work, shares, chunksize=1)
    return perf_counter() - started


def pools() -> dict[int, multiprocessing.pool.Pool]:
    context = multiprocessing.get_context("spawn")
    made = {count: context.Pool(count) for count in (1, WORKERS)}
    for count, pool in made.items():
        pool.map(warm, range(4 * count), chunksize=1)
    return made


def opened(folder: Path) -> list[int]:
    """A run for each of two files of two sources, in an empty table."""
    fast.empty()
    site = Site.objects.get_or_create(code="bench", defaults={"name": "bench", "zone": "UTC"})[0]
    ids = []
    for name in ("first", "second"):
        DataSource.objects.get_or_create(key=f"bench-{name}", defaults={"format": "interactions_csv", "site": site})
        ids.append(ingest.open_run(folder / f"{name}.csv", f"bench-{name}")[0].pk)
    return ids


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if connection.vendor != "postgresql":
        raise SystemExit("Two workers need PostgreSQL: set DATABASE_URL.")
    call_command("migrate", verbosity=0, skip_checks=True)
    seconds: dict[tuple[str, int], list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for half in ("first", "second"):
            fast.generate(folder / f"{half}.csv", options.rows // WORKERS)
        opened(folder)  # codes and sources exist before the clock runs
        started = pools()
        for _ in range(options.rounds):
            for count, pool in started.items():
                seconds.setdefault(("import", count), []).append(timed(pool, bring_in, opened(folder)))
        stored = Interaction.objects.count()
        fast.empty()
        year = Year(options.rows)
        year.store("true")
        year.store_answers()
        ledger.mark_due("interaction", Interaction.objects.values_list("day", flat=True).distinct())
        repair_flags()
        run("VACUUM ANALYZE")
        for _ in range(options.rounds):
            for count, pool in started.items():
                seconds.setdefault(("recomputation", count), []).append(timed(pool, rewrite, range(WORKERS)))
        for pool in started.values():
            pool.terminate()
    run("DROP TABLE IF EXISTS bench_all")
    print(f"{options.rows:,} contacts ({stored:,} accepted by the two imports), median of {options.rounds}, {os.cpu_count()} cores")
    for what, bar in (("recomputation", 1.7), ("import", 1.3)):
        one, two = (median(seconds[what, count]) for count in (1, WORKERS))
        print(f"bar 11: {what}: one worker {one:.1f} s : two workers {two:.1f} s = {one / two:.2f} (at least {bar})")


if __name__ == "__main__":
    main()
