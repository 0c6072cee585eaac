"""Which shape should a rollup row have? Three drafts hold the same totals; the same questions are asked of each.

packed   one row per (member, day), its sums in one vector of (slot, value) pairs, added with numpy
weeks    the same with a row per (member, week) beside the days: whole weeks from those, the edges from days  (chosen)
columns  one row per (member, day, stratum), one int4 column per measure, added by the database
tall     one row per (member, day, slot), added by the database

Run: DATABASE_URL=postgres://... python -m benchmarks.rollup_shape [--teams 40] [--days 365]
Prints medians of 5 rounds, the size on disk, and each draft : packed in the same run.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402

from kpi.packing import PAIR, add_up  # noqa: E402

MEASURES, STRATA, PLAIN = 12, 8, 20  # stratified measures x strata in a team, and measures without strata
ROUNDS = 5


def slots() -> int:
    return MEASURES * STRATA + PLAIN


def fill(teams: int, days: int) -> None:
    """The same numbers three times."""
    values = np.random.default_rng(1).integers(0, 5000, size=(teams, days, slots()))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS shape_packed, shape_weeks, shape_columns, shape_tall")
        cursor.execute("CREATE TABLE shape_weeks (member int, day int, data bytea, PRIMARY KEY (member, day))")
        cursor.execute("CREATE TABLE shape_packed (member int, day int, data bytea, PRIMARY KEY (member, day))")
        names = ", ".join(f"m{i} int" for i in range(MEASURES + PLAIN))
        cursor.execute(f"CREATE TABLE shape_columns (member int, day int, stratum int, {names}, PRIMARY KEY (member, day, stratum))")
        cursor.execute("CREATE TABLE shape_tall (member int, day int, slot int, value int, PRIMARY KEY (member, day, slot))")
        places = np.arange(slots())
        with cursor.copy("COPY shape_packed FROM STDIN") as copy:
            for team, day in np.ndindex(teams, days):
                pairs = np.empty(slots(), dtype=PAIR)
                pairs["slot"], pairs["value"] = places, values[team, day]
                copy.write_row((team, day, pairs.tobytes()))
        with cursor.copy("COPY shape_weeks FROM STDIN") as copy:
            for team, week in np.ndindex(teams, days // 7):
                pairs = np.empty(slots(), dtype=PAIR)
                pairs["slot"], pairs["value"] = places, values[team, 7 * week : 7 * week + 7].sum(axis=0)
                copy.write_row((team, 7 * week, pairs.tobytes()))
        with cursor.copy("COPY shape_tall FROM STDIN") as copy:
            for team, day, slot in np.ndindex(teams, days, slots()):
                copy.write_row((team, day, slot, int(values[team, day, slot])))
        with cursor.copy("COPY shape_columns FROM STDIN") as copy:
            for team, day in np.ndindex(teams, days):
                strata = values[team, day, : MEASURES * STRATA].reshape(STRATA, MEASURES)
                for stratum in range(STRATA):
                    copy.write_row((team, day, stratum + 1, *map(int, strata[stratum]), *[None] * PLAIN))
                copy.write_row((team, day, 0, *[None] * MEASURES, *map(int, values[team, day, MEASURES * STRATA :])))
        cursor.execute("ANALYZE shape_packed")
        cursor.execute("ANALYZE shape_weeks")
        cursor.execute("ANALYZE shape_columns")
        cursor.execute("ANALYZE shape_tall")


def packed(first: int, last: int, teams: int) -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT member, data FROM shape_packed WHERE day >= %s AND day < %s", [first, last])
        rows = cursor.fetchall()
    _, table = add_up([row[1] for row in rows], [row[0] for row in rows], teams)
    return float(table.sum())


def weeks(first: int, last: int, teams: int) -> float:
    begin, end = -(-first // 7) * 7, last // 7 * 7
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT member, data FROM shape_weeks WHERE day >= %s AND day < %s "
            "UNION ALL SELECT member, data FROM shape_packed WHERE (day >= %s AND day < %s) OR (day >= %s AND day < %s)",
            [begin, end, first, begin, end, last],
        )
        rows = cursor.fetchall()
    _, table = add_up([row[1] for row in rows], [row[0] for row in rows], teams)
    return float(table.sum())


def columns(first: int, last: int, teams: int) -> float:
    sums = ", ".join(f"sum(m{i})" for i in range(MEASURES + PLAIN))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT member, stratum, {sums} FROM shape_columns WHERE day >= %s AND day < %s GROUP BY 1, 2", [first, last])
        return float(sum(value or 0 for row in cursor.fetchall() for value in row[2:]))


def tall(first: int, last: int, teams: int) -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT member, slot, sum(value) FROM shape_tall WHERE day >= %s AND day < %s GROUP BY 1, 2", [first, last])
        return float(sum(row[2] for row in cursor.fetchall()))


def median_ms(ask: Callable[[], float]) -> float:
    ask()
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        ask()
        rounds.append(1000 * (time.perf_counter() - start))
    return statistics.median(rounds)


def size_mb(table: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s)", [table])
        return float(cursor.fetchone()[0]) / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teams", type=int, default=40)
    parser.add_argument("--days", type=int, default=365)
    wanted = parser.parse_args()
    fill(wanted.teams, wanted.days)
    drafts = {"packed": packed, "weeks": weeks, "columns": columns, "tall": tall}
    found: dict[str, list[float]] = {}
    for name, ask in drafts.items():
        assert ask(0, 90, wanted.teams) == packed(0, 90, wanted.teams), name
        quarter = median_ms(lambda ask=ask: ask(wanted.days - 90, wanted.days, wanted.teams))  # type: ignore[misc]
        year = median_ms(lambda ask=ask: ask(0, wanted.days, wanted.teams))  # type: ignore[misc]
        found[name] = [quarter, year, size_mb(f"shape_{name}")]
    print(f"{wanted.teams} teams x {wanted.days} days x {slots()} sums; all teams at once; medians of {ROUNDS}")
    print(f"{'draft':9} {'90 days':>10} {'year':>10} {'disk':>9}   ratio to packed (90 days, year, disk)")
    for name, figures in found.items():
        ratios = ", ".join(f"{value / base:.1f}" for value, base in zip(figures, found["packed"], strict=True))
        print(f"{name:9} {figures[0]:7.1f} ms {figures[1]:7.1f} ms {figures[2]:6.1f} MB   {ratios}")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE shape_packed, shape_weeks, shape_columns, shape_tall")


if __name__ == "__main__":
    main()
