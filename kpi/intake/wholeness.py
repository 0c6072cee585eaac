"""Whether every day is whole: records of each day against what is usual on its weekday, and contacts against the vendor's own totals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.apps import apps
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi import words
from kpi.mapping import stored
from kpi.models import DataSource, Interaction, VendorTotal
from kpi.version import known

DAYS, BEFORE = 28, 56  # days that are judged; days before from which "usual" is known as well
USUAL = 10  # fewer than this on a usual day: an empty one says nothing
HALF = 0.5
LIMIT = 0.02  # policy: beyond it a day of ours differs from the vendor's
CONTACTS = "kpi.Interaction"
MOMENTS = {"kpi.CustomerAnswer": "answered_at", "kpi.Invitation": "sent_at", "kpi.QualityReview": "reviewed_at"}
COUNTED = frozenset({CONTACTS, *MOMENTS})  # of other records the days of a few people would be told
TALL = 30  # of a bar


@dataclass(frozen=True)
class DayLine:
    """One day of a source. `said` is empty where nothing is wrong."""

    day: date
    rows: int | None  # None: not told
    usual: int | None
    said: str
    x: int = 0
    tall: int = 0

    @property
    def y(self) -> int:
        """Where its bar begins, from above."""
        return TALL - self.tall


@dataclass(frozen=True)
class SourceDays:
    """The last days of one source."""

    key: str
    days: Sequence[DayLine]

    @property
    def wrong(self) -> list[DayLine]:
        return [line for line in self.days if line.said]

    @property
    def whole(self) -> int:
        return len(self.days) - len(self.wrong)


@dataclass(frozen=True)
class Against:
    """One day of ours beside the vendor's."""

    day: date
    ours: int
    theirs: int
    share: str
    beyond: bool

    @property
    def difference(self) -> str:
        """With its sign; empty where there is none."""
        found = self.ours - self.theirs
        return ("+" if found > 0 else "−") + words.number(abs(found)) if found else ""


def completeness(today: date | None = None) -> list[SourceDays]:
    """Of every source whose records belong to days, those people answered about themselves excepted."""
    end = today or timezone.localdate()
    counted: Mapping[str, tuple[bool, Mapping[date, int]]] = known(("rows by day", end), lambda: _count(end))
    return [SourceDays(key, _lines(days, end, told)) for key, (told, days) in counted.items() if days]


def _count(end: date) -> dict[str, tuple[bool, dict[date, int]]]:
    start = end - timedelta(DAYS + BEFORE)
    read = {item: stored.known(item) for item in DataSource.objects.order_by("key")}
    stores = {item: source.stores for item, source in read.items() if source and not source.private}
    return {item.key: (label in COUNTED, _rows(item, label, start, end)) for item, label in stores.items()}


def _rows(source: DataSource, label: str, start: date, end: date) -> dict[date, int]:
    model: Any = apps.get_model(label)
    rows = model._default_manager.filter(source=source.pk)
    if moment := MOMENTS.get(label):
        rows = rows.filter(**{f"{moment}__date__gte": start, f"{moment}__date__lt": end}).annotate(on=TruncDate(moment)).values("on")
    elif any(field.name == "day" for field in model._meta.get_fields()):
        rows = rows.filter(day__gte=start, day__lt=end).values("day")
    else:
        return {}
    return {next(value for key, value in row.items() if key != "n"): row["n"] for row in rows.annotate(n=Count("pk")).order_by()}


def _lines(counts: Mapping[date, int], end: date, told: bool) -> list[DayLine]:
    by_weekday: dict[int, list[date]] = defaultdict(list)
    for day in sorted(counts):
        by_weekday[day.weekday()].append(day)
    days = [end - timedelta(back) for back in range(DAYS, 0, -1)]
    most = max([*(counts.get(day, 0) for day in days), 1])
    lines = [_line(day, counts, by_weekday[day.weekday()], place, most) for place, day in enumerate(days)]
    return lines if told else [_untold(line) for line in lines]


def _line(day: date, counts: Mapping[date, int], alike: Sequence[date], place: int, most: int) -> DayLine:
    """Usual is the median of the same weekday before, without the day itself."""
    before = [counts[other] for other in alike if other < day]
    usual = round(median(before)) if len(before) > 1 else None
    rows = counts.get(day, 0)
    return DayLine(day, rows, usual, _said(rows, usual), place * 10, round(TALL * rows / most))


def _untold(line: DayLine) -> DayLine:
    """How many were at work on a day would tell who was away: only that a day is not whole."""
    said = (_("fewer than half of what is usual") if line.rows else _("nothing came")) if line.said else ""
    return DayLine(line.day, None, None, said, line.x, 0 if line.said or not line.rows else TALL)


def _said(rows: int, usual: int | None) -> str:
    if usual is None or usual < USUAL:
        return ""
    if not rows:
        return _("nothing came, usually %(usual)s") % {"usual": words.number(usual)}
    return _("%(rows)s, usually %(usual)s") % {"rows": words.number(rows), "usual": words.number(usual)} if rows < usual * HALF else ""


def against_vendors() -> list[tuple[str, list[Against]]]:
    """The latest days for which a vendor's totals were entered, by source."""
    found = []
    for source in DataSource.objects.filter(vendor_totals__isnull=False).distinct().order_by("key"):
        theirs = dict(VendorTotal.objects.filter(source=source).order_by("-day").values_list("day", "contacts")[:DAYS])
        counted = Interaction.objects.filter(source=source.pk, day__in=list(theirs)).values("day").annotate(n=Count("pk")).order_by()
        ours = {row["day"]: row["n"] for row in counted}
        found.append((source.key, [_against(day, ours.get(day, 0), total) for day, total in theirs.items()]))
    return found


def _against(day: date, ours: int, theirs: int) -> Against:
    off = abs(ours - theirs) / theirs if theirs else float(ours > 0)
    return Against(day, ours, theirs, words.percent(off), off > LIMIT)


def may_be_held_against() -> list[DataSource]:
    """Sources whose records are contacts."""
    return list(DataSource.objects.filter(pk__in=stored.origins_of(CONTACTS)).order_by("key"))
