"""Workers that die, stall or are asked twice: the run ends by itself, every row is there once."""

import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fault.processes import Centre, file_of, invariants, kill, outcome, until

pytestmark = pytest.mark.fault
ROWS = 10_000  # twenty blocks of the slow worker
REJECTED = ROWS // 1000
STORED = ROWS - REJECTED


def queue(made: Centre, path: Path) -> None:
    finished = made.manage("import_file", str(path), "--source", "interactions_csv", "--queue")
    assert finished.returncode == 0, finished.stderr


def whole(made: Centre) -> None:
    """The file of ROWS rows is stored once and counted."""
    assert made.number("SELECT count(*) FROM kpi_interaction") == STORED
    assert [row[3:] for row in made.state()] == [(STORED, 0, 0, REJECTED)]


# at 20 and 80 %; once with the lease of the product
@pytest.mark.parametrize(
    ("anywhere", "blocks", "lease"), [("embedded", 4, 12), ("embedded", 16, 4), ("servers", 16, 4)], indirect=["anywhere"]
)
def test_a01_a_worker_killed_in_mid_import_is_replaced_and_every_row_is_there_once(
    anywhere: Centre, tmp_path: Path, blocks: int, lease: float
) -> None:
    anywhere.beat()
    first = anywhere.worker(hold=blocks, lease=lease)
    queue(anywhere, file_of(tmp_path / "night.csv", ROWS))
    until(lambda: len(anywhere.marks("import staged a block")) >= blocks, 90, f"{blocks} blocks read")
    kill(first)
    assert anywhere.number("SELECT count(*) FROM kpi_interaction") == 0
    anywhere.worker(lease=lease)
    until(anywhere.settled, 90, "imported and rolled up after the kill")
    assert anywhere.state()[0][:2] == ("done", 2)
    whole(anywhere)
    invariants(anywhere)


def test_a03_a_pool_child_that_dies_costs_one_attempt(embedded: Centre, tmp_path: Path) -> None:
    embedded.beat()
    embedded.worker(hold=4)
    queue(embedded, file_of(tmp_path / "night.csv", ROWS))
    until(lambda: len(embedded.marks("import staged a block")) >= 4, 90, "4 blocks read")
    os.kill(embedded.marks("import staged a block")[-1], signal.SIGKILL)
    until(embedded.settled, 90, "imported and rolled up after the child died")
    assert embedded.state()[0][:2] == ("done", 2)
    whole(embedded)
    invariants(embedded)


TWICE = """
import threading
from django.db import connection
from kpi import tasks
answers, start = [], threading.Barrier(2)
def work():
    start.wait()
    answers.append(tasks.run_import(1))
    connection.close()
threads = [threading.Thread(target=work) for _ in range(2)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
print(sorted(answers))
"""


def test_a05_one_task_delivered_twice_at_once_is_worked_on_once(embedded: Centre, tmp_path: Path) -> None:
    queue(embedded, file_of(tmp_path / "night.csv", ROWS))
    told = embedded.python(TWICE)
    assert told.returncode == 0, told.stderr
    assert told.stdout.strip().splitlines()[-1] == "['done', 'taken']"
    assert embedded.state()[0][:2] == ("done", 1)
    whole(embedded)
    invariants(embedded)


def test_a09_two_people_who_import_the_same_file_at_once_get_one_set_of_rows(anywhere: Centre, tmp_path: Path) -> None:
    words = ("import_file", str(file_of(tmp_path / "night.csv", ROWS)), "--source", "interactions_csv", "--json")
    with ThreadPoolExecutor() as pool:
        both = list(pool.map(lambda number: anywhere.manage(*words), range(2)))
    answers = [outcome(finished) for finished in both]
    states = sorted(answer["state"] for answer in answers)
    assert states in (["done", "running"], ["done", "same"]), "\n".join(finished.stderr[-2000:] for finished in both)
    other = next(place for place, answer in enumerate(answers) if answer["state"] != "done")
    assert both[other].returncode == (1 if answers[other]["state"] == "running" else 0)
    assert answers[other]["message"].startswith("same file as run 1")
    assert (answers[other]["fates"]["new"], answers[other]["fates"]["changed"]) == (0, 0)
    whole(anywhere)
    invariants(anywhere)


# between two blocks; and in the middle of the transaction that stores, where the stalled one holds the locks of all it touched
@pytest.mark.parametrize(
    ("anywhere", "step"), [("embedded", "import staged a block"), ("servers", "import inserted")], indirect=["anywhere"]
)
def test_a_stalled_worker_that_wakes_up_writes_nothing(anywhere: Centre, tmp_path: Path, step: str) -> None:
    anywhere.beat()
    stalled = anywhere.worker(hold=step)
    queue(anywhere, file_of(tmp_path / "night.csv", ROWS))
    until(lambda: anywhere.marks(step), 90, f"stalled where it {step}")
    os.killpg(stalled.pid, signal.SIGSTOP)
    anywhere.worker()
    until(anywhere.settled, 90, "imported by the second worker")
    (anywhere.folder / "go").touch()
    os.killpg(stalled.pid, signal.SIGCONT)
    gave_up = re.compile("state=(taken|interrupted)")
    until(lambda: gave_up.search(anywhere.log.read_text()), 90, "the first worker gave up")
    assert anywhere.state()[0][:2] == ("done", 2)
    whole(anywhere)
    invariants(anywhere)


def test_a_message_or_a_table_that_a_crash_left_empty_does_not_end_the_worker(embedded: Centre, tmp_path: Path) -> None:
    """As a writer leaves them that is killed between opening and writing, and as a full disk does."""
    queued, tables = embedded.folder / "broker" / "queue", embedded.folder / "broker" / "control"
    for folder, name in ((queued, "0_empty.celery.msg"), (tables, "celery.exchange")):
        folder.mkdir(parents=True)
        (folder / name).touch()
    worker = embedded.worker()
    queue(embedded, file_of(tmp_path / "night.csv", ROWS))
    until(embedded.settled, 90, "imported and rolled up by the worker that met the empty message")
    assert worker.poll() is None
    said = embedded.log.read_text()
    assert 'event="message.unreadable" file=0_empty.celery.msg error=JSONDecodeError' in said
    assert "Unrecoverable" not in said
    assert [path.name for path in queued.iterdir()] == ["0_empty.celery.msg.unreadable"]
    assert "celery" in (tables / "celery.exchange").read_text()
    whole(embedded)
    invariants(embedded)
