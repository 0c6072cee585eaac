"""Targets beside the figures they are about: in words and as a band, never as a colour, and a saving never by itself.

A target is for the company, one site or one team as a whole: under a filter by queue or channel, or of several teams, there is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from kpi import registry, words
from kpi.metric import Family, Unit
from kpi.models import Target
from kpi.plans.targets import Figure, Range, State, band, judge, range_text, told
from kpi.result import Aim, Column, Query, Result, Scope
from kpi.version import known

Place = tuple[int | None, int | None]  # site, team
Newest = Mapping[tuple[str, Place], Sequence[Target]]
FLOORS = {"csat": "csat_floor", "agent_wellbeing_index": "awi_floor", "resolution_quality": "rq_floor"}


def with_aims(columns: Sequence[Column], scope: Scope, query: Query, beside: Sequence[Column] = ()) -> list[Column]:
    """The columns, each with the target in force on the last day of the period. `beside`: the four a saving is judged with."""
    place = place_of(scope)
    if place is None:
        return list(columns)
    last = query.period.end - timedelta(days=1)
    return [replace(column, aim=_aim(column.result, in_force(column.result.metric, place, last), beside or columns)) for column in columns]


def with_team_aims(columns: Sequence[Column], team: int) -> list[Column]:
    """The four of a whole team, each with the team's own target on the last day they speak of."""
    day = [column.result.period_end - timedelta(days=1) for column in columns]
    found = [in_force(column.result.metric, (None, team), last) for column, last in zip(columns, day, strict=True)]
    return [replace(column, aim=_aim(column.result, target, columns)) for column, target in zip(columns, found, strict=True)]


def place_of(scope: Scope) -> Place | None:
    """None for what is no whole company, site or team."""
    if scope.filtered or scope.sliced or len(scope.teams) > 1:
        return None
    return (None, next(iter(scope.teams))) if scope.teams else (scope.site, None)


def in_force(metric: str, place: Place, day: date) -> Target | None:
    """The version that holds on the day; None where there is none, or it was lifted."""
    found = [item for item in _targets().get((metric, place), ()) if item.valid_from <= day]
    return found[-1] if found and not found[-1].ended else None


def _targets() -> Newest:
    return known("targets", _read)


def _read() -> Newest:
    found: dict[tuple[str, Place], list[Target]] = {}
    for item in Target.objects.order_by("valid_from", "pk"):
        found.setdefault((item.metric, (item.site_id, item.team_id)), []).append(item)
    return found


def _aim(result: Result, target: Target | None, four: Sequence[Column]) -> Aim | None:
    metric = registry.metrics().get(result.metric)
    if target is None or metric is None:
        return None
    if metric.family is Family.SAVINGS and not result.shown:
        return None  # what is withheld has no target beside it either
    aim, figure = Range(target.floor, target.ceiling), _figure(result)
    text = told(figure, aim, metric.unit)
    if metric.family is Family.SAVINGS:
        text = _("%(words)s; %(floors)s") % {"words": text, "floors": _floors(target, four)}
    if target.entered_at.date() >= result.period_end:
        text = _("%(words)s (set on %(day)s, after these days)") % {"words": text, "day": words.day(target.entered_at.date())}
    return Aim(
        judge(figure, aim).value,
        aim.floor,
        aim.ceiling,
        _("Target: %(range)s") % {"range": range_text(aim, metric.unit)},
        text,
        band(figure, aim),
        target.valid_from,
    )


def _figure(result: Result) -> Figure:
    return Figure(result.value, result.low, result.high) if result.shown else Figure(None, None, None)


def _floors(target: Target, four: Sequence[Column]) -> str:
    """The three floors a target on a saving carries, each with its state."""
    said = []
    for column in four:
        name, metric = FLOORS.get(column.result.metric), registry.metrics().get(column.result.metric)
        if name is None or metric is None:
            continue
        floor = float(getattr(target, name))
        state = judge(_figure(column.result), Range(floor=floor))
        told_of = {State.WITHIN: _("kept"), State.BELOW: _("not kept")}.get(state, _("cannot be told"))
        said.append(
            _("%(label)s %(range)s: %(state)s")
            % {"label": metric.label, "range": range_text(Range(floor=floor), metric.unit), "state": told_of}
        )
    return _("it counts only with its floors (%(floors)s)") % {"floors": "; ".join(said)}


def typed(value: float | None, unit: Unit) -> float | None:
    """A bound as people type it, percent for shares, in the unit it is kept in."""
    return None if value is None else value / words.scaled(1.0, unit)
