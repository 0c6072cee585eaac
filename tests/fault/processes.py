"""Real processes for the tests of faults: a centre of its own with its folder, database and broker, and what must always hold."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.fault import zygote
from tests.fault.zygote import Forked
from tests.once import HASTY

PLANTED = ("Zebulon Quarterstaff", "zebulon@example.com")  # must never be read in a log, a message or an error
HEADER = "external_id,started_at,ended_at,channel,queue,team,agent_id,customer_id,intent,handled_by,talk_s"

SET_UP = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
"""


def unavailable(sentence: str) -> None:
    """A service that cannot start: skipped with the reason, failed where all services are required."""
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


def until(true: Callable[[], Any], seconds: float, what: str) -> float:
    """Wait; the seconds it took."""
    started = time.monotonic()
    while not true():
        if time.monotonic() - started > seconds:
            raise AssertionError(f"after {seconds} s still not: {what}")
        time.sleep(0.1)
    return time.monotonic() - started


@dataclass
class Centre:
    """One installation. SQLite and folders unless addresses are given."""

    folder: Path
    database: str = ""
    redis: str = ""
    processes: list[Forked] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        own = {"DATA_DIR": str(self.folder), "DATABASE_URL": self.database, "REDIS_URL": self.redis, "CELERY_EAGER": ""}
        return {**os.environ, **own}

    @property
    def log(self) -> Path:
        return self.folder / "processes.log"

    def manage(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return self.run("manage.py", *words, "--skip-checks")

    def python(self, text: str) -> "subprocess.CompletedProcess[str]":
        """Code that finds the installation set up."""
        return self.run("-c", SET_UP + text)

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """What `python WORDS` does here, to its end."""
        return zygote.run(*words, environment=self.environment)

    def start(self, *words: str) -> Forked:
        """A process in a group of its own, so that killing it takes its children along."""
        with self.log.open("ab") as log:
            process = zygote.start(*words, environment=self.environment, out=log, err=log)
        self.processes.append(process)
        return process

    def worker(self, *, pause: float = 0.0, hold: int | str = 0, lease: float = 4.0, children: int = 1) -> Forked:
        marks = str(self.folder / "marks")
        return self.start(
            "-m", "tests.fault.slow_worker", str(pause), str(hold), str(lease), marks,
            "-A", "config", "worker", "--pool", "prefork", "-c", str(children), "--loglevel", "INFO",
        )  # fmt: skip

    def beat(self) -> Forked:
        schedule = str(self.folder / "beat-schedule")
        return self.start("-m", "celery", "-A", "config", "beat", "--loglevel", "INFO", "--schedule", schedule, "--pidfile", "")

    def stop(self) -> None:
        for process in self.processes:
            kill(process)

    def marks(self, name: str) -> list[int]:
        """The processes that reached this step, once for each time."""
        path = self.folder / "marks"
        lines = path.read_text().splitlines() if path.exists() else []
        return [int(line.split(" ", 1)[0]) for line in lines if line.split(" ", 1)[1:] == [name]]

    def query(self, text: str) -> list[tuple[Any, ...]]:
        if not self.database:
            with sqlite3.connect(self.folder / "counterweight.sqlite3", timeout=30) as connection:
                rows = connection.execute(text).fetchall()
            connection.close()
            return rows
        with psycopg.connect(**address(self.database)) as connection:
            return list(connection.execute(text).fetchall())  # type: ignore[arg-type]

    def number(self, text: str) -> int:
        return int(self.query(text)[0][0])

    def state(self) -> list[tuple[Any, ...]]:
        return self.query("SELECT state, attempt, lines, new, changed, unchanged, rejected FROM kpi_importrun ORDER BY id")

    def settled(self) -> bool:
        """Every run is over and nothing is due."""
        open_runs = self.number("SELECT count(*) FROM kpi_importrun WHERE state IN ('queued', 'running')")
        return not open_runs and not self.number("SELECT count(*) FROM kpi_dueday WHERE due > done AND subject = 'interaction'")


def address(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if not parts.hostname:
        folder, name = parts.path.rsplit("/", 1)
        return {"host": folder, "user": parts.username, "dbname": name}
    return {"host": parts.hostname, "port": parts.port, "user": parts.username, "password": parts.password, "dbname": parts.path[1:]}


def kill(process: "Forked | subprocess.Popen[bytes]") -> None:
    """The whole group, at once."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def file_of(path: Path, rows: int, *, first: int = 0) -> Path:
    """Contacts of ten days with a planted name and, in every thousandth row, a mistake."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        for number in range(first, first + rows):
            day, minute = 1 + number % 10, number // 10 % 600
            talk = "-1" if number % 1000 == 999 else str(number % 300)
            moment = f"2026-03-{day:02d}T{8 + minute // 60:02d}:{minute % 60:02d}:00Z"
            file.write(f"c{number},{moment},,voice,care,Lark,{PLANTED[1]},{PLANTED[0]} {number % 97},billing,human,{talk}\n")
    return path


@contextmanager
def centre(folder: Path, template: Path, database: str = "", redis: str = "") -> Iterator[Centre]:
    """An installation that is there from the start; its processes end with it."""
    folder.mkdir(parents=True, exist_ok=True)
    if not database:
        shutil.copy(template, folder / "counterweight.sqlite3")
    made = Centre(folder, database, redis)
    try:
        yield made
    finally:
        made.stop()


@contextmanager
def own_database(url: str, template: str = "template1") -> Iterator[str]:
    """A new database on the configured server, empty or a copy of one that is migrated; dropped afterwards."""
    name = f"cw_fault_{uuid.uuid4().hex[:12]}"
    own = url.rsplit("/", 1)[0] + "/" + name
    server = {**address(url), "dbname": "postgres"}
    with psycopg.connect(**server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[arg-type]
        connection.execute(HASTY.format(name))  # type: ignore[arg-type]
    try:
        yield own
    finally:
        with psycopg.connect(**server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


CHECK = """
from django.core.management import call_command
call_command("roll_up", verbosity=0)
call_command("check_data")
"""


def invariants(made: Centre) -> None:
    """What must hold after every case."""
    for state, _, lines, *fates in made.state():
        rejected = fates[-1]
        repeated = made.number("SELECT coalesce(sum(repeated), 0) FROM kpi_importrun")
        assert state != "done" or lines == sum(fates) + repeated, "1: every line has a fate"
        assert rejected >= 0
    assert not made.query("SELECT run_id FROM kpi_rejectedrow r JOIN kpi_importrun i ON i.id = r.run_id WHERE i.state <> 'done' LIMIT 1")
    twice = "SELECT external_id FROM kpi_interaction GROUP BY source_id, external_id HAVING count(*) > 1"
    assert not made.query(twice), "2: (source, external id) is unique"
    checked = made.python(CHECK)
    assert checked.returncode == 0, f"3: totals equal records: {checked.stdout}{checked.stderr}"
    assert not made.number("SELECT count(*) FROM kpi_importrun WHERE state = 'running'"), "4: no run stays running"
    made.stop()
    assert all(process.poll() is not None for process in made.processes), "5: no process is left"
    files = [path for path in made.folder.rglob("*") if "broker" not in path.parts]  # a worker clears the drafts there a minute later
    left = [path.name for path in files if path.suffix in {".tmp", ".lock", ".draft"}]
    assert not left, f"5: nothing temporary is left: {left}"
    for path in (item for item in made.folder.rglob("*") if item.is_file() and "sqlite3" not in item.name and item.suffix != ".csv"):
        text = path.read_bytes().decode("utf-8", "replace")
        assert not any(name in text for name in PLANTED), f"7: a planted name in {path.name}"


def outcome(finished: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    """What `import_file --json` printed."""
    found: dict[str, Any] = json.loads(finished.stdout.strip().splitlines()[-1])
    return found
