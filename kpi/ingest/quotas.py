"""How much one sender may send: requests an hour, bytes a day. A sender is a token of a source or a user; counted as bytes arrive."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.ingest.runs import patiently
from kpi.models import SenderUse
from kpi.source import Refused

MB = 10**6
DAY = timedelta(days=1)
UPSERT = (
    "INSERT INTO kpi_senderuse (sender, hour, requests, bytes) VALUES (%s, %s, %s, %s) ON CONFLICT (sender, hour) DO UPDATE SET "
    "requests = kpi_senderuse.requests + excluded.requests, bytes = kpi_senderuse.bytes + excluded.bytes"
)


class TooMuch(Refused):
    """This sender has sent enough for now; `wait` seconds."""

    def __init__(self, text: str, wait: int) -> None:
        super().__init__(text)
        self.wait = wait


def admit(sender: str) -> None:
    """One request more of this sender. Refused where there were too many in this hour, or too many bytes in the last day."""
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    _add(sender, hour, 1, 0)
    asked = SenderUse.objects.filter(sender=sender, hour=hour).values_list("requests", flat=True).first() or 0
    if asked > settings.IMPORT_REQUESTS_PER_HOUR:
        wait = round((hour + timedelta(hours=1) - now).total_seconds())
        raise TooMuch(_("More than %(most)d files in one hour; nothing was kept.") % {"most": settings.IMPORT_REQUESTS_PER_HOUR}, wait)
    sent = SenderUse.objects.filter(sender=sender, hour__gt=now - DAY).aggregate(sum=Sum("bytes"))["sum"] or 0
    if sent >= settings.IMPORT_MB_PER_DAY * MB:
        raise TooMuch(_("More than %(most)d MB in one day; nothing was kept.") % {"most": settings.IMPORT_MB_PER_DAY}, 3600)


def count(sender: str, size: int) -> None:
    """Bytes that arrived, whatever became of them."""
    if size:
        _add(sender, timezone.now().replace(minute=0, second=0, microsecond=0), 0, size)


def _add(sender: str, hour: datetime, requests: int, size: int) -> None:
    adapted = connection.ops.adapt_datetimefield_value(hour)

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute(UPSERT, [sender, adapted, requests, size])

    patiently(write)
