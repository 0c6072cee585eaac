"""Around every job of a worker: its lines say which job they belong to, and its end is one line with its time."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import Task
from celery.signals import beat_init, setup_logging, task_postrun, task_prerun, worker_init

from kpi.operations import context
from kpi.operations.loading import load_words

logger = logging.getLogger(__name__)
TICKS = frozenset({"sweep", "watch", "pull_due", "roll_up", "morning", "the_night", "pulse"})  # rung every minute or oftener
_STARTED: dict[str, float] = {}


def connect() -> None:
    """Once, when the site starts. Celery's own lines are left to the settings, too."""
    setup_logging.connect(_leave_alone, weak=False, dispatch_uid="operations")
    task_prerun.connect(_begins, weak=False, dispatch_uid="operations")
    task_postrun.connect(_ended, weak=False, dispatch_uid="operations")
    worker_init.connect(_loads, weak=False, dispatch_uid="operations")
    beat_init.connect(_beats, weak=False, dispatch_uid="operations")


def _leave_alone(**_about: Any) -> None:
    """Whoever answers this signal keeps Celery from adding handlers of its own, which write whatever they are told."""


def _loads(**_about: Any) -> None:
    """Before the first job, and before processes are forked."""
    load_words()


def _beats(**_about: Any) -> None:
    context.begin(job="beat")


def _begins(task_id: str, task: Task[..., object], **_about: Any) -> None:
    _STARTED[task_id] = time.perf_counter()
    context.begin(job=_name(task), job_id=task_id)


def _ended(task_id: str, task: Task[..., object], state: str | None = None, **_about: Any) -> None:
    seconds = time.perf_counter() - _STARTED.pop(task_id, time.perf_counter())
    level = logging.DEBUG if _name(task) in TICKS and state == "SUCCESS" else logging.INFO
    logger.log(level, "job", extra={"state": state, "ms": round(seconds * 1000)})
    context.end()


def _name(task: Task[..., object]) -> str:
    return str(task.name).rpartition(".")[2]
