"""A killer that knows no mercy and no plan: imports and rollups die at random moments, and everything still holds."""

import random
import time
from pathlib import Path

import pytest

from tests.fault.processes import Centre, file_of, invariants, kill, until

pytestmark = pytest.mark.fault
ROWS = 5000
SEEDS = [1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 21))]


@pytest.mark.parametrize("seed", SEEDS)
def test_workers_killed_at_random_moments_lose_nothing_and_double_nothing(embedded: Centre, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    embedded.beat()
    for number in range(2):
        path = file_of(tmp_path / f"night{number}.csv", ROWS, first=number * ROWS)
        assert embedded.manage("import_file", str(path), "--source", "interactions_csv", "--queue").returncode == 0
    for _ in range(2):
        worker = embedded.worker(pause=0.05, lease=2)
        time.sleep(chance.uniform(1.5, 5))
        kill(worker)
    embedded.worker(lease=2)
    until(embedded.settled, 120, "both files imported and rolled up")
    assert [(row[0], row[3], row[6]) for row in embedded.state()] == [("done", ROWS - 5, 5)] * 2
    assert embedded.number("SELECT count(*) FROM kpi_interaction") == 2 * (ROWS - 5)
    invariants(embedded)
