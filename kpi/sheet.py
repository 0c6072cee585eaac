"""A page beside the overview: further figures of one question, always with the panel of their scope and period.

The second and last user of a desk. Each figure is protected like those of its kind; a saving is gated by the very four it
stands beside (kpi/balance.py). Tables by channel or queue ask as the filter would ask, under the same rights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import memory, policies, registry, seen, words
from kpi.aims import with_aims
from kpi.anonymity import OPERATIONAL_K
from kpi.balance import ABSENT, Four, balanced, beside, headlines
from kpi.compare import NOT_OVER, compared, sure_among_many
from kpi.desk import Desk, desk_for, in_whole_weeks, stretches
from kpi.fours import lasting
from kpi.metric import Family, Metric, Period, Status
from kpi.models import Channel, Queue
from kpi.notes import part_notes
from kpi.pages import PAGES, Page
from kpi.panel import CACHE_SECONDS, build_panel, in_words, panel_key, title_of
from kpi.protect import busiest_ever
from kpi.result import Breakdown, Change, Column, Line, Query, Register, Result, Scope, Section, Sheet, Verdict, Viewer
from kpi.rights import NotAllowed, grant
from kpi.scopes import Unit, team_units
from kpi.slices import DIMENSIONS, hidden_lines, line_names, slice_units
from kpi.values import Row, Target
from kpi.version import one_version

NOTHING_ELSE = dict.fromkeys(Family, ABSENT)
TOLD = 4  # figures the answer names; the rest stands below
TITLES = {
    "time": gettext_lazy("Over time"),
    "team": gettext_lazy("By team"),
    "channel": gettext_lazy("By channel"),
    "queue": gettext_lazy("By queue"),
    "intent": gettext_lazy("By intent"),
    "tier": gettext_lazy("By customer tier"),
}


def metrics_of(page: str) -> list[Metric]:
    """The figures of a page in their places; the headlines stand in the panel."""
    return sorted((item for item in registry.metrics().values() if item.page == page), key=lambda item: (item.place, item.key))


def pages() -> dict[str, Page]:
    """Pages on which at least one figure stands."""
    used = {metric.page for metric in registry.metrics().values()}
    return {key: page for key, page in PAGES.items() if key in used}


def build_sheet(viewer: Viewer, query: Query, page: str) -> Sheet:
    """The page's figures for a question, or rights.NotAllowed; from the cache where nothing has changed."""
    with one_version():
        found = _sheet(viewer, query, page)
        return replace(found, panel=in_words(found.panel, query))


def _sheet(viewer: Viewer, query: Query, page: str) -> Sheet:
    query = in_whole_weeks(query)
    key = f"sheet:{page}:{panel_key(viewer, query)}"
    found: Sheet | None = memory.recall(key)
    if found is None:
        found = _build(viewer, query, page)
        if lasting(column.result for column in _every_column(found)):
            memory.keep(key, found, CACHE_SECONDS)
    noted(found.panel.columns[1].result, found.panel.title, grant(viewer, query.scope).scope, found.panel.query.period)
    return found


def noted(result: Result, title: str, scope: Scope, period: Period) -> None:
    """That a figure about people's wellbeing is about to be shown, and nothing of the figure (kpi/looks.py)."""
    seen.note(seen.Seen(title, scope, period, result.extra.get("wave")))


def _every_column(shown: Sheet) -> Iterator[Column]:
    yield from shown.panel.columns
    yield from (column for section in shown.sections for column in section.columns)
    yield from (column for table in shown.breakdowns for line in table.lines for column in line.columns)


def build_figures(viewer: Viewer, query: Query, keys: Sequence[str]) -> dict[str, Result]:
    """Single figures of a question, protected as on their page; no saving, for it would stand alone."""
    found = [metric for key in keys if (metric := registry.metrics().get(key)) and metric.family is not Family.SAVINGS]
    with one_version():
        granted, query = grant(viewer, query.scope), in_whole_weeks(query)
        columns = further_columns(desk_for(granted, query, found), "", found)
        for metric, column in zip(found, columns, strict=True):
            if metric.people_scope:
                noted(column.result, title_of(granted.scope), granted.scope, query.period)
    return {metric.key: column.result for metric, column in zip(found, columns, strict=True)}


def _build(viewer: Viewer, query: Query, page: str) -> Sheet:
    panel, metrics = build_panel(viewer, query), metrics_of(page)
    query = panel.query  # with the comparison the panel has (holidays, G1)
    desk = desk_for(grant(viewer, query.scope), query, metrics)
    columns = with_aims(further_columns(desk, panel.title, metrics), desk.grant.scope, query, panel.columns)
    told = PAGES[page]
    return Sheet(
        key=page,
        title=str(told.label),
        question=str(told.question),
        answer=_answer(columns),
        panel=panel,
        sections=_sections(metrics, columns),
        breakdowns=tuple(_breakdowns(desk, query, metrics)),
        registers=tuple(_registers(page, query, columns)),
    )


def _registers(page: str, query: Query, columns: Sequence[Column]) -> Iterator[Register]:
    """What breaches are judged by stands beside their count, and a figure's own table beside it where the figure is shown."""
    yield from (column.result.extra["register"] for column in columns if column.result.shown and "register" in column.result.extra)
    if page == "human-ai" and (found := policies.register_of(query.period)):
        yield found


def further_columns(desk: Desk, scope: str, metrics: Sequence[Metric]) -> list[Column]:
    """The figures of the whole scope, compared with the chosen period."""
    periods = [period for period in (desk.query.period, desk.query.comparison) if period]
    found = _results(desk, [Target(desk.unit, period) for period in periods], [scope] * len(periods), metrics)
    return _compared(metrics, found[0], found[1] if len(found) > 1 else None)


def _results(desk: Desk, targets: Sequence[Target], scopes: Sequence[str], metrics: Sequence[Metric]) -> list[list[Result]]:
    """For each target the further figures, gated by the four of the same target; without a saving among them nothing needs the four."""
    saving = any(metric.family is Family.SAVINGS for metric in metrics)
    every = [*headlines().values(), *(metric for metric in metrics if not metric.headline)] if saving else metrics
    rows = desk.rows(targets, every)
    each = zip(rows, targets, scopes, strict=True)
    fours = [desk.balanced(row, target, scope, texts=False) if saving else _nothing(desk, target, scope) for row, target, scope in each]
    return [_beside(desk, four, row, target, metrics) for four, row, target in zip(fours, rows, targets, strict=True)]


def _nothing(desk: Desk, target: Target, scope: str) -> Four:
    """The scope and period of figures that need no companions."""
    return balanced(NOTHING_ELSE, scope=scope, period=target.period, setting=replace(desk.setting, texts=False))


def _beside(desk: Desk, four: Four, row: Row, target: Target, metrics: Sequence[Metric]) -> list[Result]:
    return [beside(four, metric, row.estimates[metric.key], target.unit, row.crew, desk.setting) for metric in metrics]


def _compared(metrics: Sequence[Metric], now: Sequence[Result], then: Sequence[Result] | None) -> list[Column]:
    changes = [compared(result, then[place] if then else None) for place, result in enumerate(now)]
    [changes] = sure_among_many([changes], metrics)
    return [Column(result, change, part_notes(metric, result)) for metric, result, change in zip(metrics, now, changes, strict=True)]


def _sections(metrics: Sequence[Metric], columns: Sequence[Column]) -> tuple[Section, ...]:
    pairs = groupby(zip(metrics, columns, strict=True), key=lambda pair: str(pair[0].section))
    return tuple(Section(title, tuple(column for _metric, column in found)) for title, found in pairs)


def _answer(columns: Sequence[Column]) -> Verdict:
    """What figures say of themselves, what moved beyond noise, the bad news first; how much did not move, and what cannot be told."""
    moved = [column for column in columns if column.result.shown and column.change.distinguishable]
    told: list[tuple[str, bool]] = [each for column in columns if column.result.shown for each in column.result.extra.get("says", ())]
    warned = any(reason.startswith("alert:") for column in columns if column.result.shown for reason in column.result.reasons)
    said = [_moved(column) for column in sorted(moved, key=lambda column: column.change.direction != "worse")]
    more = len(said) - TOLD
    alone = sum(1 for column in columns if column.result.shown and column.change.value is None)
    still = sum(1 for column in columns if column.result.shown) - len(moved) - alone
    hidden = sum(1 for column in columns if not column.result.shown)
    sentences = [
        *told,
        *said[:TOLD],
        *([(_("%(n)s more moved beyond noise.") % {"n": _figures(more)}, False)] if more > 0 else []),
        *([(_("%(n)s without a clear change.") % {"n": _figures(still)}, False)] if still else []),
        *([(_("%(n)s with nothing to compare with.") % {"n": _figures(alone)}, False)] if alone else []),
        *([(_("%(n)s not shown; each says why.") % {"n": _figures(hidden)}, False)] if hidden else []),
    ]
    lead = _("Something got worse.") if any(strong for _text, strong in said) else _("Nothing got clearly worse.")
    lead = lead if moved or still else _("Nothing here can be compared yet.")
    lead = _("A warning.") if warned else lead
    return Verdict(lead if any(column.result.shown for column in columns) else _("There is nothing to show yet."), tuple(sentences))


def _moved(column: Column) -> tuple[str, bool]:
    text = _("%(label)s: %(figure)s (%(change)s, %(words)s).") % {
        "label": column.result.label,
        "figure": f"{column.result.text}{words.NARROW}{column.result.unit_text} {column.result.margin_text}".strip(),
        "change": ", ".join(part for part in (column.change.text, _change_limits(column)) if part),
        "words": column.change.words,
    }
    return text, column.change.direction == "worse"


def _change_limits(column: Column) -> str:
    """The interval of the change, signed."""
    metric = registry.metrics().get(column.result.metric)
    return words.signed_interval(column.change.low, column.change.high, metric.unit) if metric else ""


def _figures(count: int) -> str:
    return _("One figure") if count == 1 else _("%(n)s figures") % {"n": count}


def _breakdowns(desk: Desk, query: Query, metrics: Sequence[Metric]) -> Iterator[Breakdown]:
    """Tables of the figures that name them; a filter that is set has no table of its own. No saving stands in one."""
    for kind, title in TITLES.items():
        chosen = [metric for metric in metrics if kind in metric.by and metric.family is not Family.SAVINGS]
        if chosen and (lines := _without_empty(list(_lines(kind, desk, query, chosen)))):
            yield Breakdown(str(title), lines)


def _without_empty(lines: Sequence[Line]) -> tuple[Line, ...]:
    """A column in which no line has data is left out; the page says above that there are none."""
    kept = [place for place in range(len(lines[0].columns)) if _any_data(lines, place)] if lines else []
    return tuple(replace(line, columns=tuple(line.columns[place] for place in kept)) for line in lines) if kept else ()


def _any_data(lines: Sequence[Line], place: int) -> bool:
    return any(line.columns[place].result.status is not Status.NO_DATA for line in lines)


def _lines(kind: str, desk: Desk, query: Query, metrics: Sequence[Metric]) -> Iterator[Line]:
    if kind in ("team", "time"):
        yield from (_team_lines if kind == "team" else _time_lines)(desk, query, metrics)
        return
    if kind in DIMENSIONS:
        yield from _slice_lines(kind, desk, query, metrics)
        return
    if query.scope.sliced:
        return
    if getattr(query.scope, kind) is not None:
        return
    for pk, name in {"channel": Channel, "queue": Queue}[kind].objects.values_list("pk", "name"):  # type: ignore[attr-defined]
        asked = replace(query, scope=replace(query.scope, **{kind: pk}))
        try:
            granted = grant(desk.grant.viewer, asked.scope)
        except NotAllowed:
            continue
        columns = further_columns(desk_for(granted, in_whole_weeks(asked), metrics, desk.ground), name, metrics)
        if any(column.result.status is not Status.NO_DATA for column in columns):
            yield Line(name, tuple(columns), (kind, str(pk)))


def _time_lines(desk: Desk, query: Query, metrics: Sequence[Metric]) -> Iterator[Line]:
    """Stretches of four whole weeks as in the trends, the latest first; one with a gap or that is not over is left out (0.6)."""
    periods = stretches(query.period, desk.as_of, desk.first)[::-1]
    labels = [words.span(period) for period in periods]
    for label, results in zip(labels, _results(desk, [Target(desk.unit, period) for period in periods], labels, metrics), strict=True):
        if not any(reason.startswith(("gap:", NOT_OVER)) for result in results for reason in result.reasons):
            yield Line(label, tuple(Column(result, Change(direction="unknown")) for result in results))


def _team_lines(desk: Desk, query: Query, metrics: Sequence[Metric]) -> Iterator[Line]:
    if query.scope.sliced:  # no row holds a team beside an intent or a tier
        return
    teams = [team for team in desk.grant.rows if desk.unit.teams is None or team in desk.unit.teams or desk.unit.narrowed]
    units = team_units(teams, desk.grant.scope, desk.there)
    labels = [desk.there.team_names[team] for team in units]
    periods = [desk.weeks_of(period) for period in (query.period, query.comparison) if period]
    targets = [Target(unit, period) for period in periods for unit in units.values()]
    found = _results(desk, targets, labels * len(periods), metrics)
    for place, (team, label) in enumerate(zip(units, labels, strict=True)):
        then = found[place + len(labels)] if len(periods) > 1 else None
        yield Line(label, tuple(_compared(metrics, found[place], then)), ("team", str(team)))


def _slice_lines(kind: str, desk: Desk, query: Query, metrics: Sequence[Metric]) -> Iterator[Line]:
    """Sites cut by intent or tier. Few agents hide a line, and further lines with it, as they hide teams of a site."""
    units = slice_units(kind, desk.grant.scope)
    if not units or desk.first is None or desk.first >= desk.as_of:
        return
    steady = busiest_ever({label: unit.work for label, unit in units.items()}, desk.ground.read, desk.ground.version)
    periods = [period for period in (query.period, query.comparison) if period]
    found = [_sliced(desk, units, period, steady, metrics) for period in periods]
    names = line_names(kind)
    for place, label in enumerate(units):
        columns = _compared(metrics, found[0][place], found[1][place] if len(found) > 1 else None)
        if any(column.result.status is not Status.NO_DATA for column in columns):
            yield Line(label, tuple(columns), (kind, names[label]) if label in names else ("", ""))


def _sliced(
    desk: Desk, units: Mapping[str, Unit], period: Period, steady: Mapping[str, int], metrics: Sequence[Metric]
) -> list[list[Result]]:
    """The lines of one period. No saving is among them, so the four they would stand beside are not worked out."""
    targets = [Target(unit, period) for unit in units.values()]
    rows = dict(zip(units, desk.rows(targets, metrics), strict=True))
    few = hidden_lines({label: row.crew for label, row in rows.items()}, steady, OPERATIONAL_K)
    kept = {label: replace(row, crew=min(row.crew, 1)) if label in few else row for label, row in rows.items()}  # one agent is too few
    each = zip(kept.items(), targets, strict=True)
    return [_beside(desk, _nothing(desk, target, label), row, target, metrics) for (label, row), target in each]
