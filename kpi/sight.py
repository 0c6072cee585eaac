"""What rules look at: the figures of a panel and of a page, protected and gated as there, without what a page draws around them.

Nothing of it is shown. A rule says that something fires, and never a figure (kpi/watch.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from kpi import registry, words
from kpi.desk import desk_for, in_whole_weeks
from kpi.fours import Wanted
from kpi.fresh import freshness_of
from kpi.growth import hidden
from kpi.holidays import on_like_days
from kpi.panel import columns_of, title_of
from kpi.result import Panel, Query, Result, Verdict, Viewer
from kpi.rights import grant
from kpi.sheet import further_columns
from kpi.values import Target
from kpi.version import one_version


def build_four(viewer: Viewer, query: Query) -> Panel:
    """The four of a panel with their changes, without words, trend and teams."""
    with one_version():
        granted = grant(viewer, query.scope)
        query = on_like_days(in_whole_weeks(query), granted.scope).query
        desk, title = desk_for(granted, query), title_of(granted.scope)
        periods = [period for period in (query.period, query.comparison) if period]
        found = desk.four([Wanted(Target(desk.unit, period), title) for period in periods])
        return Panel(
            query=query,
            title=title,
            period_text=words.span(query.period),
            comparison_text=words.span(query.comparison) if query.comparison else "",
            verdict=Verdict("", ()),
            columns=columns_of(found[0], found[1] if query.comparison else None, granted.scope, query),
            trend=(),
            teams=(),
            steps=(),
            steps_text="",
            growth=hidden(),
            annotations=(),
            freshness=freshness_of(query.period, desk.as_of, frozenset()),
        )


def build_beside(viewer: Viewer, query: Query, keys: Sequence[str]) -> dict[str, Result]:
    """Single figures, savings among them, gated by the very four of their scope and period."""
    found = [metric for key in keys if (metric := registry.metrics().get(key))]
    with one_version():
        granted = grant(viewer, query.scope)
        query = on_like_days(in_whole_weeks(query), granted.scope).query
        columns = further_columns(desk_for(granted, query, found), title_of(granted.scope), found)
    return {metric.key: column.result for metric, column in zip(found, columns, strict=True)}
