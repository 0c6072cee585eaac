"""How long answers take, by route: the pattern of the address, never what was asked or by whom.

Under gunicorn several processes count into one folder (gunicorn.conf.py names it before anything is imported).
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
FOLDER = "PROMETHEUS_MULTIPROC_DIR"

ANSWERS = Histogram(
    "counterweight_request_duration_seconds",
    "Time from the request to the answer, by the pattern of the address.",
    ("route", "method", "status"),
    buckets=BUCKETS,
)


def took(seconds: float, *, route: str, method: str, status: int) -> None:
    """One answer more. `status` is told by its first digit."""
    ANSWERS.labels(route, method, f"{status // 100}xx").observe(seconds)


def written() -> bytes:
    """What all processes of this server counted, as Prometheus reads it."""
    if not os.environ.get(FOLDER):
        return generate_latest(_only_ours())
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _only_ours() -> CollectorRegistry:
    """Without what the library measures of a process by itself."""
    registry = CollectorRegistry()
    registry.register(ANSWERS)
    return registry
