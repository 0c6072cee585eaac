# ruff: noqa: E501 - SQL reads better in one piece
"""A night of the large reference centre while the site is read: how long its steps take, how long readers wait, and that no request fails.

    DATABASE_URL=postgres://... python -m benchmarks.busy_night [--contacts 1000000] [--clients 4] [--wrk]

Needs PostgreSQL; loads the centre as `pages.py` does (and finds what that loaded). Readers ask a gunicorn of two workers over loopback, without
a pause and without a cache, for another period each time: page, JSON and CSV of the overview, the people, the alerts. First for a while
without a night, then while it goes on. The night: the contacts of the last week arrive once more as those of the week after it (other ids,
the same people), with `import_file`; then `roll_up`, `publish`, `check_data`, `send_mails`, each a process of its own.
"""

from __future__ import annotations

import argparse
import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.pages import ROOT, Site, command, load, started

QUIET_S = 60
STEPS = ("import_file", "roll_up", "publish", "check_data", "send_mails")
ASKED = "?period=custom&from={start}&to={end}{filters}"
SURFACES = tuple(place + ASKED for place in ("/", "/api/v1/panel", "/export/panel.csv", "/people/", "/alerts/"))
WEEK_AFTER = """
import django; django.setup()
import sys
import polars as pl
from datetime import timedelta
from kpi.frames import read_frame, MOMENT
from kpi.models import Interaction
last = Interaction.objects.order_by("-day").values_list("day", flat=True)[0]
text, number, moment = pl.String, pl.Float64, MOMENT
schema = {"external_id": text, "started_at": moment, "ended_at": moment, "channel": text, "queue": text, "team": text, "agent_id": text,
          "customer_id": text, "intent": text, "handled_by": text, "wait_s": number, "talk_s": number, "hold_s": number, "wrap_s": number}
sql = '''SELECT 'again-' || %s || '-' || i.external_id AS external_id, i.started_at, i.ended_at, c.code AS channel, q.code AS queue, t.code AS team,
  'pseudonym:' || lpad(to_hex(i.agent), 16, '0') AS agent_id, 'pseudonym:' || lpad(to_hex(i.customer), 16, '0') AS customer_id, n.code AS intent,
  i.handled_by, i.wait_s, i.talk_s, i.hold_s, i.wrap_s
  FROM kpi_interaction i JOIN kpi_channel c ON c.id = i.channel_id JOIN kpi_queue q ON q.id = i.queue_id LEFT JOIN kpi_team t ON t.id = i.team_id
  LEFT JOIN kpi_intent n ON n.id = i.intent_id WHERE i.day > %s'''
frame = read_frame(sql, [last.isoformat(), last - timedelta(7)], schema)
moved = [(pl.col(name) + pl.duration(days=7)).dt.strftime("%Y-%m-%dT%H:%M:%SZ") for name in ("started_at", "ended_at")]
frame.with_columns(moved).write_csv(sys.argv[1])
print(frame.height)
"""


class Readers:
    """Clients that ask without a pause until they are stopped."""

    def __init__(self, site: Site, clients: int) -> None:
        self.site, self.stopped, self.numbers = site, threading.Event(), count()
        self.seconds: list[float] = []
        self.answers: Counter[str] = Counter()
        self.threads = [threading.Thread(target=self._read) for _ in range(clients)]

    def __enter__(self) -> Readers:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def _read(self) -> None:
        for address in iter(self._next, None):
            begun = time.perf_counter()
            self.answers[ask(self.site, address)] += 1
            self.seconds.append(time.perf_counter() - begun)

    def _next(self) -> str | None:
        return None if self.stopped.is_set() else address_of(self.site, next(self.numbers))

    def __str__(self) -> str:
        ordered = sorted(self.seconds)
        middle, late = (ordered[int(len(ordered) * share)] * 1000 for share in (0.5, 0.95))
        failed = sum(number for answer, number in self.answers.items() if answer != "200")
        return f"{len(ordered):,} requests, {failed} failed {dict(self.answers)}; median {middle:.0f} ms, p95 {late:.0f} ms"


class Wrk:
    """The same with `wrk`, in runs of ten seconds one after the other until it is stopped."""

    def __init__(self, site: Site, clients: int) -> None:
        self.site, self.clients, self.stopped = site, clients, threading.Event()
        self.requests = self.failed = 0
        self.late: list[float] = []  # the 99th percentile of each run, in ms
        self.thread = threading.Thread(target=self._run)

    def __enter__(self) -> Wrk:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.thread.join()

    def _run(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "ask.lua"
            asked = "".join(f"{address_of(self.site, number)}\n" for number in range(ADDRESSES))
            script.with_suffix(".txt").write_text(asked)
            script.write_text(LUA.format(addresses=script.with_suffix(".txt"), cookie=self.site.cookie))
            while not self.stopped.is_set():
                words = [
                    "wrk",
                    "-t1",
                    f"-c{self.clients}",
                    "-d10s",
                    "--timeout",
                    "120s",
                    "-s",
                    str(script),
                    f"http://127.0.0.1:{self.site.port}",
                ]
                self._count(subprocess.run(words, capture_output=True, text=True, check=True).stdout)

    def _count(self, said: str) -> None:
        requests, failed, late = (int(number) for number in said.splitlines()[-1].split()[1:])
        self.requests, self.failed = self.requests + requests, self.failed + failed + said.count("other ")
        self.late.append(late / 1000)

    def __str__(self) -> str:
        return f"wrk: {self.requests:,} requests, {self.failed} failed; p99 of ten seconds: median {median(self.late):.0f} ms, worst {max(self.late):.0f} ms"


ADDRESSES = 5_000  # more than are asked for in ten seconds; with the last of them a quarter is cut to five weeks
LUA = """
local list, at = {{}}, 0
for line in io.lines("{addresses}") do list[#list + 1] = line end
function request()
  at = at % #list + 1
  return wrk.format("GET", list[at], {{["Cookie"] = "{cookie}"}})
end
function response(status)
  if status ~= 200 then print("other " .. status) end
end
function done(summary, latency)
  local e = summary.errors
  print(string.format("counted %d %d %d", summary.requests, e.connect + e.read + e.write + e.timeout, latency:percentile(99)))
end
"""


def address_of(site: Site, number: int) -> str:
    """Every surface and every question in turn, and never the same period."""
    question = list(site.filters)[number % len(site.filters)]
    asked = site.address(question, number)
    start, end, *filters = [part.split("=")[1] if part.startswith(("from=", "to=")) else part for part in asked.split("&")[1:]]
    chosen = "".join(f"&{part}" for part in filters)
    return SURFACES[number % len(SURFACES)].format(start=start, end=end, filters=chosen)


def ask(site: Site, address: str) -> str:
    """The status, or what went wrong instead of one."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)
    try:
        connection.request("GET", address, headers={"Cookie": site.cookie})
        answer = connection.getresponse()
        answer.read()
        return str(answer.status)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


def night(environment: dict[str, str], file: Path, chosen: Sequence[str]) -> Iterator[tuple[str, float, str]]:
    options = {"import_file": [str(file), "--source", "telephony", "--no-roll-up"]}
    for name in chosen:
        words = [name, *options.get(name, [])]
        begun = time.perf_counter()
        done = subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True)
        last = (done.stdout.strip() or done.stderr.strip() or "-").splitlines()[-1]
        yield name, time.perf_counter() - begun, f"{done.returncode}: {last}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--wrk", action="store_true", help="read with wrk, which has to be on the path")
    parser.add_argument("--steps", nargs="+", default=list(STEPS), choices=STEPS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        environment = load(options.contacts, Path(name))
        file = Path(name) / "week.csv"
        print(f"{int(command(environment, '-c', WEEK_AFTER, str(file))):,} contacts of a week will arrive", flush=True)
        server, site = started(environment)
        try:
            reading = Wrk if options.wrk else Readers
            with reading(site, options.clients) as quiet:
                time.sleep(QUIET_S)
            print(f"{site.contacts:,} contacts, {options.clients} clients, no night: {quiet}", flush=True)
            begun = time.perf_counter()
            with reading(site, options.clients) as busy:
                for step, seconds, said in night(environment, file, options.steps):
                    print(f"  {step}: {seconds:.1f} s, {said}", flush=True)
            print(f"the night took {time.perf_counter() - begun:.0f} s; meanwhile {busy}; loads {os.getloadavg()}")
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    main()
