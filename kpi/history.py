"""What a panel is told about its own past: control limits of its trends (G3), and values that were restated after they were published (G5).

One small query for a whole panel. A value that is not shown now says nothing of what it was; of people's answers no earlier figure is
repeated, for two figures of almost the same people tell about the difference (C7).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext as _

from kpi import registry, words
from kpi.comparable import weeks_differ
from kpi.control_limits import controls_of
from kpi.holidays import Alike
from kpi.metric import Period, whole_weeks
from kpi.models import Publication, PublishedValue
from kpi.models.published import TOLD
from kpi.over_time import Restated
from kpi.result import Column, Panel, Result, Scope, TeamRow, TrendPoint
from kpi.version import known

Unit = tuple[str, int]
Found = Mapping[tuple[Unit, Period], Mapping[str, PublishedValue]]


def with_history(panel: Panel, scope: Scope, alike: Alike | None = None) -> Panel:
    """The panel, with the limits of its trends and a note on every figure that was restated. `scope` is the one that was granted,
    `alike` what the calendar says of the comparison."""
    panel = replace(panel, controls=controls_of(panel.trend), comparison_text=_comparison(panel, alike.note if alike else ""))
    if alike and alike.refused:
        panel = replace(panel, freshness=replace(panel.freshness, warnings=(*panel.freshness.warnings, alike.refused)))
    if scope.filtered or scope.sliced:  # published are whole units; a queue, channel, intent or tier of one is another figure
        return panel
    found = _restated(panel, _unit(scope))
    if not found:
        return panel
    unit, comparison = _unit(scope), panel.query.comparison
    columns = [_column(column, found, unit, panel.query.period, comparison) for column in panel.columns]
    trend = [_point(point, found, unit) for point in panel.trend]
    teams = [_row(row, found, panel.query.period, comparison) for row in panel.teams]
    return replace(panel, columns=(columns[0], columns[1], columns[2], columns[3]), trend=tuple(trend), teams=tuple(teams))


def _comparison(panel: Panel, note: str) -> str:
    """G1: year on year is by ISO week; where the year before has no week 53, the shift is said, and so is what holidays change."""
    period, earlier = panel.query.period, panel.query.comparison
    notes = [note] if note else []
    if panel.query.comparison_key == "year" and earlier is not None and weeks_differ(period, earlier):
        weeks = (period.start - earlier.start).days // 7
        notes.insert(0, _("%(weeks)d weeks earlier: that year has no week 53, so its weeks are shifted by one") % {"weeks": weeks})
    return f"{panel.comparison_text} ({'; '.join(notes)})" if notes else panel.comparison_text


def _unit(scope: Scope) -> Unit:
    """("", 0) for several teams taken together, which are published by nobody."""
    if scope.teams:
        return ("team", min(scope.teams)) if len(scope.teams) == 1 else ("", 0)
    return ("site", scope.site) if scope.site is not None else ("all", 0)


def _restated(panel: Panel, unit: Unit) -> Found:
    """The last notice of each metric, by unit and period."""
    periods = {*_main(panel), *(point.period for point in panel.trend)}
    teams = [row.team for row in panel.teams]
    units = [unit, *(("team", team) for team in teams)]
    told = known("told of again", _read_told)
    if not any((at, period) in told for at in units for period in periods):
        return {}
    wanted = Q(publication__dimension=unit[0], publication__member=unit[1])
    if teams:
        wanted |= Q(publication__dimension="team", publication__member__in=teams)
    rows = PublishedValue.objects.filter(wanted, action__in=TOLD, publication__end__in={period.end for period in periods})
    found: dict[tuple[Unit, Period], dict[str, PublishedValue]] = {}
    for value in rows.select_related("publication", "was").order_by("publication__revision"):
        at = value.publication
        found.setdefault(((at.dimension, at.member), Period(at.start, at.end)), {})[value.metric] = value
    return found


def _read_told() -> frozenset[tuple[Unit, Period]]:
    """Units and periods of which anything was ever restated."""
    rows = PublishedValue.objects.filter(action__in=TOLD).values_list(
        *(f"publication__{name}" for name in ("dimension", "member", "start", "end"))
    )
    return frozenset(((dimension, member), Period(start, end)) for dimension, member, start, end in rows.distinct())


def _main(panel: Panel) -> Iterator[Period]:
    for period in (panel.query.period, panel.query.comparison):
        if period is not None:
            yield period
            yield whole_weeks(period)


def _column(column: Column, found: Found, unit: Unit, period: Period, comparison: Period | None) -> Column:
    result = _result(column.result, found, unit, period)
    then = found.get((unit, comparison), {}).get(result.metric) if comparison else None
    if then is None or not result.shown or (told := restated(then)) is None:
        return replace(column, result=result)
    return replace(
        column, result=result, notes=(*column.notes, _("compared with a figure that was restated: %(text)s") % {"text": told.text})
    )


def _row(row: TeamRow, found: Found, period: Period, comparison: Period | None) -> TeamRow:
    then = whole_weeks(comparison) if comparison else None
    made = [_column(column, found, ("team", row.team), whole_weeks(period), then) for column in row.columns]
    return replace(row, columns=(made[0], made[1], made[2], made[3]))


def _point(point: TrendPoint, found: Found, unit: Unit) -> TrendPoint:
    made = [_result(result, found, unit, point.period) for result in point.results]
    return replace(point, results=(made[0], made[1], made[2], made[3]))


def _result(result: Result, found: Found, unit: Unit, period: Period) -> Result:
    value = found.get((unit, period), {}).get(result.metric)
    if value is None or not result.shown:
        return result
    return replace(result, restated=restated(value))


def restated(value: PublishedValue) -> Restated | None:
    """The notice of one restated value, in words; None where the new value was not shown, for then the old one is not told either."""
    metric, was = registry.metrics().get(value.metric), value.was
    if metric is None or was is None or value.value is None:
        return None
    on, reason = value.publication.published_at.date(), _reason(value.publication, was, value)
    said = {"day": words.day(on), "reason": reason}
    if metric.people_scope:
        text = _("restated on %(day)s (%(reason)s); earlier figures about people's answers are not repeated") % said
        return Restated(value.action, on, None, None, reason, text, _("restated"))
    said |= {"old": words.with_unit(was.value, metric.unit), "new": words.with_unit(value.value, metric.unit)}
    if value.action == TOLD[0]:
        text, brief = _("revised on %(day)s from %(old)s to %(new)s (%(reason)s)"), _("revised, was %(old)s")
    else:
        text, brief = _("restated on %(day)s from %(old)s to %(new)s (%(reason)s)"), _("restated, was %(old)s")
    return Restated(value.action, on, was.value, value.value, reason, text % said, brief % said)


def _reason(publication: Publication, was: PublishedValue, value: PublishedValue) -> str:
    if was.definition_version != value.definition_version:
        return _("version %(new)s of the definition: the series breaks here") % {"new": value.definition_version}
    if publication.changed_from and publication.changed_to:
        first, last = words.day(publication.changed_from), words.day(publication.changed_to)
        days = first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
        return _("records of %(days)s changed after publication") % {"days": days}
    return _("signed settings changed after publication")
