"""A killer that knows no mercy and no plan: imports and rollups die at random moments, and everything still holds.

Ten seeds run with every suite; all fifty, on SQLite and on PostgreSQL, when somebody asks: -m slow.
"""

import random
import time
from pathlib import Path

import pytest

from tests.fault.processes import Centre, file_of, invariants, kill, until

pytestmark = pytest.mark.fault
ROWS = 5000
NIGHTS = [range(first, first + 5) for first in range(1, 51, 5)]  # what starts once serves five seeds
ALWAYS = 2


def named(seeds: range) -> str:
    return f"seeds {seeds[0]} to {seeds[-1]}"


def nights() -> list[object]:
    """Where, and by which seeds."""
    slow = pytest.mark.slow
    always = [pytest.param("embedded", seeds, id=f"embedded-{named(seeds)}") for seeds in NIGHTS[:ALWAYS]]
    asked = [("embedded", seeds) for seeds in NIGHTS[ALWAYS:]] + [("servers", seeds) for seeds in NIGHTS]
    return always + [pytest.param(where, seeds, id=f"{where}-{named(seeds)}", marks=slow) for where, seeds in asked]


@pytest.mark.parametrize(("anywhere", "seeds"), nights(), indirect=["anywhere"])
def test_workers_killed_at_random_moments_lose_nothing_and_double_nothing(anywhere: Centre, tmp_path: Path, seeds: range) -> None:
    """Each seed brings two files and two kills, one of a worker at work and one of a worker that has just started."""
    anywhere.beat()
    worker = anywhere.worker(pause=0.05, lease=2)
    for count, seed in enumerate(seeds, start=1):
        chance = random.Random(seed)
        send(anywhere, [file_of(tmp_path / f"night{seed}_{place}.csv", ROWS, first=(2 * seed + place) * ROWS) for place in range(2)])
        for shortest, longest in ((0.2, 3), (1.5, 5)):
            time.sleep(chance.uniform(shortest, longest))
            kill(worker)
            worker = anywhere.worker(pause=0.05, lease=2)
        until(anywhere.settled, 120, f"both files of seed {seed} imported and rolled up")
        assert [(row[0], row[3], row[6]) for row in anywhere.state()] == [("done", ROWS - 5, 5)] * 2 * count, seed
        assert anywhere.number("SELECT count(*) FROM kpi_interaction") == 2 * count * (ROWS - 5), seed
    invariants(anywhere)


def send(centre: Centre, files: list[Path]) -> None:
    """Queued by one process, as one visit to the page of uploads would."""
    calls = [f'call_command("import_file", {str(file)!r}, "--source", "interactions_csv", "--queue")' for file in files]
    sent = centre.python("\n".join(["from django.core.management import call_command", *calls]))
    assert sent.returncode == 0, sent.stderr
