"""Evaluates the rules about pairs at the end of the night, for the company, each site and each team, and keeps every change.

A rule looks at panels and figures of pages alone, so what is protected or withheld there is neither seen nor told here. Rows of
alerts hold states and dates, never a figure.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kpi import gaps, registry, rights
from kpi.alert import Memory, Rule, Said, Sight, State, acknowledged, evaluated
from kpi.comparable import a_year_earlier
from kpi.compare import compared
from kpi.metric import Family, Period
from kpi.models import Alert, AlertChange, Site, Team
from kpi.models.alert import NOTE
from kpi.panel import data_as_of
from kpi.result import Change, Column, Query, Result, Scope, Viewer
from kpi.sheet import build_figures
from kpi.sight import build_beside, build_four
from kpi.steps import step
from kpi.version import one_version

logger = logging.getLogger(__name__)

WEEKS = 13  # the period a page opens with
WEEK = timedelta(weeks=1)
TOLD_FOR = timedelta(days=2)  # a change older than this is no longer mailed
EVERYBODY = Viewer("executive")  # whose rights decide nothing here: a figure of a unit is the same for all who may see it
ALL, SITE, TEAM = "all", "site", "team"
FAILED = "computation:failed"
Unit = tuple[str, int]


def scope_of(unit: Unit) -> Scope:
    dimension, member = unit
    if dimension == SITE:
        return Scope(site=member)
    return Scope(teams=frozenset({member})) if dimension == TEAM else Scope()


def query_of(unit: Unit, as_of: date) -> Query:
    """The question a page of this unit opens with."""
    end = as_of - timedelta(as_of.weekday())
    period = Period(end - WEEKS * WEEK, end)
    return Query(period, scope_of(unit), a_year_earlier(period), "year", f"{WEEKS}w")


def units() -> Iterator[Unit]:
    """The company, every site, every team that is at work."""
    yield ALL, 0
    yield from ((SITE, pk) for pk in Site.objects.order_by("pk").values_list("pk", flat=True))
    yield from ((TEAM, pk) for pk in Team.objects.filter(active=True).order_by("pk").values_list("pk", flat=True))


def watch() -> int:
    """Every rule over every unit; how many changed their state. A unit new to the alerts is also judged as it stood a week before,
    so that what has lasted for long is told on the first night."""
    with one_version():
        as_of = data_as_of()
        changed = sum(_watch_unit(unit, as_of) for unit in units()) if as_of else 0
    logger.info("alerts.evaluated", extra={"changed": changed})
    return changed


def _watch_unit(unit: Unit, as_of: date) -> int:
    rules = registry.rules()
    known = set(Alert.objects.filter(dimension=unit[0], member=unit[1]).values_list("rule", flat=True))
    changed = 0
    first = gaps.first_day() or as_of
    for day in (as_of - WEEK, as_of) if set(rules) - known else (as_of,):
        if query_of(unit, day).period.start < first:
            continue
        sight = look(EVERYBODY, query_of(unit, day), list(rules.values()))
        step("unit looked at")
        changed += sum(_keep(rule, unit, _judged(rule, sight), day) for rule in rules.values()) if sight else 0
    return changed


def _judged(rule: Rule, sight: Sight) -> Said:
    """A rule that fails says nothing, and keeps no other from being heard."""
    try:
        return rule.judge(sight)
    except Exception as error:
        logger.error("rule.failed", extra={"rule": rule.key, "error": type(error).__name__}, exc_info=error)
        return Said.UNKNOWN


def look(viewer: Viewer, query: Query, rules: Sequence[Rule]) -> Sight | None:
    """What the rules need of one unit; None where a figure could not be computed, so that a failure says nothing."""
    panel = build_four(viewer, query)
    other = panel.query.comparison
    before = build_four(viewer, replace(query, period=other, comparison=None, comparison_key="none")) if other else None
    then = [column.result for column in before.columns] if before else []
    figures, earlier = _figures(viewer, panel.query, _further(rules))
    shown = [*(column.result for column in panel.columns), *(column.result for column in figures.values()), *then, *earlier]
    if any(FAILED in result.reasons for result in shown):
        logger.error("alerts.failed", extra={"unit": "team" if query.scope.teams else "site" if query.scope.site else "all"})
        return None
    return Sight(panel, (*then, *earlier), figures)


def _further(rules: Sequence[Rule]) -> list[str]:
    """Figures that are none of the four."""
    metrics = registry.metrics()
    named = dict.fromkeys(key for rule in rules for key in (rule.figure, *rule.companions))
    return [key for key in named if key in metrics and not metrics[key].headline]


def _figures(viewer: Viewer, query: Query, keys: Sequence[str]) -> tuple[dict[str, Column], list[Result]]:
    """Now with their change, and in the period compared with. A saving is gated by the four, as on its page, and has no change."""
    metrics = registry.metrics()
    plain = [key for key in keys if metrics[key].family is not Family.SAVINGS]
    now = build_figures(viewer, query, plain)
    then = build_figures(viewer, replace(query, period=query.comparison, comparison=None), plain) if query.comparison else {}
    found = {key: Column(result, compared(result, then.get(key))) for key, result in now.items()}
    savings = build_beside(viewer, replace(query, comparison=None, comparison_key="none"), [key for key in keys if key not in plain])
    found |= {key: Column(result, Change(direction="unknown")) for key, result in savings.items()}
    return found, list(then.values())


def _keep(rule: Rule, unit: Unit, said: Said, as_of: date) -> int:
    """The evaluation, and the change where there is one; 1 for a change."""
    now = timezone.now()
    alert, _made = Alert.objects.get_or_create(rule=rule.key, dimension=unit[0], member=unit[1], defaults={"since": now})
    with transaction.atomic():
        row = Alert.objects.select_for_update().get(pk=alert.pk)
        if row.as_of is not None and row.as_of > as_of:
            return 0  # a slower run of an earlier night
        was = Memory(State(row.state), Said(row.said), Said(row.said_before), row.as_of)
        after = evaluated(was, said, as_of)
        row.said, row.said_before, row.as_of, row.evaluated_at = after.said, after.said_before, after.as_of, now
        row.save(update_fields=["said", "said_before", "as_of", "evaluated_at"])
        return int(after.state is not was.state and _change(row, after.state))


def _change(row: Alert, after: State, username: str = "", note: str = "") -> bool:
    """The next state and its line in the history, together; False where somebody else changed it meanwhile."""
    now = timezone.now()
    mine = Alert.objects.filter(pk=row.pk, state=row.state, changes_count=row.changes_count)
    if not mine.update(state=after, since=now, changes_count=F("changes_count") + 1):
        return False
    AlertChange.objects.create(
        alert=row, number=row.changes_count + 1, before=row.state, after=after, at=now, as_of=row.as_of, username=username, note=note
    )
    logger.info("alert.changed", extra={"alert": row.pk, "rule": row.rule, "state": str(after)})
    return True


@transaction.atomic
def acknowledge(alert: int, username: str, note: str) -> bool:
    """Somebody takes a firing alert on; False where it does not fire any more."""
    row = Alert.objects.select_for_update().get(pk=alert)
    after = acknowledged(State(row.state))
    return after is not None and _change(row, after, username, note.strip()[:NOTE])


@dataclass(frozen=True)
class Seen:
    """An alert as a reader may see it. No figure is in it: the panel of its unit is asked for with `query`."""

    alert: Alert
    rule: Rule
    query: Query
    unit: str  # its name; empty for the company
    site: int | None  # of the unit, or of its team


def seen_by(viewer: Viewer, alerts: Sequence[Alert]) -> list[Seen]:
    """Those about units the reader may see: of the others not even that they are there."""
    as_of, rules = data_as_of(), registry.rules()
    names = {SITE: dict(Site.objects.values_list("pk", "name")), TEAM: dict(Team.objects.values_list("pk", "name"))}
    site_of = dict(Team.objects.values_list("pk", "site"))
    found = []
    for alert in alerts:
        unit = (alert.dimension, alert.member)
        if as_of is None or alert.rule not in rules or not may_see(viewer, unit):
            continue
        site = {SITE: alert.member, TEAM: site_of.get(alert.member)}.get(alert.dimension)
        found.append(Seen(alert, rules[alert.rule], query_of(unit, as_of), names.get(unit[0], {}).get(unit[1], ""), site))
    return found


def may_see(viewer: Viewer, unit: Unit) -> bool:
    """Rights of this very moment, over the unit as a page would ask for it."""
    try:
        rights.grant(viewer, scope_of(unit))
    except rights.NotAllowed:
        return False
    return True
