"""Traces of who did what live as long as was promised, and no longer: each kind has its days, and the night deletes what outlived them.

Traces are about readers and senders, or hold cells of rows that were never stored. No figure is made of any of them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from kpi.models import ImportRequest, ListOpened, RejectedRow, SenderUse, Sending

logger = logging.getLogger(__name__)
Late = Callable[[datetime], QuerySet[Any]]

# What is deleted: its name in the log, the setting with its days, and the rows that are older than a moment.
KINDS: tuple[tuple[str, str, Late], ...] = (
    ("lists_opened", "LOOKS_KEPT_DAYS", lambda before: ListOpened.objects.filter(opened_at__lt=before)),
    ("mails", "MAILS_KEPT_DAYS", lambda before: Sending.objects.filter(ended_at__lt=before)),
    ("rejected_rows", "REJECTED_KEPT_DAYS", lambda before: RejectedRow.objects.filter(run__finished_at__lt=before)),
    ("idempotency_keys", "REQUESTS_KEPT_DAYS", lambda before: ImportRequest.objects.filter(created_at__lt=before)),
    ("senders", "REQUESTS_KEPT_DAYS", lambda before: SenderUse.objects.filter(hour__lt=before)),
    ("log_ins", "LOGINS_KEPT_DAYS", lambda before: AccessLog.objects.filter(attempt_time__lt=before)),
    ("log_ins_refused", "LOGINS_KEPT_DAYS", lambda before: AccessAttempt.objects.filter(attempt_time__lt=before)),
    ("log_ins_failed", "LOGINS_KEPT_DAYS", lambda before: AccessFailureLog.objects.filter(attempt_time__lt=before)),
)


def forget() -> int:
    """Deletes whatever outlived its days, and sessions that are over; the number of rows, sessions not counted."""
    now, deleted = timezone.now(), 0
    for name, setting, late in KINDS:
        rows = late(now - timedelta(getattr(settings, setting))).delete()[0]
        if rows:
            logger.info("traces.forgotten", extra={"kind": name, "rows": rows})
        deleted += rows
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return deleted
