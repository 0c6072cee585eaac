"""Which test process takes which test: every test once, what waits beside what works."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.order import TwoQueues, waits

WORKING = ["reference/test_truth.py::test_a", "reference/test_truth.py::test_b", *(f"kpi/test_csat.py::test_{place}" for place in range(6))]
WAITING = ["fault/test_disk.py::test_full", "house/test_demo.py::test_killed", "house/test_contracts.py::test_mypy"]


class Process:
    """What the scheduler sees of a test process."""

    shutting_down = False
    gateway = SimpleNamespace(id="gw")

    def __init__(self) -> None:
        self.given: list[int] = []

    def send_runtest_some(self, places: list[int]) -> None:
        self.given += places

    def shutdown(self) -> None:
        self.shutting_down = True


@pytest.fixture
def queues() -> TwoQueues:
    option = SimpleNamespace(loadscopereorder=True)
    config: Any = SimpleNamespace(getvalue=lambda name: ["popen"] * 2, option=option)
    return TwoQueues(config, None)


def test_every_test_is_run_once_and_half_of_the_processes_begin_with_what_waits(queues: TwoQueues) -> None:
    tests, processes = WORKING + WAITING, [Process(), Process()]
    for process in processes:
        queues.add_node(process)
        queues.add_node_collection(process, tests)
    queues.schedule()
    begun: dict[Process, list[str]] = {process: [] for process in processes}
    while any(len(begun[process]) < len(process.given) for process in processes):
        for process in processes:
            if len(begun[process]) < len(process.given):
                place = process.given[len(begun[process])]
                begun[process].append(tests[place])
                queues.mark_test_complete(process, place)
    working, waiting = begun.values()
    assert sorted(working + waiting) == sorted(tests)
    assert working[:2] == WORKING[:2], "a file that stands on one world is taken whole"
    assert waiting[:3] == ["house/test_demo.py::test_killed", "house/test_contracts.py::test_mypy", "fault/test_disk.py::test_full"]
    assert [name for name in working if waits(name) is not None] == []
