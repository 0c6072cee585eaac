# ruff: noqa: E501 - SQL reads better in one piece
"""Bars 6 and 7: a night against a full recomputation in SQL, and 0 cells that differ after late and corrected days.

    DATABASE_URL=postgres://... python -m benchmarks.night [--rows 1000000] [--rounds 3]

A night: the contacts of one day arrive, flags and totals are brought up to date by `roll_up_due`. The other side: one SQL statement
that finds repeats with window functions over all contacts and sums by day for every dimension of the rollups (GROUPING SETS)
into a table. Twice: "lean" sums eight plain measures; "same" also joins the answers and counts distinct agents, as the rollup
does. Both are given less to do than the rollup: no strata, no weeks.
"""

from __future__ import annotations

import argparse
import os
from datetime import date, timedelta
from statistics import median
from time import perf_counter

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


def timed(work) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def full(statement: str) -> float:
    run("DROP TABLE IF EXISTS bench_full")
    return timed(lambda: run(statement))


def arrive(year: Year, day: date) -> int:
    """The contacts of a held day come in, as an import stores them: rows, then the ledger."""
    rows = year.store(f"(ended_at AT TIME ZONE 'UTC')::date = '{day}'")
    ledger.mark_due("interaction", [day])
    return rows


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
    options = parser.parse_args()
    nights = [FIRST + timedelta(DAYS - n) for n in range(options.rounds, 0, -1)]
    late = [FIRST + timedelta(days) for days in (200, 270)]
    held = ", ".join(f"'{day}'" for day in [*nights, *late])
    year = Year(options.rows)
    print(f"{year.store(f'''(ended_at AT TIME ZONE 'UTC')::date NOT IN ({held})'''):,} contacts stored")
    year.store_answers()
    ledger.mark_due("interaction", Interaction.objects.values_list("day", flat=True).distinct())
    print(f"first load: flags and totals in {timed(rollup.roll_up_due):.1f} s; {Rollup.objects.count():,} rows of totals")
    run("VACUUM ANALYZE")
    lean, same = ([full(statement) for _ in range(options.rounds)] for statement in (FULL, SAME))
    for name, whole in (("lean", lean), ("same", same)):
        print(f"full recomputation in SQL with the window, {name}: {median(whole):.2f} s ({', '.join(f'{x:.2f}' for x in whole)})")
    for name, days in (("night, newest day", nights), ("late day in mid-year", late)):
        seconds = []
        for day in days:
            rows = arrive(year, day)
            seconds.append(timed(rollup.roll_up_due))
            print(f"  {name} {day}: {rows:,} contacts, {seconds[-1]:.3f} s")
        ratios = " and ".join(f"1/{median(whole) / median(seconds):.0f} of {title}" for title, whole in (("lean", lean), ("same", same)))
        print(f"{name}: {median(seconds):.3f} s = {ratios} (bar 1/50, aim 1/100)")
    print(f"{correct(500)} contacts corrected, {remove(500)} removed: rolled up in {timed(rollup.roll_up_due):.2f} s")
    started = perf_counter()
    differ = [str(item) for item in compare()]
    print(f"cells that differ from a recomputation by the other route: {len(differ)} (bar 0); compared in {perf_counter() - started:.0f} s")
    print(*differ[:10], sep="\n")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_all")


if __name__ == "__main__":
    main()
