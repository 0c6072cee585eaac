"""Fetch what is new for one connection into the inbox, from where the last file that was stored ended."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.utils import timezone

from kpi import ingest, registry
from kpi.ingest.errors import is_no_space
from kpi.ingest.receiving import Arrived, TooLarge, TooMany, receive
from kpi.models import Connection
from kpi.pulls import hold, sealing
from kpi.pulls.asking import TRIES, Asker
from kpi.pulls.wire import WHOLE_S
from kpi.steps import step
from kpi.vendor import Order, Page, Position, Problem, Vendor

logger = logging.getLogger(__name__)
PAGES, BYTES, SECONDS = 1_000, 300 * 10**6, 300  # of one pull: what is left comes with the next one, imports between
ROUNDS = 400  # stretches without anything that one pull steps over
SETTLED = timedelta(seconds=60)  # what changed within the last minute is left to the next pull: vendors are still writing it
BEAT_S = 5


@dataclass(frozen=True)
class Pulled:
    """How a pull ended: `fetched` with its run, `nothing`, `problem`, or `taken` where somebody else is at it."""

    state: str
    run: int | None = None
    problem: Problem | None = None


@dataclass
class Fetching:
    """One file on its way."""

    vendor: Vendor
    order: Order
    asker: Asker
    position: Position
    pages: int = PAGES
    began: float = field(default_factory=time.monotonic)
    records: int = 0
    size: int = 0
    more: bool = False

    def pieces(self) -> Iterator[bytes]:
        """The file. Stops early, at a place to go on from, where more comes than one pull takes."""
        seen: set[str] = set()
        for number, page in enumerate(self.vendor.pages(self.asker, self.order), 1):
            if not page.last and page.mark in seen:
                raise Problem("loop")
            seen.add(page.mark)
            self.records += page.records
            self.size += len(page.body)
            if page.records:
                yield page.body
                yield b"\n"
            if page.last or (self._enough(number) and self._may_stop(page)):
                self.position = self.position if page.position is None else page.position
                self.more = not page.last or self._lies_back(page)
                return
            if number > 4 * self.pages:
                raise Problem("too_much")

    def _enough(self, number: int) -> bool:
        return number >= self.pages or self.size >= BYTES or time.monotonic() - self.began >= SECONDS

    def _may_stop(self, page: Page) -> bool:
        """Further than the last pull came; within what is looked at again there would be no end."""
        return page.position is not None and page.position != self.order.position and _at(page.position) >= _at(self.order.position)

    def _lies_back(self, page: Page) -> bool:
        return self.order.until < timezone.now() - 2 * SETTLED - timedelta(seconds=time.monotonic() - self.began)


def vendor_of(connection: Connection) -> Vendor:
    vendor = registry.vendors().get(connection.source.format)
    if vendor is None:
        raise Problem("no_vendor")
    return vendor


def pull(connection: int, *, due_only: bool = False, since: date | None = None) -> Pulled:
    """Fetch, and open the run of the file; the run is to be rung or stored by the caller."""
    hold.settle(connection)
    attempt = hold.claim(connection, due_only=due_only)
    if attempt is None:
        return Pulled("taken")
    try:
        step("pull claimed")
        return _pull(connection, attempt, since)
    except hold.Lost:
        return Pulled("taken")
    except Exception as error:
        problem = _problem(connection, error)
        hold.stop(connection, attempt, problem)
        logger.warning("pull.stopped", extra={"connection": connection, "attempt": attempt, "problem": problem.code})
        return Pulled("problem", problem=problem)


def _pull(pk: int, attempt: int, since: date | None) -> Pulled:
    connection = Connection.objects.select_related("source").get(pk=pk)
    fetched, arrived = _new(connection, attempt, since)
    if arrived is None:
        hold.nothing_new(pk, attempt, fetched.position)
        return Pulled("nothing")
    step("pull fetched")
    try:
        run = hold.deliver(pk, attempt, arrived, fetched.position, more=fetched.more)
    except BaseException:
        ingest.discard(arrived.path)
        raise
    step("pull filed")
    hold.settle(pk)
    logger.info("pull.fetched", extra={"connection": pk, "run": run.pk, "size": arrived.size, "records": fetched.records})
    return Pulled("fetched", run.pk)


def _new(connection: Connection, attempt: int, since: date | None) -> tuple[Fetching, Arrived | None]:
    """Step over stretches in which nothing happened."""
    position = from_where(connection, since)
    began = time.monotonic()
    for rounds in count(1):
        fetching = begin(connection, position, _keeper(connection.pk, attempt))
        fetching.began = began
        arrived = received(fetching, connection)
        if arrived is not None or not fetching.more or rounds > ROUNDS:
            return fetching, arrived
        position = fetching.position
    raise AssertionError("counting does not end")


def from_where(connection: Connection, since: date | None) -> Position:
    """Where the last stored file ended, or a day of one's own."""
    return connection.position if since is None else {"at": _midnight(since).isoformat()}


def begin(connection: Connection, position: Position, keep: hold.Keep, *, tries: int = TRIES, within_s: float = WHOLE_S) -> Fetching:
    """Everything is checked that can be before a word is sent."""
    vendor = vendor_of(connection)
    if not vendor.host.fullmatch(connection.host):
        raise Problem("foreign_host", host=connection.host)
    first = datetime.fromisoformat(position["at"]) if "at" in position else _midnight(connection.begins_on)
    now = timezone.now() - SETTLED
    first = min(first, now)
    until = min(now, first + timedelta(days=connection.window_days)) if vendor.stretches else now
    start = first - vendor.overlap if "at" in position else first
    order = Order(
        connection.host, connection.login, sealing.unseal(connection), connection.bucket, connection.prefix, dict(position), start, until
    )
    return Fetching(vendor, order, Asker(vendor, order, keep, tries, within_s), dict(position))


def received(fetching: Fetching, connection: Connection) -> Arrived | None:
    """The file in the inbox, or None where nothing came."""
    arrived = receive(fetching.pieces(), f"{connection.source.key}_{fetching.order.until:%Y-%m-%dT%H%M%S}Z.json")
    if fetching.records:
        return arrived
    ingest.discard(arrived.path)
    return None


def _keeper(connection: int, attempt: int) -> hold.Keep:
    """Extends the lease, though not with every piece that comes."""
    last = 0.0

    def keep() -> None:
        nonlocal last
        if time.monotonic() - last >= BEAT_S:
            hold.keep(connection, attempt)
            last = time.monotonic()

    return keep


def _problem(connection: int, error: Exception) -> Problem:
    """What an error means for the pull. Of one nobody foresaw only its kind and place are logged."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, TooLarge):
        return Problem("file_too_large")
    if isinstance(error, TooMany):
        return Problem("too_many_waiting", passing=True)
    if is_no_space(error):
        return Problem("no_space", passing=True)
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{where.filename}:{where.lineno}"
    logger.error("pull.unexpected", extra={"connection": connection, "error": type(error).__name__, "at": place})
    return Problem("unexpected", passing=True, error=type(error).__name__)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _at(position: Position) -> str:
    """Moments in UTC as text: their order is that of time."""
    return str(position.get("at", ""))
