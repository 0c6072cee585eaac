"""Whether the night is complete: every file that was sent is in, everything due is rolled up, and the check found no difference.

No digest leaves before that. The rows say it, never a clock.
"""

from __future__ import annotations

from datetime import date

from django.db.models import F
from django.utils import timezone

from kpi.models import DueDay, ImportRun, Night

IMPORTS, TOTALS, CHECK_MISSING, CHECK_DIFFERS = "imports", "totals", "check_missing", "check_differs"
OPEN = (ImportRun.State.QUEUED, ImportRun.State.RUNNING)


def today() -> date:
    return timezone.localdate()


def checked(differences: int) -> None:
    """The check of this day ended; a later one of the same day stands in its place."""
    Night.objects.update_or_create(day=today(), defaults={"checked_at": timezone.now(), "differences": differences})


def why_open(day: date) -> tuple[str, ...]:
    """What the night of this day still lacks, as codes; empty when it is complete."""
    found = []
    if ImportRun.objects.filter(state__in=OPEN).exists():
        found.append(IMPORTS)
    if DueDay.objects.filter(due__gt=F("done")).exists():
        found.append(TOTALS)
    differences = Night.objects.filter(day=day).values_list("differences", flat=True).first()
    if differences is None:
        found.append(CHECK_MISSING)
    elif differences:
        found.append(CHECK_DIFFERS)
    return tuple(found)
