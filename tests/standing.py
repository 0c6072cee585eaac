"""Worlds that stand for all tests of a module: made once, inside a transaction that is taken back.

A module that has one is handed to one test process whole: name it in `WHOLE_FILES` of order.py, or each process makes its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache
from django.db import transaction


@contextmanager
def standing(blocker: Any) -> Iterator[None]:
    """For a fixture of a module; what a single test changes is undone after it (`db`)."""
    with blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True  # type: ignore[attr-defined]  # durable transactions may run inside, as in a TestCase
        with around:
            yield
            transaction.set_rollback(True)
    cache.clear()
