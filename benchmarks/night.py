# ruff: noqa: E501 - SQL reads better in one piece
"""Bars 6 and 7: a night against a full recomputation in SQL, and 0 cells that differ after late and corrected days.

    DATABASE_URL=postgres://... python -m benchmarks.night [--rows 1000000] [--rounds 3] [--keep]

A night: the contacts of one day arrive, flags and totals are brought up to date by `roll_up_due`. The other side: one SQL statement
that finds repeats with window functions over all contacts and sums by day into a table (GROUPING SETS). Three times: "lean" sums
eight plain measures for the five dimensions pages filter by; "same" also joins the answers and counts distinct agents; "rows" sums those for
the rows the night keeps up to date too: by intent, by week, and by stratum. All are given less to do than the rollup, which keeps some hundred measures.

Seconds are of the clock, and of the processor: ours and those of the database's process for us (where it runs on this machine), which
other work on the machine changes less. Nobody gets parallel workers. `--keep` takes the database as an earlier run left it.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402

from benchmarks.year import DAYS, FIRST, Year, run  # noqa: E402
from kpi import ledger, rollup  # noqa: E402
from kpi.models import DueKey, Interaction, Rollup  # noqa: E402
from kpi.recompute.compare import compare  # noqa: E402

FULL = """
CREATE TEMP TABLE bench_full AS
WITH chained AS (
  SELECT i.*, coalesce(i.ended_at, i.started_at) AS closed,
    max(coalesce(i.ended_at, i.started_at)) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest, lead(i.started_at) OVER w AS next
  FROM kpi_interaction i LEFT JOIN kpi_intent t ON t.id = i.intent_id
  WINDOW w AS (PARTITION BY i.customer, t."group" ORDER BY i.started_at, i.id)
), flagged AS (
  SELECT *, customer IS NOT NULL AND (latest IS NULL OR latest < started_at - interval '7 days') AS opener,
    coalesce(next > closed AND next <= closed + interval '7 days', false) AS back FROM chained
)
SELECT day, site_id, team_id, queue_id, channel_id, count(*) AS contacts, count(*) FILTER (WHERE opener) AS openers,
  count(*) FILTER (WHERE opener AND NOT back) AS fcr, count(*) FILTER (WHERE handled_by = 'ai') AS ai,
  count(*) FILTER (WHERE handled_by = 'ai' AND back) AS falsely, count(*) FILTER (WHERE handled_by IN ('ai', 'hybrid')) AS sessions,
  count(talk_s) AS talk_n, sum(talk_s) AS talk, count(hold_s) AS hold_n, sum(hold_s) AS hold, count(wrap_s) AS wrap_n, sum(wrap_s) AS wrap,
  count(*) FILTER (WHERE customer IS NULL) AS unidentified
FROM flagged
GROUP BY GROUPING SETS ((day), (day, site_id), (day, team_id), (day, queue_id), (day, channel_id), (day, site_id, team_id, queue_id, channel_id))
"""
COUNTED = "count(*) FILTER (WHERE customer IS NULL) AS unidentified"
ANSWERS = """WITH answers AS (
  SELECT i.id, max(a.score) FILTER (WHERE a.question = 'csat') AS csat, max(a.score) FILTER (WHERE a.question = 'resolved') AS confirmed
  FROM kpi_interaction i JOIN kpi_customeranswer a ON a.interaction_ref = i.external_id GROUP BY i.id
), chained AS ("""
SAME = (
    FULL.replace("WITH chained AS (", ANSWERS)
    .replace("SELECT i.*,", "SELECT i.*, x.csat, x.confirmed,")
    .replace("ON t.id = i.intent_id", "ON t.id = i.intent_id LEFT JOIN answers x ON x.id = i.id")
    .replace(
        COUNTED,
        f"{COUNTED}, count(csat) AS csat_n, sum(csat) AS csat, count(confirmed) AS ccr_n, sum(confirmed) AS ccr, count(DISTINCT agent) AS agents",
    )
)


MEMBERS = ("", "site_id", "team_id", "queue_id", "channel_id", "site_id, intent_id", "site_id, team_id, queue_id, channel_id")
STRATUM = "channel_id, intent_group, handled_by"
SETS = [f"({', '.join(filter(None, keys))})" for keys in product(("day", "week"), MEMBERS, ("", STRATUM))]
ROWS = (
    SAME[: SAME.rindex("GROUP BY")]
    .replace("SELECT i.*,", """SELECT i.*, date_trunc('week', i.day)::date AS week, t."group" AS intent_group,""")
    .replace("SELECT day, site_id, team_id, queue_id, channel_id,", f"SELECT day, week, site_id, team_id, queue_id, intent_id, {STRATUM},")
    + f"GROUP BY GROUPING SETS ({', '.join(SETS)})"
)


@dataclass(frozen=True)
class Cost:
    """Seconds of the clock and of the processor."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:.2f} s, {self.processor:.2f} s of processor"


def spent() -> float:
    """Processor seconds of this process and of the one that serves it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        served = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    ticks = sum(map(int, served.read_text().rsplit(")", 1)[1].split()[11:13])) if served.exists() else 0
    return process_time() + ticks / os.sysconf("SC_CLK_TCK")


def timed(work) -> Cost:
    started, before = perf_counter(), spent()
    work()
    return Cost(perf_counter() - started, spent() - before)


def middle(costs: Sequence[Cost]) -> Cost:
    return Cost(median(cost.clock for cost in costs), median(cost.processor for cost in costs))


def full(statement: str) -> Cost:
    run("DROP TABLE IF EXISTS bench_full")
    return timed(lambda: run(statement))


def arrive(year: Year, day: date) -> int:
    """The contacts of a held day come in, as an import stores them: rows, then the ledger."""
    rows = year.store(f"(ended_at AT TIME ZONE 'UTC')::date = '{day}'")
    ledger.mark_due("interaction", [day])
    return rows


def leave(day: date) -> None:
    """The contacts of a day go, as a file that is taken back."""
    rows = Interaction.objects.filter(day=day)
    customers = list(rows.filter(customer__isnull=False).values_list("customer", flat=True).distinct())
    DueKey.objects.bulk_create([DueKey(customer=key) for key in customers], batch_size=5_000)
    ledger.mark_due("interaction", [day])
    rows._raw_delete(rows.db)
    rollup.roll_up_due()


def correct(count: int) -> int:
    """Corrected rows as an import leaves them: another customer, flags gone, the old customer remembered."""
    ids = list(Interaction.objects.filter(customer__isnull=False).order_by("external_id").values_list("id", flat=True)[:count])
    rows = Interaction.objects.filter(id__in=ids)
    DueKey.objects.bulk_create(DueKey(customer=key) for key in rows.values_list("customer", flat=True))
    ledger.mark_due("interaction", rows.values_list("day", flat=True))
    other = Interaction.objects.filter(customer__isnull=False).order_by("-external_id").values_list("customer", flat=True)[0]
    return rows.update(customer=other, role=None, returned=None, repeat_day=None)


def remove(count: int) -> int:
    ids = list(Interaction.objects.filter(customer__isnull=False).order_by("-external_id").values_list("id", flat=True)[:count])
    rows = Interaction.objects.filter(id__in=ids)
    DueKey.objects.bulk_create(DueKey(customer=key) for key in rows.values_list("customer", flat=True))
    ledger.mark_due("interaction", rows.values_list("day", flat=True))
    return rows.delete()[0]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    nights = [FIRST + timedelta(DAYS - n) for n in range(options.rounds, 0, -1)]
    late = [FIRST + timedelta(days) for days in (200, 270)]
    year = prepared(options.rows, [*nights, *late], keep=options.keep)
    run("SET max_parallel_workers_per_gather = 0")
    whole = {}
    for name, statement in (("lean", FULL), ("same", SAME), ("rows", ROWS)):
        costs = [full(statement) for _ in range(1 if name == "rows" else options.rounds)]  # the last takes minutes
        whole[name] = middle(costs)
        print(f"full recomputation in SQL with the window, {name}: {whole[name]} ({'; '.join(map(str, costs))})", flush=True)
    run("RESET max_parallel_workers_per_gather")
    for name, days in (("night, newest day", nights), ("late day in mid-year", late)):
        costs = []
        for day in days:
            rows = arrive(year, day)
            costs.append(timed(rollup.roll_up_due))
            print(f"  {name} {day}: {rows:,} contacts, {costs[-1]}", flush=True)
        one = middle(costs)
        ratios = ", ".join(
            f"1/{x.clock / one.clock:.0f} of {key} (processor 1/{x.processor / one.processor:.0f})" for key, x in whole.items()
        )
        print(f"{name}: {one} = {ratios}; bar 1/50, aim 1/100", flush=True)
    corrected, removed = correct(500), remove(500)
    print(f"{corrected} contacts corrected, {removed} removed: rolled up in {timed(rollup.roll_up_due)}", flush=True)
    started = perf_counter()
    differ = [str(item) for item in compare()]
    print(f"cells that differ from a recomputation by the other route: {len(differ)} (bar 0); compared in {perf_counter() - started:.0f} s")
    print(*differ[:10], sep="\n")
    run("DROP TABLE IF EXISTS bench_full")


def prepared(rows: int, held: Sequence[date], *, keep: bool) -> Year:
    """A year without some days, its totals up to date."""
    year = Year(rows, keep=keep)
    if keep:
        for day in held:
            if Interaction.objects.filter(day=day).exists():
                leave(day)
    else:
        days = ", ".join(f"'{day}'" for day in held)
        stored = year.store(f"(ended_at AT TIME ZONE 'UTC')::date NOT IN ({days})")
        print(f"{stored:,} contacts stored")
        year.store_answers()
        ledger.mark_due("interaction", Interaction.objects.values_list("day", flat=True).distinct())
        print(f"first load: flags and totals in {timed(rollup.roll_up_due)}; {Rollup.objects.count():,} rows of totals", flush=True)
    run("VACUUM ANALYZE")
    return year


if __name__ == "__main__":
    main()
