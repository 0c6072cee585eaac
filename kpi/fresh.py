"""How old the data are, and how much of what came was accepted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi import words
from kpi.metric import Period
from kpi.models import DueDay, ImportRun
from kpi.result import Freshness
from kpi.version import current, known

LATE_AFTER_DAYS = 2


def freshness_of(
    period: Period, as_of: date, gap_days: frozenset[date], today: date | None = None, trouble: tuple[str, ...] = ()
) -> Freshness:
    """What the line at the top of the page says, and what a reader must be warned of: first what may not be trusted (kpi/doubts.py)."""
    seen = known("imports that ended", _read_runs)
    loaded: datetime | None = seen["last"]
    accepted = 1 - (seen["rejected"] or 0) / seen["lines"] if seen["lines"] else None
    data_to = as_of - timedelta(1) if loaded else None
    return Freshness(data_to, loaded, accepted, _text(data_to, loaded, accepted), (*trouble, *_warnings(period, data_to, gap_days, today)))


def _read_runs() -> dict[str, Any]:
    runs = ImportRun.objects.filter(state=ImportRun.State.DONE)
    return runs.aggregate(last=Max("finished_at"), lines=Sum("lines"), rejected=Sum("rejected"))


def _text(data_to: date | None, loaded: datetime | None, accepted: float | None) -> str:
    if data_to is None or loaded is None:
        return _("No data yet")
    when = f"{words.day(loaded.date())} {loaded:%H:%M} UTC"
    text = _("Data to %(day)s · loaded %(when)s") % {"day": words.day(data_to), "when": when}
    return text if accepted is None else text + " · " + _("%(share)s of rows accepted") % {"share": words.percent(accepted)}


def _warnings(period: Period, data_to: date | None, gap_days: frozenset[date], today: date | None) -> tuple[str, ...]:
    made = []
    age = ((today or timezone.now().date()) - data_to).days if data_to else 0
    if age > LATE_AFTER_DAYS:
        made.append(_("The last day loaded is %(n)s days ago.") % {"n": age})
    if gap_days:
        days = {"n": len(gap_days), "first": words.day(min(gap_days))}
        made.append(_("%(n)s days of this period have no data, the first is %(first)s.") % days)
    if data_to and period.end > data_to + timedelta(1):
        made.append(_("The period is not over: data end on %(day)s.") % {"day": words.day(data_to)})
    if _is_due():
        made.append(_("New data are being added up; figures may change in a moment."))
    return tuple(made)


def _is_due() -> bool:
    version = current()
    return not version.settled if version else DueDay.objects.filter(due__gt=F("done")).exists()
