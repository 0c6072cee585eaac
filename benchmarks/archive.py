# ruff: noqa: E501 - columns read better side by side
"""A recomputation of all flags and totals from an archive of parquet files: seconds, memory, and the same from the database.

    DATABASE_URL=postgres://... python -m benchmarks.archive [--rows 20000000] [--beside 1000000]

Two halves. First `--beside` contacts in the database, archived the ordinary way: recomputed from the database and from the archive,
turn about, and compared cell by cell (0 differ). Then an archive of `--rows` contacts that were never in the database, made by numpy:
recomputed in a process of its own, whose peak memory is taken; beside it an archive of a quarter as many, for how it grows.
Empties the database it is given.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402

from benchmarks.year import CUSTOMERS, DAYS, FIRST, GROUPS, INTENTS, QUEUES, SITES, TEAMS, Year, run  # noqa: E402
from kpi import ledger, recompute  # noqa: E402
from kpi.models import Interaction, Rollup  # noqa: E402
from kpi.recompute import archive  # noqa: E402
from kpi.recompute.archive import files  # noqa: E402
from kpi.recompute.compare import compare  # noqa: E402

END = date(2026, 9, 30)  # a day after the last contact, from which on every month is closed
KINDS = np.array(["ai"] * 3 + ["hybrid"] + ["human"] * 6)
CHANNELS = np.array([1] * 12 + [2] * 5 + [3] * 2 + [4])
ANSWERED = 10  # one contact in so many is answered
PEOPLE = 4611686018427387847


def made(first: date, rows: int, year: Year, start: int) -> pl.DataFrame:
    """A month of contacts as an archive holds them."""
    chance = np.random.default_rng(start)
    end = min(files.following(first), FIRST + timedelta(DAYS))
    seconds = np.sort(chance.integers(0, (end - first).days * 86_400, rows))
    team, customer, intent = chance.integers(0, TEAMS, rows), chance.integers(1, CUSTOMERS + 1, rows), chance.integers(0, INTENTS, rows)
    earlier = np.maximum(np.arange(rows) - chance.integers(1, 20_000, rows), 0)
    again = chance.random(rows) < 0.17
    customer[again], intent[again] = customer[earlier[again]], intent[earlier[again]]
    lasts, answered = chance.integers(60, 660, rows), np.arange(rows) % ANSWERED == 0
    opened = np.datetime64(first, "us") + seconds.astype("timedelta64[s]")
    closed = np.minimum(opened + lasts.astype("timedelta64[s]"), np.datetime64(end, "us") - np.timedelta64(1, "s"))
    ids = year.ids
    frame = pl.DataFrame(
        {
            "id": np.arange(start, start + rows), "ref": pl.Series(np.arange(start, start + rows)).cast(pl.String), "source": np.full(rows, ids["source"]),
            "day": closed.astype("datetime64[D]"), "started_at": opened, "ended_at": closed, "site": team % SITES + ids["site"], "team": team + ids["team"],
            "queue": (team * 4 + chance.integers(0, 4, rows)) % QUEUES + ids["queue"], "channel": CHANNELS[chance.integers(0, 20, rows)] - 1 + ids["channel"],
            "intent": intent + ids["intent"], "agent": team * 17 + chance.integers(0, 17, rows), "customer": customer * 7919 * 1000003 % PEOPLE,
            "handled_by": KINDS[chance.integers(0, 10, rows)], "abandoned": np.zeros(rows, bool), "wait_s": chance.integers(0, 40, rows),
            "talk_s": lasts - 20, "hold_s": chance.integers(0, 30, rows), "wrap_s": chance.integers(20, 80, rows),
            "csat_unit": pl.Series(chance.integers(0, 5, rows) / 4).set(pl.Series(~answered), None),
        }
    )  # fmt: skip
    known = pl.Series(chance.random(rows) > 0.03)
    whole = files._recorded(first, first).clear()  # the columns of an archive, and their types
    typed = frame.with_columns(pl.when(known).then("customer").alias("customer"), pl.lit("likert5").alias("csat_scale")).with_columns(
        pl.col(name).dt.replace_time_zone("UTC") for name in ("started_at", "ended_at")
    )
    return pl.concat([whole, typed.cast({name: whole.schema[name] for name in typed.columns})], how="diagonal").sort(
        "customer", nulls_last=True
    )


def generate(folder: Path, rows: int, year: Year) -> None:
    folder.mkdir()
    first, start = FIRST, 1
    while first < FIRST + timedelta(DAYS):
        end = min(files.following(first), FIRST + timedelta(DAYS))
        month = made(first, rows * (end - first).days // DAYS, year, start)
        month.write_parquet(folder / f"{first:%Y-%m}.parquet", row_group_size=files.ROW_GROUP)
        (folder / f"{first:%Y-%m}.json").write_text(json.dumps({"rows": month.height, "content": "generated", "left": True}))
        first, start = files.following(first), start + month.height


def child(folder: str) -> None:
    started = perf_counter()
    recompute.recompute(folder=Path(folder))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"seconds": perf_counter() - started, "processor": used.ru_utime + used.ru_stime, "mib": used.ru_maxrss / 1024}))


def measured(folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.archive", "--child", str(folder)]
    found: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
    return found


def beside(rows: int, rounds: int, folder: Path) -> Year:
    """The same contacts from the database and from the archive."""
    year = Year(rows)
    year.store("true")
    year.store_answers()
    ledger.mark_due("interaction", Interaction.objects.values_list("day", flat=True).distinct())
    run("VACUUM ANALYZE")
    recompute.recompute()
    started = perf_counter()
    written = [month for month, _ in archive.write(folder, END)]
    print(f"{sum(month.rows for month in written):,} contacts archived in {perf_counter() - started:.1f} s", flush=True)
    seconds: dict[str, list[float]] = {"database": [], "archive": []}
    for _ in range(rounds):
        for name, place in (("database", None), ("archive", folder)):
            started = perf_counter()
            recompute.recompute(folder=place)
            seconds[name].append(perf_counter() - started)
    whole, read = (median(seconds[name]) for name in ("database", "archive"))
    print(f"recomputed from the database {whole:.1f} s : from the archive {read:.1f} s = {whole / read:.2f}; median of {rounds}")
    print(f"cells that differ: {len(list(compare()))} (bar 0)", flush=True)
    return year


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--beside", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child")
    options = parser.parse_args()
    if options.child:
        child(options.child)
        return
    with tempfile.TemporaryDirectory() as name:
        year = beside(options.beside, options.rounds, Path(name) / "own")
        run("TRUNCATE kpi_interaction, kpi_customeranswer")
        found = {}
        for rows in (options.rows // 4, options.rows):
            started = perf_counter()
            generate(Path(name) / str(rows), rows, year)
            size = sum(path.stat().st_size for path in (Path(name) / str(rows)).iterdir()) / 2**20
            print(f"{rows:,} contacts made in {perf_counter() - started:.0f} s, {size:.0f} MiB of parquet", flush=True)
            found[rows] = measured(Path(name) / str(rows))
            print(
                f"{rows:,} contacts, {GROUPS} intent groups: recomputed from the archive in {found[rows]['seconds']:.0f} s, {found[rows]['processor']:.0f} s of processor without the database's, "
                f"peak memory {found[rows]['mib']:.0f} MiB; {Rollup.objects.count():,} rows of totals written",
                flush=True,
            )
        small, large = found.values()
        times = {name: large[name] / small[name] for name in large}
        print(
            f"four times the contacts: {times['seconds']:.2f} the seconds, {times['processor']:.2f} the processor, {times['mib']:.2f} the memory"
        )


if __name__ == "__main__":
    main()
