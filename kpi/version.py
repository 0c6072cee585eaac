"""Which state of the data one answer is made from, and what a process read of it before.

Two versions: of the totals alone; and of the totals with everything the admin keeps (names, teams, signed assumptions,
annotations), whose changes stand in the audit log, with what was published, with the imports that ended, and with changes of
alerts. An answer is made inside `one_version`; what `known` reads there is read once for each version. Outside of it nothing is
kept. Who may see what is never kept: rights are those of the very moment.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

from django.db import connection

from kpi.facts import Facts

Found = TypeVar("Found")


@dataclass(frozen=True)
class Version:
    """`data` changes with the totals, `all` with anything an answer could tell of; `settled` when nothing is due."""

    data: str
    all: str
    settled: bool
    doubts: tuple[Any, ...] = ()  # what may not be trusted at this moment (kpi/doubts.py): it comes with time, not with data


kept = Facts()
doubts_at: list[Callable[[str], tuple[Any, ...]]] = []  # who knows what may not be trusted; named when the site starts
_current: ContextVar[Version | None] = ContextVar("version", default=None)
QUERY = """
SELECT COUNT(day), SUM(due), SUM(done), (SELECT MAX(id) FROM auditlog_logentry), (SELECT MAX(id) FROM kpi_publication),
       (SELECT MAX(finished_at) FROM kpi_importrun), (SELECT MAX(id) FROM kpi_alertchange)
FROM kpi_dueday
"""


def version_now() -> Version:
    """The version that stands now, from one small query. Versions of days only grow, so their sums tell any two states apart."""
    with connection.cursor() as cursor:
        cursor.execute(QUERY)
        rows, due, done, *others = cursor.fetchone()
    data = f"{rows}-{due or 0}-{done or 0}"
    everything = "-".join([data, *(str(other or 0) for other in others)])
    found = doubts_at[-1](everything) if doubts_at else ()
    return Version(data, f"{everything}-{sha256(repr(found).encode()).hexdigest()}" if found else everything, due == done, found)


@contextmanager
def one_version() -> Iterator[Version]:
    """Everything inside is answered from this version; inside another one it is that one."""
    if (outer := _current.get()) is not None:
        yield outer
        return
    token = _current.set(version := version_now())
    try:
        yield version
    finally:
        _current.reset(token)


def current() -> Version | None:
    """The version the answer under way is made from; None outside of one."""
    return _current.get()


def known(key: Hashable, make: Callable[[], Found]) -> Found:
    """What `make` reads, kept for the version under way. Never who may see what: the rights it depends on are part of the key."""
    version = _current.get()
    if version is None:
        return make()
    found: Found | None = kept.recall(version.all, key)
    if found is None:
        found = make()
        kept.keep(version.all, key, found)
    return found
