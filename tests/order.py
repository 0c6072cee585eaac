"""Which test process takes which test, and when: so that both processors have something to do from the first minute to the last."""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadScopeScheduling

# A world stands for all tests of these files (tests/standing.py): one process takes such a file whole.
WHOLE_FILES = ("reference/test_truth.py", "reference/test_hundred_seeds.py", "kpi/test_slices.py", "kpi/test_cut_scopes.py")
# These wait for processes they start, most of their minutes; the longest of them first.
WAITS = ("house/test_demo.py", "fault/test_random_killer.py", "house/test_contracts.py", "fault/")


def waits(name: str) -> int | None:
    """Its place among those that wait; None for a test that works itself."""
    return next((place for place, part in enumerate(WAITS) if part in name), None)


class TwoQueues(LoadScopeScheduling):
    """One test after the other to whoever is free. Every second process begins with the tests that wait, the others with those that
    work; where one queue is done, all take from the other. (The groups of xdist are not seen by this version of pytest.)"""

    waiting: list[str] | None = None

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file.endswith(WHOLE_FILES) else nodeid

    def _assign_work_unit(self, node: Any) -> None:
        if self.waiting is None:
            places = {scope: place for scope in self.workqueue if (place := waits(scope)) is not None}
            self.waiting = sorted(places, key=places.__getitem__, reverse=True)
            for scope in reversed(self.waiting):
                self.workqueue.move_to_end(scope)
        while self.waiting and self.waiting[-1] not in self.workqueue:
            self.waiting.pop()
        if self.waiting and self.nodes.index(node) % 2:
            self.workqueue.move_to_end(self.waiting.pop(), last=False)
        super()._assign_work_unit(node)
        given = self.assigned_work[node]  # what is done is forgotten: it would be counted again with every test
        self.assigned_work[node] = {scope: tests for scope, tests in given.items() if not all(tests.values())}
