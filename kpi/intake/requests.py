"""One request of a sender: the same key with the same bytes is the same run, however often and however close together it comes."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kpi import ingest, tasks
from kpi.ingest.receiving import Arrived, refuse_too_many
from kpi.ingest.runs import patiently
from kpi.models import ImportRequest, ImportRun, ImportToken
from kpi.source import Refused

LONGEST_KEY = 255


class Conflict(Refused):
    """The key was used for another file."""


def take(token: ImportToken, arrived: Arrived, key: str) -> ImportRun:
    """The run of these bytes. Raises Conflict for a key that stands for others, TooMany where too much waits already.

    The key is claimed before the run is opened: of two senders with one key and two files, one is refused and leaves no run. A crash in
    between leaves a key without a run, and the sender, who got no answer, opens it with the next try.
    """
    claimed = _claimed(token, key, arrived.checksum) if key else None
    if claimed and claimed.run_id:
        ingest.discard(arrived.path)
        return claimed.run  # type: ignore[return-value]
    run = _opened(token, arrived)
    if claimed:
        patiently(lambda: ImportRequest.objects.filter(pk=claimed.pk, run=None).update(run=run))
    return run


def _claimed(token: ImportToken, key: str, checksum: str) -> ImportRequest:
    try:
        return patiently(lambda: _claim(token, key, checksum))
    except IntegrityError:
        known = ImportRequest.objects.select_related("run").get(token=token, key=key)
    if known.checksum != checksum:
        raise Conflict(_("This Idempotency-Key was used for another file. Send this one with a key of its own."))
    return known


def _claim(token: ImportToken, key: str, checksum: str) -> ImportRequest:
    with transaction.atomic():
        return ImportRequest.objects.create(token=token, key=key, checksum=checksum)


def _opened(token: ImportToken, arrived: Arrived) -> ImportRun:
    refuse_too_many(token.source)
    run, existed = ingest.open_run(arrived.path, token.source.key)
    if existed:
        ingest.discard(arrived.path)
    else:
        tasks.ring(tasks.run_import, run.pk)
    return run
