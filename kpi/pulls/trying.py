"""Try a connection, or look at what it would bring: nothing is stored and the position stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kpi import ingest
from kpi.models import Connection
from kpi.pulls.pulling import begin, from_where, received
from kpi.vendor import Problem

TRY_S = 10  # somebody waits for the answer


@dataclass(frozen=True)
class Tried:
    """What the first page held; the problem where none came."""

    records: int = 0
    problem: Problem | None = None


def try_connection(connection: Connection) -> Tried:
    """Ask for one page, once."""
    try:
        fetching = begin(connection, connection.position, _nothing, tries=1, within_s=TRY_S)
        page = next(iter(fetching.vendor.pages(fetching.asker, fetching.order)), None)
    except Problem as problem:
        return Tried(problem=problem)
    return Tried(page.records if page else 0)


def preview(connection: Connection, since: date | None = None) -> ingest.Outcome | None:
    """What storing the first page would do, counted by the code that stores; None where nothing came. Raises Problem."""
    fetching = begin(connection, from_where(connection, since), _nothing)
    fetching.pages = 1
    arrived = received(fetching, connection)
    if arrived is None:
        return None
    try:
        return ingest.preview(arrived.path, connection.source.key)
    finally:
        ingest.discard(arrived.path)


def _nothing() -> None:
    pass
