"""Carry one run to its end: claim, store, and say in words what went wrong."""

from __future__ import annotations

import logging
import time
import traceback
from datetime import UTC, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.ingest import inbox, runs, saying
from kpi.ingest.errors import is_interrupted, said_of
from kpi.ingest.outcome import Outcome, Report, silent
from kpi.ingest.reject import stored_rejected
from kpi.ingest.saying import told
from kpi.ingest.storing import store_claimed
from kpi.models import ImportRun
from kpi.sentences import Count
from kpi.source import Fates

SECOND = timedelta(seconds=1)  # a lease is shown without its fraction: never too early
PAUSES = (1, 3, 9)  # seconds before an import by hand tries again while the database is away

logger = logging.getLogger(__name__)


def same(run: ImportRun) -> Outcome:
    """The answer to a file that was sent before. Only a run that is done has stored it."""
    if run.state == ImportRun.State.RUNNING:
        until = f"{(run.lease_until or timezone.now()).astimezone(UTC) + SECOND:%H:%M:%S}"
        message = _("same file as run %(run)s: run %(run)s is running or was interrupted; try again after %(until)s UTC.")
        return Outcome("running", message % {"run": run.pk, "until": until}, run=run.pk)
    if run.state == ImportRun.State.QUEUED:
        return Outcome("queued", _("same file as run %(run)s, which is queued already.") % {"run": run.pk}, run=run.pk)
    if run.state != ImportRun.State.DONE:
        facts = {"run": run.pk, "state": run.get_state_display(), "message": told(run)}
        return Outcome("failed", _("same file as run %(run)s, which is %(state)s: %(message)s") % facts, run=run.pk)
    fates = Fates(run.lines, 0, 0, run.new + run.changed + run.unchanged, run.repeated, run.rejected, run.joined)
    message = _("same file as run %(run)s: 0 new, 0 changed, %(unchanged)s unchanged") % {
        "run": run.pk,
        "unchanged": Count(fates.unchanged),
    }
    return Outcome("same", message, fates, run.pk, stored_rejected(run.pk), _again(run.facts))


def _again(facts: dict[str, Any]) -> dict[str, Any]:
    """What is known of a file, said of its second time: no code is new any more, and no record of a further kind."""
    also = {key: _nothing_new(found) for key, found in facts.get("also", {}).items()}
    return {key: value for key, value in facts.items() if key not in {*saying.NEW, "also"}} | ({"also": also} if also else {})


def _nothing_new(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "new": 0, "changed": 0, "unchanged": found["new"] + found["changed"] + found["unchanged"]}


def store(run_id: int, report: Report = silent) -> Outcome:
    """Claim and store. An error fails the run with a sentence; a database that went away leaves it to the next bell."""
    attempt = runs.claim(run_id)
    if attempt is None:
        return taken(run_id)
    try:
        run = ImportRun.objects.select_related("source__site").get(pk=run_id)
        outcome = store_claimed(run, attempt, report)
    except runs.Lost:
        return taken(run_id)
    except Exception as error:
        return _stopped(run_id, attempt, error)
    inbox.discard(run.path)
    return outcome


def taken(run_id: int) -> Outcome:
    run = ImportRun.objects.filter(pk=run_id).first()
    state = run.state if run else "gone"
    return Outcome("taken", f"taken: run {run_id} is {state}", run=run_id)


def store_patiently(run_id: int, report: Report = silent) -> Outcome:
    """As `store`, but wait for a database that went away: for a person at the keyboard."""
    for pause in PAUSES:
        outcome = store(run_id, report)
        if outcome.state != "interrupted":
            return outcome
        time.sleep(pause)
    return store(run_id, report)


def _stopped(run_id: int, attempt: int, error: Exception) -> Outcome:
    said = said_of(error)
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{where.filename}:{where.lineno}"
    logger.error("import.stopped", extra={"run": run_id, "attempt": attempt, "error": type(error).__name__, "at": place})
    interrupted = is_interrupted(error)
    try:
        if interrupted:
            connection.close()
            runs.release(run_id, attempt)
        else:
            runs.fail(run_id, attempt, said)
    except Exception as second:  # the database cannot even take this note: the lease runs out and the sweep sees to it
        logger.error("import.not_closed", extra={"run": run_id, "error": type(second).__name__})
    if interrupted:
        return Outcome("interrupted", "The database went away; the import goes on when it is back.", run=run_id)
    return Outcome("failed", str(said), run=run_id)
