"""Keeps what was published, and appends a new revision where a later night finds another value (metrics.md G4, G5).

Published are the four of the company, every site and every team, over the last 4 and 13 whole weeks up to each week whose outcomes are in
(14 days after its end). They are taken from the panel itself, so they are protected and gated as a page is, and always all four together.
A night that is run twice, or ends half-way, appends nothing twice: the ledger (`PublishedWeek`) says from which data a week was worked out.
"""

from __future__ import annotations

import hashlib
import logging
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from auditlog.models import LogEntry
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Sum
from django.utils import timezone

from kpi import doubts, gaps, ledger, registry
from kpi.balance import Four
from kpi.metric import Metric, Period
from kpi.models import DueDay, Publication, PublishedValue, PublishedWeek, Site
from kpi.models.published import TOLD
from kpi.panel import build_panel, data_as_of
from kpi.restatement import Action, decide
from kpi.result import Panel, Query, Result, Scope, Viewer
from kpi.steps import step
from kpi.version import one_version

logger = logging.getLogger(__name__)

STANDARD_WEEKS = (4, 13)  # the shortest stretch a saving is estimated on, which the trends are drawn in; and the period a page opens with
MATURE_AFTER = timedelta(14)  # G4: W + 7 days; answers are in after 7
BACKCAST = timedelta(weeks=57)  # G5: 13 months
EVERYBODY = Viewer("executive")  # whose rights decide nothing here: a figure of a unit is the same for all who may see it
SUBJECT = "published"  # in the ledger of days: whatever is remembered of a page is out of date once a value was restated
UNRELATED = (
    "annotation",
    "holiday",
    "membership",
    "datasource",
    "importrun",
    "rejectedrow",
    "user",
    "group",
)  # edits that change no figure
SAME = 1e-9
Unit = tuple[str, int]


@dataclass(frozen=True)
class Night:
    """What one run did. Values of a saving are in none of these counts."""

    weeks: int = 0  # weeks that were worked out
    first: int = 0  # units and periods published for the first time
    revised: int = 0  # units and periods of which a new revision was appended
    waiting: int = 0  # weeks with days that are not rolled up yet

    def __add__(self, other: Night) -> Night:
        return Night(self.weeks + other.weeks, self.first + other.first, self.revised + other.revised, self.waiting + other.waiting)


def never_published(end: date) -> bool:
    """Whether this week was never worked out to its end."""
    return not PublishedWeek.objects.filter(end=end).exclude(inputs="").exists()


def published_before(end: date) -> bool:
    return not never_published(end)


def publish(progress: Callable[[int, int], None] | None = None, which: Callable[[date], bool] = lambda _end: True) -> Night:
    """Every mature week whose data or settings changed since it was last worked out; of those `which` takes."""
    weeks, night = [end for end in mature_weeks() if which(end)], Night()
    for done, end in enumerate(weeks, 1):
        night += _publish_week(end)
        if progress:
            progress(done, len(weeks))
    if night.first or night.revised or night.waiting:
        logger.info("publishing.ended", extra={"first": night.first, "revised": night.revised, "waiting": night.waiting})
    return night


def mature_weeks() -> list[date]:
    """First days after the weeks that are complete and mature, oldest first, 13 months back."""
    as_of, first = data_as_of(), gaps.first_day()
    if as_of is None or first is None:
        return []
    last = as_of - MATURE_AFTER
    last -= timedelta(last.weekday())
    earliest = max(first + timedelta(weeks=min(STANDARD_WEEKS)), as_of - BACKCAST)
    count = (last - earliest).days // 7 + 1 if last >= earliest else 0
    return [last - timedelta(weeks=back) for back in range(count - 1, -1, -1)]


def _publish_week(end: date) -> Night:
    PublishedWeek.objects.get_or_create(end=end)
    before = PublishedWeek.objects.get(end=end)
    inputs = _inputs(end)
    if before.inputs == inputs:
        return Night()
    if any(day < end for days in ledger.due().values() for day in days) or _in_doubt(end):
        return Night(waiting=1)
    found = [(unit, period, four) for period in _periods(end) for unit, four in _everybody(period)]
    if any("computation:failed" in result.reasons for _, _, four in found for result in four):
        logger.error("publishing.failed", extra={"week": end.isoformat()})
        return Night(waiting=1)
    step("week worked out")
    return _keep(before, inputs, found)


def _in_doubt(end: date) -> bool:
    """Whether a figure of the week would be withheld because a source is late or totals differ: what is published stands for ever."""
    sites = frozenset(Site.objects.values_list("pk", flat=True))
    with one_version():
        return any(doubt.touches(period, sites) for doubt in doubts.doubts() for period in _periods(end))


def _inputs(end: date) -> str:
    """Another text once anything before `end` is loaded, rolled up or signed anew, or a definition changes."""
    rows = DueDay.objects.filter(day__lt=end).exclude(subject=SUBJECT)
    found = rows.aggregate(n=Count("day"), due=Sum("due"), done=Sum("done"), forgotten=Count("forgotten_at"))
    gone = found["forgotten"]  # forgetting a day steps both versions forward by one and changes no total
    days = (found["n"], (found["due"] or 0) - gone, (found["done"] or 0) - gone)
    signed = LogEntry.objects.exclude(content_type__model__in=UNRELATED).aggregate(last=Max("id"))
    versions = sorted((metric.key, metric.version) for metric in registry.metrics().values())
    return hashlib.sha256(repr((days, signed, versions, settings.WELLBEING_MIN_GROUP)).encode()).hexdigest()


def _periods(end: date) -> list[Period]:
    first = gaps.first_day() or end
    return [Period(start, end) for weeks in STANDARD_WEEKS if (start := end - timedelta(weeks=weeks)) >= first]


def _everybody(period: Period) -> Iterator[tuple[Unit, Four]]:
    """The four of every unit, as its page shows them."""
    company = build_panel(EVERYBODY, Query(period))
    yield ("all", 0), _four(company)
    for site in Site.objects.values_list("pk", flat=True):
        yield ("site", site), _four(build_panel(EVERYBODY, Query(period, Scope(site=site))))
    for row in company.teams:
        yield ("team", row.team), _results([column.result for column in row.columns])


def _four(panel: Panel) -> Four:
    return _results([column.result for column in panel.columns])


def _results(found: Sequence[Result]) -> Four:
    """ValueError for a saving without its companions: it is neither shown nor stored."""
    if found[3].value is not None and any(result.value is None for result in found[:3]):
        raise ValueError("a saving is stored beside its three companions only")
    return found[0], found[1], found[2], found[3]


@transaction.atomic
def _keep(before: PublishedWeek, inputs: str, found: Sequence[tuple[Unit, Period, Four]]) -> Night:
    """All units of a week or none; nothing if another run was quicker, or the data moved on meanwhile."""
    mine = PublishedWeek.objects.filter(end=before.end, inputs=before.inputs).update(inputs=inputs, checked_at=timezone.now())
    if not mine or _inputs(before.end) != inputs:
        transaction.set_rollback(True)
        return Night(waiting=1)
    latest = _latest(before.end)
    night = Night(weeks=1)
    for unit, period, four in found:
        night += _append(unit, period, four, latest.get((*unit, period.start)))
        step("values published")
    if night.revised:
        ledger.mark_due(SUBJECT, [before.end])
        ledger.all_done(SUBJECT, ledger.versions(SUBJECT, [before.end]))
    return night


@dataclass(frozen=True)
class Last:
    """The latest revision of a unit and period, with the value each metric was last announced with."""

    publication: Publication
    values: dict[str, PublishedValue]

    def announced(self, metric: str) -> PublishedValue | None:
        value = self.values.get(metric)
        return value if value is None or value.action in ("", *TOLD) else value.was


def _latest(end: date) -> dict[tuple[str, int, date], Last]:
    found: dict[tuple[str, int, date], Last] = {}
    for publication in Publication.objects.filter(end=end).order_by("revision").prefetch_related("values__was"):
        key = (publication.dimension, publication.member, publication.start)
        found[key] = Last(publication, {value.metric: value for value in publication.values.all()})
    return found


def _append(unit: Unit, period: Period, four: Four, last: Last | None) -> Night:
    """The first revision, one more where something differs, or nothing."""
    if last is None:
        _write(Publication(**_unit(unit, period), data_as_of=four[0].data_as_of), four, None)
        return Night(first=1)
    actions = {result.metric: _action(result, last) for result in four}
    if all(action is Action.NO_CHANGE for action in actions.values()):
        return Night()
    revised = Publication(
        **_unit(unit, period), data_as_of=four[0].data_as_of, revision=last.publication.revision + 1, **_why(actions, last, period.end)
    )
    _write(revised, four, (actions, last))
    return Night(revised=1)


def _unit(unit: Unit, period: Period) -> dict[str, object]:
    return {"dimension": unit[0], "member": unit[1], "start": period.start, "end": period.end}


def _action(result: Result, last: Last) -> Action:
    """G5, against what was last announced; nothing where not even the stored figure differs from the latest."""
    stored, announced = last.values.get(result.metric), last.announced(result.metric)
    if stored is None or announced is None or _same(stored, result):
        return Action.NO_CHANGE
    half = None if announced.low is None or announced.high is None else abs(announced.high - announced.low) / 2
    return decide(
        announced.value,
        result.value,
        ci_half_width=half,
        days_since_period_end=(result.data_as_of - result.period_end).days,
        definition_changed=stored.definition_version != result.definition_version,
        unit=_metric(result).unit,
    )


def _metric(result: Result) -> Metric:
    return registry.metrics()[result.metric]


def _same(stored: PublishedValue, result: Result) -> bool:
    pairs = [(stored.value, result.value), (stored.low, result.low), (stored.high, result.high), (stored.n, result.n)]
    alike = all(a is b or (a is not None and b is not None and math.isclose(a, b, rel_tol=SAME, abs_tol=SAME)) for a, b in pairs)
    return alike and stored.definition_version == result.definition_version


def _why(actions: dict[str, Action], last: Last, end: date) -> dict[str, object]:
    """A new definition, else the days whose records changed since, else what was signed."""
    if Action.SERIES_BREAK in actions.values():
        return {"reason": Publication.Reason.DEFINITION}
    since = last.publication.published_at
    days = DueDay.objects.filter(day__lt=end, done_at__gte=since, forgotten_at=None).exclude(subject=SUBJECT).values_list("day", flat=True)
    if not days:
        return {"reason": Publication.Reason.SETTINGS}
    return {"reason": Publication.Reason.DATA, "changed_from": min(days), "changed_to": max(days)}


def _write(publication: Publication, four: Four, revised: tuple[dict[str, Action], Last] | None) -> None:
    publication.save(force_insert=True)
    for result in four:
        action, was = ("", None) if revised is None else (revised[0][result.metric], revised[1].announced(result.metric))
        PublishedValue(
            publication=publication,
            metric=result.metric,
            status=result.status,
            value=result.value,
            low=result.low,
            high=result.high,
            n=result.n,
            definition_version=result.definition_version,
            action=action if was is not None else "",
            was=was,
        ).save(force_insert=True)
