"""What Celery calls: read ids, call one function, nothing else. A message is only a bell, the rows are the truth."""

from __future__ import annotations

import logging
import time
from functools import partial

from celery import Task, shared_task
from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone
from kombu.exceptions import ChannelError
from kombu.exceptions import OperationalError as BrokerError

from kpi import beginning, ingest, nights, printing, pulls, rollup
from kpi.mail.morning import morning as mails_of_the_morning
from kpi.mail.sending import deliver
from kpi.steps import step

LOST = (BrokerError, ChannelError, OSError)
QUICK_S = 0.5  # who refuses sooner may only have been started anew since it was last spoken to
logger = logging.getLogger(__name__)


def ring(task: Task[..., object], *ids: int) -> None:
    """Ring once the transaction stands. A broker that is down is logged: the sweep rings again."""
    transaction.on_commit(partial(_ring, task, *ids))


def _ring(task: Task[..., object], *ids: int) -> None:
    """A connection that broke is made anew once. A broker that does not answer is not waited for twice: somebody waits for the page."""
    started, lost = time.monotonic(), None
    for _ in range(2):
        try:
            task.apply_async(ids, retry=False)
            return
        except LOST as error:
            lost = error
            if time.monotonic() - started > QUICK_S:
                break
    logger.warning("bell.lost", extra={"task_name": task.name, "run": ids[0] if ids else None, "error": type(lost).__name__})
    if task.name == run_import.name:
        _say_unheard(*ids)


def _say_unheard(run_id: int) -> None:
    """The page of the file says that nothing reads it now, and the first sweep rings for it."""
    try:
        ingest.unheard(run_id)
    except DatabaseError as error:
        logger.warning("bell.not_noted", extra={"run": run_id, "error": type(error).__name__})


@shared_task
def run_import(run_id: int) -> str:
    """Store one file, then bring the totals up to date."""
    outcome = ingest.store(run_id)
    pulls.settle_run(run_id)
    if outcome.state == "done":
        step("import published")
        ring(roll_up)
    logger.info("import.ended", extra={"run": run_id, "state": outcome.state})
    return outcome.state


@shared_task
def roll_up() -> None:
    rollup.roll_up_due()


@shared_task
def watch() -> int:
    """Take files from the watched folder."""
    try:
        opened = ingest.look_at_folder()
    except OSError as error:
        logger.error("watch.failed", extra={"error": type(error).__name__})
        return 0
    for run_id in opened:
        ring(run_import, run_id)
    return len(opened)


@shared_task
def pull_due() -> int:
    """Fetch for the connections whose time has come, each in a task of its own: a slow vendor keeps nobody waiting."""
    connections = pulls.due(timezone.now())
    for connection in connections:
        ring(pull, connection)
    return len(connections)


@shared_task
def pull(connection_id: int) -> str:
    """Fetch for one connection, then store what came."""
    pulled = pulls.pull(connection_id, due_only=True)
    if pulled.run is not None:
        ring(run_import, pulled.run)
    return pulled.state


@shared_task
def sweep() -> int:
    """Ring again for what waits too long or was left behind."""
    try:
        waiting, unprinted = ingest.sweep(), printing.sweep()
        ingest.tidy()
    except OperationalError as error:
        logger.warning("sweep.put_off", extra={"error": type(error).__name__})
        return 0
    for run_id in waiting:
        ring(run_import, run_id)
    for export_id in unprinted:
        ring(run_export, export_id)
    return len(waiting) + len(unprinted)


@shared_task
def run_export(export_id: int) -> str:
    """Print one page for its owner."""
    state = printing.make(export_id)
    logger.info("export.ended", extra={"run": export_id, "state": state})
    return state


@shared_task
def the_night() -> int:
    """Begin the night when its time has come, and do whatever of it can be done."""
    try:
        return nights.tick()
    except OperationalError as error:
        logger.warning("night.put_off", extra={"error": type(error).__name__})
        return 0


@shared_task
def morning() -> int:
    """Mails of the day; each is a task of its own, so that none waits for another."""
    waiting = mails_of_the_morning()
    for mail in waiting:
        ring(send_mail, mail)
    return len(waiting)


@shared_task
def send_mail(mail: int) -> str:
    """Make one mail and hand it over."""
    return deliver(mail)


@shared_task
def begin() -> None:
    """A step of the first run, and the bell for the next."""
    if beginning.advance():
        ring(begin)
