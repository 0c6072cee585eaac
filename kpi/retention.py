"""Rows about single persons live only until their totals are final, and RETENTION_DAYS more; the totals stay.

A day is final 28 days after it (metrics.md G4). Only a day whose totals stand is forgotten: one that is due keeps its rows, is named
in the log, and has its turn after the next roll-up. The ledger remembers which days are forgotten, so that nothing is recomputed
from rows that are no longer there, and no file brings such a day back.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kpi import ledger, registry
from kpi.steps import step
from kpi.subject import Persons, Subject

FINAL_AFTER = timedelta(days=28)
BATCH = 28  # days in one transaction

logger = logging.getLogger(__name__)


def first_kept(today: date) -> date:
    """The oldest day whose rows are still kept."""
    return today - FINAL_AFTER - timedelta(settings.RETENTION_DAYS)


def forget() -> int:
    """Deletes whatever has outlived its retention, of every subject; the number of rows."""
    before = first_kept(timezone.localdate())
    return sum(_forget(subject, subject.persons, before) for subject in registry.subjects().values() if subject.persons)


def _forget(subject: Subject, persons: Persons, before: date) -> int:
    days = sorted(persons.days(before))
    deleted = sum(_forget_days(subject.key, persons, days[first : first + BATCH]) for first in range(0, len(days), BATCH))
    waiting = len(persons.days(before))
    if waiting:
        logger.warning("retention.waits", extra={"subject": subject.key, "days": waiting})
    if deleted:
        logger.info("retention.forgotten", extra={"subject": subject.key, "rows": deleted, "before": before.isoformat()})
    return deleted


@transaction.atomic
def _forget_days(key: str, persons: Persons, days: Sequence[date]) -> int:
    """Those of the days that are rolled up. Their versions step forward: whoever is still adding up what was read before is overtaken."""
    ledger.take_lock()
    standing = sorted(ledger.renewed(key, days))
    ledger.mark_forgotten(key, standing)
    step("forgotten days noted")
    return persons.delete(standing)
