"""The only door through which a number leaves: all four families side by side, for one scope and period.

Rights are applied by the grant, people protected and savings gated in kpi/balance.py; surfaces only print a `Panel`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpi import doubts, gaps, memory, registry, seen, words
from kpi.aims import with_aims, with_team_aims
from kpi.anonymity import OPERATIONAL_K
from kpi.balance import TOO_FEW_AGENTS, Four, balanced, headlines
from kpi.changed import changes_of
from kpi.compare import compared, sure_among_many
from kpi.desk import TREND_DAYS, TREND_POINTS, Desk, data_as_of, data_version, desk_for, in_whole_weeks, stretches
from kpi.fours import Wanted, lasting
from kpi.fresh import freshness_of
from kpi.growth import growth_of, hidden
from kpi.history import with_history
from kpi.holidays import on_like_days
from kpi.metric import Estimate, Period, Status
from kpi.models import Annotation, Channel, Intent, Queue
from kpi.notes import column_notes, steps_of, steps_text, with_unaccompanied
from kpi.result import Column, Growth, Note, Panel, Query, Result, Scope, TeamRow, TrendPoint, Viewer
from kpi.rights import Grant, grant
from kpi.scopes import Organisation, Unit, organisation, team_units
from kpi.slices import tier_names
from kpi.values import Target
from kpi.verdict import verdict_of
from kpi.version import known, one_version

__all__ = ["build_panel", "data_as_of", "data_from", "panel_key", "version_key"]
CACHE_SECONDS = 600


def data_from() -> date | None:
    """The first day with data."""
    return gaps.first_day(data_version())


def version_key() -> str:
    """Changes whenever a panel could change: totals, or anything kept in the admin."""
    with one_version() as version:
        return version.all


def panel_key(viewer: Viewer, query: Query) -> str:
    """One key per question, viewer's rights, language and version: for the cache and the ETag."""
    text = f"{version_key()}|{viewer.key}|{query}|{get_language()}|{settings.WELLBEING_MIN_GROUP}"
    return hashlib.sha256(text.encode()).hexdigest()


def build_panel(viewer: Viewer, query: Query) -> Panel:
    """The panel for a question, or rights.NotAllowed; from the cache where nothing has changed."""
    with one_version():
        return in_words(_panel(viewer, query), query)


def in_words(found: Panel, asked: Query) -> Panel:
    """The panel with a sentence about which whole weeks the dates that were asked for are read as."""
    read = in_whole_weeks(asked).period
    return found if read == asked.period else replace(found, weeks_text=words.whole_weeks(asked.period, read))


def _panel(viewer: Viewer, query: Query) -> Panel:
    granted = grant(viewer, query.scope)
    query = in_whole_weeks(query)
    key = f"panel:{panel_key(viewer, query)}"
    found: Panel | None = memory.recall(key)
    if found is None:
        alike = on_like_days(query, granted.scope)
        found = with_history(_build(granted, alike.query), granted.scope, alike)
        if lasting(_results(found)):
            memory.keep(key, found, CACHE_SECONDS)
    seen.note(seen.Seen(found.title, granted.scope, found.query.period, found.columns[1].result.extra.get("wave")))
    return found


def _results(shown: Panel) -> Iterator[Result]:
    yield from (column.result for column in shown.columns)
    yield from (result for point in shown.trend for result in point.results)
    yield from (column.result for row in shown.teams for column in row.columns)


def _build(granted: Grant, query: Query) -> Panel:
    desk = desk_for(granted, query)
    found = _everything(desk)
    columns = with_unaccompanied(columns_of(found.now, found.then, granted.scope, query), found.teams)
    until = min(desk.as_of, query.period.end)
    growth = _growth(desk, doubts.whole_until(registry.measures().get("contacts"), until, desk.unit.sites), found.now)
    return Panel(
        query=query,
        title=_title(granted.scope, desk.there),
        period_text=words.span(query.period),
        comparison_text=words.span(query.comparison) if query.comparison else "",
        verdict=verdict_of(columns, growth),
        columns=columns,
        trend=found.trend,
        teams=found.teams,
        changed=changes_of(columns, found.teams),
        steps=steps_of(columns[3].result),
        steps_text=steps_text(columns[3].result),
        growth=growth,
        annotations=_annotations(desk),
        freshness=freshness_of(query.period, desk.as_of, _days_without_data(desk), trouble=doubts.sentences(granted.viewer.sites)),
        people_text=_people_text(desk, columns[1].result),
        policy_text=_policy_text(desk),
    )


@dataclass(frozen=True)
class _Found:
    """All results of one panel."""

    now: Four
    then: Four | None
    trend: tuple[TrendPoint, ...]
    teams: tuple[TeamRow, ...]


def _everything(desk: Desk) -> _Found:
    """The chosen period, the one it is compared with, the trend and the teams: asked together, read once."""
    name, comparison = _title(desk.grant.scope, desk.there), desk.query.comparison
    main = [Wanted(Target(desk.unit, period), name, texts=True) for period in (desk.query.period, comparison) if period]
    trend = [Wanted(Target(desk.unit, period)) for period in _trend_periods(desk)]
    teams = _team_units(desk)
    now = [_of_team(desk, team, unit, desk.query.period, texts=True) for team, unit in teams.items()]
    then = [_of_team(desk, team, unit, comparison) for team, unit in teams.items()] if comparison else []
    groups = (main, trend, now, then)
    found = iter(desk.four([item for group in groups for item in group]))
    main_found, trend_found, now_found, then_found = ([next(found) for _ in group] for group in groups)
    periods = [item.target.period for item in trend]
    points = desk.standing(("trend", *periods), trend_found, lambda: _points(desk, periods, trend_found))
    asked = ("teams", *(item.target for item in (*now, *then)))
    rows = desk.standing(asked, [*now_found, *then_found], lambda: _team_rows(desk, list(teams), now_found, then_found))
    return _Found(main_found[0], main_found[1] if comparison else None, points, rows)


def _points(desk: Desk, periods: Sequence[Period], fours: Sequence[Four]) -> tuple[TrendPoint, ...]:
    return tuple(TrendPoint(period, _open_where_gap(desk, period, four)) for period, four in zip(periods, fours, strict=True))


def _of_team(desk: Desk, team: int, unit: Unit, period: Period, *, texts: bool = False) -> Wanted:
    return Wanted(Target(unit, desk.weeks_of(period)), desk.there.team_names[team], texts)


def _growth(desk: Desk, until: date, now: Four) -> Growth:
    """The volume of a team or of a filter is a figure about those who handle it. Parts of one team's work are never told by the week:
    beside the team and its other parts they would tell about the few behind the rest."""
    scope, unit, ground = desk.grant.scope, desk.unit, desk.ground
    if (scope.teams and scope.filtered) or any(TOO_FEW_AGENTS.reasons[0] in result.reasons for result in now):
        return hidden()
    least = OPERATIONAL_K if unit.asked or unit.narrowed else 0
    return growth_of(unit, as_of=until, known_gaps=ground.gaps, least=least, also=ground.read, version=ground.version)


def _days_without_data(desk: Desk) -> frozenset[date]:
    """Gaps, and days before the first that was loaded."""
    period = desk.query.period
    known = gaps.missing(desk.gaps, desk.unit.sites, period.start, period.end)
    return known | gaps.unloaded(period.start, min(period.end, desk.as_of), desk.first)


def columns_of(now: Four, then: Four | None, scope: Scope, query: Query) -> tuple[Column, Column, Column, Column]:
    plain = [Column(result, compared(result, then[i] if then else None), column_notes(result)) for i, result in enumerate(now)]
    made = with_aims(plain, scope, query)
    return made[0], made[1], made[2], made[3]


def _trend_periods(desk: Desk) -> list[Period]:
    return stretches(desk.query.period, desk.as_of, desk.first)


def _open_where_gap(desk: Desk, period: Period, four: Four) -> Four:
    """Stretches with a gap are left open (metrics.md 0.6)."""
    lost = gaps.missing(desk.gaps, desk.unit.sites, period.start, period.end)
    if not gaps.is_partial(len(lost), period.days):
        return four
    empty = {family: Estimate(Status.INSUFFICIENT, reasons=(f"gap:{len(lost)}_days",)) for family in headlines()}
    return balanced(empty, scope="", period=period, setting=replace(desk.setting, texts=False))


def _team_units(desk: Desk) -> dict[int, Unit]:
    """Teams of the scope that are the viewer's to see."""
    if desk.grant.scope.sliced:  # no row holds a team beside an intent or a tier
        return {}
    teams = [team for team in desk.grant.rows if desk.unit.teams is None or team in desk.unit.teams or desk.unit.narrowed]
    return team_units(teams, desk.grant.scope, desk.there)


def _team_rows(desk: Desk, teams: Sequence[int], now: Sequence[Four], then: Sequence[Four]) -> tuple[TeamRow, ...]:
    """One row per team; wellbeing change first, worst at the top."""
    before: Sequence[Four | None] = then or [None] * len(teams)
    changes = [
        [compared(result, four[i] if four else None) for i, result in enumerate(mine)] for mine, four in zip(now, before, strict=True)
    ]
    changes = sure_among_many(changes, list(headlines().values()))
    rows = [
        TeamRow(team, desk.there.team_names[team], desk.there.site_names[site], _row_columns(desk, team, four, change), site)
        for team, four, change, site in zip(teams, now, changes, (desk.there.site_of[team] for team in teams), strict=True)
    ]
    return tuple(sorted(rows, key=_by_wellbeing))


def _row_columns(desk: Desk, team: int, four: Four, changes: Sequence[object]) -> tuple[Column, Column, Column, Column]:
    """Under a filter the row is a part of a team, and a target is of the whole."""
    made = [Column(result, change) for result, change in zip(four, changes, strict=True)]  # type: ignore[arg-type]
    made = made if desk.grant.scope.filtered else with_team_aims(made, team)
    return made[0], made[1], made[2], made[3]


def _by_wellbeing(row: TeamRow) -> tuple[bool, float, str]:
    change = row.columns[1].change.value
    return change is None, change or 0.0, row.label


def _annotations(desk: Desk) -> tuple[Note, ...]:
    start = desk.query.period.end - timedelta(days=TREND_DAYS * TREND_POINTS)
    every = known("annotations", lambda: tuple(Annotation.objects.select_related("site", "team")))
    found = [item for item in every if start <= (item.last_day or item.day) and item.day < desk.query.period.end]
    return tuple(
        Note(item.day, item.text, item.last_day, str(item.get_kind_display()), str(item.team or item.site or ""))
        for item in found
        if _concerns(desk, item)
    )


def _concerns(desk: Desk, item: Annotation) -> bool:
    """One of a team is for charts that ask for the team, or are about those who did the work of a filter; one of another site may name
    what a manager may not see."""
    if item.team_id is not None:
        teams = desk.unit.asked or (desk.unit.teams if desk.unit.narrowed else None) or frozenset()
        return item.team_id in teams & _visible(desk)
    own = desk.grant.viewer.sites
    return item.site_id is None or item.site_id in (desk.unit.sites if own is None else desk.unit.sites & own)


def _policy_text(desk: Desk) -> str:
    """What protects people on this page."""
    return _("Wellbeing is shown for groups of %(k)s and more, never for a person.") % {"k": desk.setting.k}


def _people_text(desk: Desk, wellbeing: Result) -> str:
    """0.4: the panel names the teams a wellbeing figure covers under a filter, or which filter to widen."""
    if not desk.unit.narrowed:
        return ""
    names = sorted(desk.there.team_names[team] for team in desk.unit.teams or () if team in _visible(desk))
    hidden = len(desk.unit.teams or ()) - len(names)
    if not desk.unit.teams:
        text = _(
            "No team handled at least 5 %% of these contacts, so wellbeing cannot be shown beside them: widen the filter by %(names)s."
        )
        return text % {"names": _filter_names(desk.grant.scope)}
    listed = ", ".join(names) + (_(" and %(n)s more") % {"n": hidden} if hidden else "")
    if wellbeing.status is Status.SUPPRESSED:
        text = _(
            "The teams that handled at least 5 %% of these contacts (%(teams)s) are too few people to show, or point at too few beside "
            "other figures: widen the filter by %(names)s."
        )
        return text % {"teams": listed, "names": _filter_names(desk.grant.scope)}
    return _("Wellbeing is that of the teams that handled at least 5 %% of these contacts: %(teams)s.") % {"teams": listed}


def _filter_names(scope: Scope) -> str:
    names = {_("queue"): scope.queue, _("channel"): scope.channel, _("intent"): scope.intent, _("tier"): scope.tier or None}
    return _(" or ").join(name for name, chosen in names.items() if chosen is not None)


def _visible(desk: Desk) -> frozenset[int]:
    own = desk.grant.viewer.teams
    return frozenset(desk.there.team_names) if own is None else own


def title_of(scope: Scope) -> str:
    """What a page about this scope is called."""
    return _title(scope, organisation(scope.teams))


def _title(scope: Scope, there: Organisation) -> str:
    """What the numbers are about, in the order people say it."""
    named = [there.team_names[team] for team in sorted(scope.teams, key=lambda team: there.team_names[team])]
    where = ", ".join(named) if named else there.site_names.get(scope.site, "") if scope.site is not None else _("All sites")
    chosen = ((Queue, scope.queue), (Channel, scope.channel), (Intent, scope.intent))
    filters = [_name(model, pk) for model, pk in chosen if pk is not None]
    return " · ".join([where, *filters, *([tier_names()[scope.tier]] if scope.tier else [])])


def _name(model: type[Queue] | type[Channel] | type[Intent], pk: int) -> str:
    return known(("name", model, pk), lambda: str(model.objects.get(pk=pk).name))
