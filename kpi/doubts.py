"""What may not be trusted at this moment, and why: a source that is late, totals that wait or differ, a night that failed.

It comes with time and not with data, so it is a part of the version an answer is made from (kpi/version.py). A figure over days in
doubt is not shown; days before them are as good as ever.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _

from kpi import ledger, night, registry, words
from kpi.lateness import Late, late_sources
from kpi.mapping import stored
from kpi.metric import Estimate, Family, Measure, Metric, Period, Status
from kpi.models import DataSource, ImportRun, Night
from kpi.reasons import SHORT
from kpi.timetable import day_of_night
from kpi.version import current

LATE, DIFFERS, BEHIND, FAILED, MISSED = "late", "differs", "behind", "failed", "missed"
REASONS = {LATE: "source:late", DIFFERS: "totals:differ", BEHIND: "totals:behind"}
FED_BY = timedelta(28)  # days in which a source shows which sites it feeds
OVERDUE = timedelta(hours=1)
DAY = timedelta(1)


@dataclass(frozen=True)
class Doubt:
    """`records` are kinds of record that are not whole from `start` on, `subjects` those whose totals are wrong ("" for all); neither:
    nothing is withheld. `sites` None: all; `end` None: to this day."""

    kind: str
    since: datetime | None = None
    start: date | None = None
    end: date | None = None
    records: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    sites: frozenset[int] | None = None
    source: str = ""
    source_site: int | None = None
    day: date | None = None  # of the night
    steps: tuple[str, ...] = ()

    def touches(self, period: Period, sites: frozenset[int]) -> bool:
        if self.kind not in REASONS or (self.start is None and self.kind == LATE):
            return False
        inside = (self.start is None or period.end > self.start) and (self.end is None or period.start < self.end)
        return inside and (self.sites is None or bool(self.sites & sites))

    def concerns(self, metric: Metric) -> bool:
        return any(map(self.counts_in, metric.measures))

    def counts_in(self, measure: Measure) -> bool:
        if measure.subject in self.subjects or "" in self.subjects:
            return True
        return bool(self.records and records_of(measure) & self.records)


def records_of(measure: Measure) -> frozenset[str]:
    """The kinds of record a measure is counted from."""
    subject = registry.subjects().get(measure.subject)
    columns = set(measure.value.meta.root_names())
    return frozenset(kind for kind, own in (subject.records.items() if subject else ()) if not own or own & columns)


_made: dict[str, tuple[int, tuple[Doubt, ...]]] = {}


def standing_doubts(version: str) -> tuple[Doubt, ...]:
    """Of this version and minute: read once in each process."""
    minute = int(time.time() // 60)
    if _made.get(version, (0,))[0] != minute:
        _made.clear()
        _made[version] = (minute, tuple(_find(timezone.now())))
    return _made[version][1]


def forget() -> None:
    """For tests, whose clock moves."""
    _made.clear()


def doubts() -> tuple[Doubt, ...]:
    """Those of the answer under way; outside of one there are none."""
    version = current()
    return version.doubts if version else ()


def _find(now: datetime) -> Iterator[Doubt]:
    for item in late_sources(now):
        yield _of(item)
    last = Night.objects.exclude(differences=None).first()
    if last and last.differences:
        yield from _differing(last.differs)
    yield from _of_the_night(now)


def _of(item: Late) -> Doubt:
    source, formats = stored.known(DataSource.objects.get(pk=item.pk)), registry.sources()
    also = (formats[key] for key in source.also if key in formats) if source else ()
    records = frozenset(each.stores for each in (source, *also) if each)
    sites = _fed_by(item, records) if item.from_day else None
    return Doubt(LATE, item.since, item.from_day, records=records, sites=sites, source=item.source, source_site=item.site)


def _fed_by(item: Late, records: frozenset[str]) -> frozenset[int] | None:
    """The sites its last records were about, where the records say so; None: any."""
    found: set[int] = set()
    for label in records:
        model: Any = apps.get_model(label)
        names = {field.name for field in model._meta.get_fields()}
        path = "site" if "site" in names else "team__site" if "team" in names else ""
        if not path or "day" not in names:
            return None
        assert item.from_day is not None
        rows = model._default_manager.filter(source=item.pk, day__gte=item.from_day - FED_BY)
        found |= set(rows.order_by().values_list(path, flat=True).distinct())
    return frozenset(found) or None


def _differing(differs: Mapping[str, Sequence[str]]) -> Iterator[Doubt]:
    for subject, (first, last) in differs.items():
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        yield Doubt(DIFFERS, start=start, end=None if end == date.max else end + DAY, subjects=frozenset({subject}))


def _of_the_night(now: datetime) -> Iterator[Doubt]:
    """The last one failed, or did not begin though it was to."""
    begins = night.slot().last(now)
    last = Night.objects.exclude(began_at=None).first()
    due = day_of_night(begins, night.slot().zone) if begins else None
    missed = begins is not None and due is not None and now - begins > OVERDUE and (last is None or last.day < due)
    if missed and ImportRun.objects.filter(created_at__lt=begins).exists():
        yield Doubt(MISSED, since=begins, day=due)
    if last is None or not (failed := night.failed(night.states(last.day))):
        return
    yield Doubt(FAILED, since=last.began_at, day=last.day, steps=tuple(failed))
    if "totals" in failed:
        for subject, days in ledger.due().items():
            if days:
                yield Doubt(BEHIND, start=min(days), end=max(days) + DAY, subjects=frozenset({subject}))


def withheld(estimate: Estimate, metric: Metric, period: Period, sites: frozenset[int]) -> Estimate:
    """The estimate, or what stands in its place where its days are in doubt."""
    if estimate.value is None:
        return estimate
    found = [REASONS[item.kind] for item in doubts() if item.touches(period, sites) and item.concerns(metric)]
    return Estimate(Status.INSUFFICIENT, reasons=tuple(dict.fromkeys(found))) if found else estimate


def whole_until(measure: Measure | None, end: date, sites: frozenset[int]) -> date:
    """The first day on which a measure is not whole, at most `end`."""
    if measure is None:
        return end
    late = [item for item in doubts() if item.kind == LATE and (item.sites is None or item.sites & sites)]
    return min([end, *(item.start for item in late if item.start and item.counts_in(measure))])


def sentences(sites: frozenset[int] | None) -> tuple[str, ...]:
    """What stands on the page, for a reader of these sites (None: all): what is wrong, since when, and what it means for which figures."""
    found = [item for item in doubts() if item.source_site is None or sites is None or item.source_site in sites]
    hidden = [replace(item, source="") for item in doubts() if item not in found]
    return tuple(dict.fromkeys(_sentence(item) for item in (*found, *hidden)))


def _sentence(item: Doubt) -> str:
    if item.kind == LATE:
        return _late(item)
    if item.kind == DIFFERS:
        return _("The nightly check found totals that a recomputation does not confirm: %(names)s are not shown for these days.") % {
            "names": _concerned(item)
        }
    if item.kind == BEHIND:
        said = {"names": _concerned(item), "day": words.day(item.start or date.min)}
        return _("New records are not added up yet: %(names)s are not shown for periods that hold them, from %(day)s on.") % said
    if item.kind == MISSED:
        return _("The night of %(day)s did not begin: figures are as old as the last one, and nothing of the day before was checked.") % {
            "day": words.day(item.day or date.min)
        }
    said = {"day": words.day(item.day or date.min), "steps": ", ".join(night.labels(item.steps))}
    return _("The night of %(day)s failed at: %(steps)s. No digest leaves before it is complete.") % said


def _late(item: Doubt) -> str:
    said = {"source": item.source, "names": _concerned(item), "since": f"{item.since:%H:%M} UTC" if item.since else ""}
    said["when"] = words.day(item.since.date()) if item.since else ""
    said["day"] = words.day(item.start) if item.start else ""
    if item.start is None:
        return _("The source %(source)s is late: nothing of it ever came.") % said if item.source else _("A source is late.")
    if not item.source:
        return _("A source is late since %(when)s, %(since)s: %(names)s are not shown for periods that go beyond %(day)s.") % said
    return _("The source %(source)s is late since %(when)s, %(since)s: %(names)s are not shown for periods that go beyond %(day)s.") % said


def _concerned(item: Doubt) -> str:
    """The four that are concerned, a saving also where a companion of it is."""
    heads = [metric for metric in registry.metrics().values() if metric.headline]
    found = [metric for metric in heads if item.concerns(metric)]
    if any(metric.key in SHORT for metric in found):
        found += [metric for metric in heads if metric.family is Family.SAVINGS and metric not in found]
    return ", ".join(str(metric.label) for metric in found) or _("figures made of it")
