# ruff: noqa: E501 - SQL reads better in one piece
"""A generated year of contacts in PostgreSQL, made by the database: 2,000 agents, 120 teams, 40 queues, 40 intents, 17 % repeats."""

from __future__ import annotations

from datetime import date

from django.core.management import call_command
from django.db import connection

from kpi.models import Channel, DataSource, ImportRun, Intent, Queue, Site, Team

FIRST = date(2025, 9, 1)
DAYS = 365
SITES, TEAMS, QUEUES, INTENTS, GROUPS, CUSTOMERS = 4, 120, 40, 40, 8, 300_000
CONTACTS = """
CREATE UNLOGGED TABLE bench_all AS
WITH base AS (
  SELECT n, floor(random() * {customers})::bigint + 1 AS c, 1 + floor(random() * {teams})::int AS t, floor(random() * 4)::int AS q,
         floor(random() * {intents})::int AS i, random() AS h, random() AS u, random() AS a, random() AS r
  FROM generate_series(1, {rows}) n
), placed AS (
  SELECT *, timestamptz '{first} 00:00+00' + ((n - 1)::float8 / {rows} * {days}) * interval '1 day' AS started FROM base
), chained AS (
  -- one in six calls again about the same thing within a week or so
  SELECT *, CASE WHEN r < 0.17 THEN lag(c, 1 + (n % 20000)::int) OVER (ORDER BY n) END AS again_c,
            CASE WHEN r < 0.17 THEN lag(i, 1 + (n % 20000)::int) OVER (ORDER BY n) END AS again_i FROM placed
)
SELECT n AS id, 'x' || n AS external_id, started AS started_at, started + (60 + h * 600) * interval '1 second' AS ended_at,
       CASE WHEN u < 0.03 THEN NULL ELSE (coalesce(again_c, c) * 7919 * 1000003) % 4611686018427387847 END AS customer,
       t AS team, (t * 4 + q) % {queues} + 1 AS queue, CASE WHEN a < 0.6 THEN 1 WHEN a < 0.85 THEN 2 WHEN a < 0.95 THEN 3 ELSE 4 END AS channel,
       coalesce(again_i, i) + 1 AS intent, (t - 1) * 17 + (n % 17) AS agent,
       CASE WHEN h < 0.3 THEN 'ai' WHEN h < 0.4 THEN 'hybrid' ELSE 'human' END AS handled_by,
       (h * 40)::float8 AS wait_s, (60 + h * 400)::float8 AS talk_s, (u * 30)::float8 AS hold_s, (20 + a * 60)::float8 AS wrap_s
FROM chained
"""
STORE = """
INSERT INTO kpi_interaction (source_id, external_id, run_id, first_run_id, site_id, team_id, queue_id, channel_id, intent_id, agent, customer,
  started_at, ended_at, day, handled_by, abandoned, wait_s, talk_s, hold_s, wrap_s)
SELECT {source}, external_id, {run}, {run}, (team - 1) % {sites} + {site}, team + {team} - 1, queue + {queue} - 1, channel + {channel} - 1,
  intent + {intent} - 1, agent, customer, started_at, ended_at, (ended_at AT TIME ZONE 'UTC')::date, handled_by, false, wait_s, talk_s, hold_s, wrap_s
FROM bench_all WHERE {where} ORDER BY id
"""
ANSWERS = """
INSERT INTO kpi_customeranswer (source_id, external_id, run_id, first_run_id, interaction_ref, answered_at, question, scale, score)
SELECT {source}, 'a' || id, {run}, {run}, external_id, ended_at + interval '1 hour', CASE WHEN id % 2 = 0 THEN 'csat' ELSE 'resolved' END,
  CASE WHEN id % 2 = 0 THEN 'likert5' ELSE 'thumbs' END, CASE WHEN id % 2 = 0 THEN 1 + id % 5 ELSE id % 3 / 2 END
FROM bench_all WHERE id % 10 < 2
"""
TABLES = (
    "kpi_interaction, kpi_customeranswer, kpi_qualityreview, kpi_rollup, kpi_dueday, kpi_duekey, kpi_cell, kpi_slot, kpi_stratumrow, kpi_rejectedrow, "
    "kpi_importrun, kpi_datasource, kpi_team, kpi_site, kpi_queue, kpi_channel, kpi_intent"
)


def run(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.rowcount)


class Year:
    """The database of DATABASE_URL is emptied and filled; with `keep` it is taken as an earlier run left it."""

    def __init__(self, rows: int, *, keep: bool = False) -> None:
        if connection.vendor != "postgresql":
            raise SystemExit("Set DATABASE_URL to a PostgreSQL database that may be emptied.")
        call_command("migrate", verbosity=0)
        if not keep:
            self._make(rows)
        self.ids = {
            "source": DataSource.objects.get(key="bench").pk, "run": ImportRun.objects.get(file_name="bench.csv").pk, "sites": SITES,
            **{model._meta.model_name: model._default_manager.order_by("pk")[0].pk for model in (Site, Team, Queue, Channel, Intent)},
        }  # fmt: skip

    def _make(self, rows: int) -> None:
        run(f"TRUNCATE {TABLES} CASCADE")
        run("DROP TABLE IF EXISTS bench_all")
        run("SELECT setseed(0.42)")
        run(CONTACTS.format(rows=rows, first=FIRST, days=DAYS, teams=TEAMS, queues=QUEUES, intents=INTENTS, customers=CUSTOMERS))
        run("CREATE INDEX ON bench_all (ended_at)")
        source = DataSource.objects.create(key="bench", format="interactions_csv", zone="UTC")
        sites = [Site.objects.create(code=f"s{n}", name=f"s{n}", zone="UTC") for n in range(SITES)]
        for n in range(TEAMS):
            Team.objects.create(code=f"t{n}", name=f"t{n}", site=sites[n % SITES])
        for n in range(QUEUES):
            Queue.objects.create(code=f"q{n}", name=f"q{n}")
        for code in ("voice", "chat", "email", "messaging"):
            Channel.objects.create(code=code, name=code)
        for n in range(INTENTS):
            Intent.objects.create(code=f"i{n}", name=f"i{n}", group=f"g{n % GROUPS}")
        ImportRun.objects.create(source=source, checksum="0" * 64, file_name="bench.csv", state="done")

    def store(self, where: str) -> int:
        return run(STORE.format(where=where, **self.ids))

    def store_answers(self) -> None:
        run(ANSWERS.format(**self.ids))
        run("ANALYZE")
