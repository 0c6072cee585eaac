"""Everything the numbers of one question are worked out with: scope, rights, gaps, contexts, and who is protected.

Only kpi/panel.py, kpi/sheet.py and kpi/sight.py may use it: what leaves a desk has not been balanced yet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from threading import RLock
from typing import TypeVar

from django.conf import settings
from django.utils.translation import get_language

from kpi import doubts, gaps, ledger
from kpi.anonymity import FLOOR, OPERATIONAL_K
from kpi.balance import Four, Setting, balanced, headlines, shield
from kpi.fours import KnownFours, Wanted, lasting
from kpi.metric import Measure, Metric, Period, whole_weeks
from kpi.periods import complete_weeks
from kpi.protect import Guard, busiest_ever, crews_by_period, crowds_of, guard_ever, is_uncommon, steady_crews
from kpi.result import Query, Scope
from kpi.rights import Grant
from kpi.scopes import Organisation, Unit, organisation, team_units, unit_of
from kpi.slices import hidden_lines, lines_beside, sliced_unit
from kpi.values import Contexts, Row, Target, contexts_for, estimate, measures_of
from kpi.version import current, known

TREND_DAYS = 28  # the shortest stretch a saving may be estimated on (metrics.md E6)
TREND_POINTS = 20
Found = TypeVar("Found")
one_at_a_time = RLock()  # several readers who ask for the same at once wait for the one that works it out, and find it kept


def data_as_of() -> date | None:
    """The first day without data; None before the first import."""
    return known("as of", ledger.horizon)


@dataclass(frozen=True)
class Ground:
    """What all questions of one request stand on, whatever their scope: read once, though a page asks for each of its channels."""

    there: Organisation
    version: str
    as_of: date | None
    metrics: tuple[Metric, ...]
    gaps: gaps.Gaps
    first: date | None  # the first day ever loaded
    answered: Guard  # by wave
    steady: Mapping[int, int]

    @cached_property
    def read(self) -> tuple[Measure, ...]:
        """All that is read for any of the questions: readings that ask for the same share what is laid out."""
        return measures_of(self.metrics)


@dataclass(frozen=True)
class Desk:
    """One question on its way."""

    grant: Grant
    query: Query
    ground: Ground
    unit: Unit
    as_of: date
    contexts: Contexts
    setting: Setting

    @property
    def there(self) -> Organisation:
        return self.ground.there

    @property
    def gaps(self) -> gaps.Gaps:
        return self.ground.gaps

    @property
    def first(self) -> date | None:
        return self.ground.first

    def weeks_of(self, period: Period) -> Period:
        """The whole weeks of single teams inside one of the two periods of the question."""
        return weeks_inside(period, self.query, self.as_of)

    def rows(self, targets: Sequence[Target], metrics: Sequence[Metric]) -> list[Row]:
        """Estimates as they come: neither protected nor gated."""
        found = self._estimated(targets, metrics)
        if not self.grant.scope.sliced:
            return found
        few = self._few({target.period for target in targets if target.unit == self.unit})
        each = zip(found, targets, strict=True)
        return [replace(row, crew=min(row.crew, 1)) if target.unit == self.unit and target.period in few else row for row, target in each]

    def _estimated(self, targets: Sequence[Target], metrics: Sequence[Metric]) -> list[Row]:
        found = estimate(
            targets,
            metrics,
            as_of=self.as_of,
            known_gaps=self.gaps,
            contexts=self.contexts,
            first=self.first,
            read=self.ground.read,
            version=self.ground.version,
        )
        if not doubts.doubts():
            return found
        return [_believed(row, target, metrics) for row, target in zip(found, targets, strict=True)]

    def _few(self, periods: Collection[Period]) -> frozenset[Period]:
        """Periods in which the chosen intent or tier is hidden: as its line is in the table beside all the others."""
        scope, first = self.grant.scope, self.first
        line, lines = lines_beside(scope)
        if first is None or first >= self.as_of or line not in lines:
            return frozenset(periods)
        ever = busiest_ever({label: unit.work for label, unit in lines.items()}, self.ground.read, self.ground.version)
        crews = iter([row.crew for row in self._estimated([Target(unit, period) for period in periods for unit in lines.values()], [])])
        sizes = {period: {label: next(crews) for label in lines} for period in periods}
        return frozenset(period for period in periods if line in hidden_lines(sizes[period], ever, OPERATIONAL_K))

    def balanced(self, row: Row, target: Target, scope: str, *, texts: bool = True) -> Four:
        """The four of one row, protected and gated."""
        setting = replace(self.setting, texts=texts)
        return balanced(
            shield(row.estimates, target.unit, row.crew, target.period, setting), scope=scope, period=target.period, setting=setting
        )

    def four(self, asked: Sequence[Wanted]) -> list[Four]:
        """Results for many units and periods at once, each protected and gated on its own; what is known is not made again."""
        found = self._known.here(asked)
        if None in found:
            with one_at_a_time:
                found = self._made(self._known.anywhere(asked), asked)
        return [four for four in found if four is not None]

    def _made(self, found: Sequence[Four | None], asked: Sequence[Wanted]) -> list[Four | None]:
        new = [item for item, four in zip(asked, found, strict=True) if four is None]
        rows = self.rows([item.target for item in new], list(headlines().values()))
        made = [self.balanced(row, item.target, item.scope, texts=item.texts) for item, row in zip(new, rows, strict=True)]
        self._known.keep(new, made)
        rest = iter(made)
        return [four or next(rest) for four in found]

    def standing(self, what: Hashable, fours: Sequence[Four], make: Callable[[], Found]) -> Found:
        """What is made of several of the four, once for each version where all of those are kept; the very same object then."""
        version = current()
        keeps = version and not is_uncommon(self.unit) and all(map(lasting, fours))
        return known((self.unit, what, *self._known.asked), make) if keeps else make()

    @cached_property
    def _known(self) -> KnownFours:
        scope = self.grant.scope
        return KnownFours((scope.queue, scope.channel, scope.intent, scope.tier, self.as_of, get_language(), self.setting.k))


def _believed(row: Row, target: Target, metrics: Sequence[Metric]) -> Row:
    """Without what may not be trusted at this moment. It is taken out here and not where estimates are kept, for it comes with time."""
    kept = {
        metric.key: doubts.withheld(row.estimates[metric.key], metric, target.period, target.unit.sites)
        for metric in metrics
        if metric.key in row.estimates
    }
    return replace(row, estimates={**row.estimates, **kept})


def data_version() -> str:
    """Of the totals; empty outside of an answer, so that nothing is kept."""
    version = current()
    return version.data if version else ""


def ground_for(further: Sequence[Metric] = (), teams: frozenset[int] = frozenset()) -> Ground:
    """Whatever the headlines need, and further metrics with them; `teams` are those of the question."""
    there, version = organisation(teams), data_version()
    metrics = (*headlines().values(), *(metric for metric in further if not metric.headline))
    as_of, first = data_as_of(), gaps.first_day(version)
    loaded = Period(first, as_of) if first and as_of and first < as_of else None
    return Ground(
        there=there,
        version=version,
        as_of=as_of,
        metrics=metrics,
        gaps=gaps.gap_days(sorted(there.site_names), version),
        first=first,
        answered=guard_ever(there, _k(), version),
        steady=steady_crews(there, loaded, measures_of(metrics), version),
    )


def desk_for(granted: Grant, query: Query, further: Sequence[Metric] = (), ground: Ground | None = None) -> Desk:
    """A desk of its own for one question, on the ground of the others where there are others."""
    ground = ground or ground_for(further, granted.scope.teams)
    there, read, version, as_of = ground.there, ground.read, ground.version, ground.as_of or query.period.end
    cut = granted.scope.sliced
    unit = sliced_unit(granted.scope, query.period, there) if cut else unit_of(granted, query.period, there, read, version)
    contexts = contexts_for(ground.metrics, sorted(there.site_names), query.period)
    periods = _guarded_periods(unit, query, as_of, ground.first)
    counted = {} if cut else crews_by_period(_all_teams(granted.scope, there), periods, read, version)
    crews = Guard(there, counted, OPERATIONAL_K, ground.steady)
    least = {metric.key: max(metric.min_people, FLOOR) for metric in further}
    crowds = {
        key: Guard(there, counts, least[key], ground.steady if least[key] == OPERATIONAL_K else None)  # ten is a matter of headcount
        for key, counts in crowds_of(further, there, periods, as_of, version).items()
    }
    return Desk(granted, query, ground, unit, as_of, contexts, Setting(as_of, ground.answered, crews, _k(), crowds=crowds))


def _k() -> int:
    return max(settings.WELLBEING_MIN_GROUP, FLOOR)


def _all_teams(scope: Scope, there: Organisation) -> dict[int, Unit]:
    """Every team's work inside the filters, whoever asks: what is hidden must not depend on who looks."""
    return team_units(sorted(there.site_of), replace(scope, teams=frozenset(), site=None), there)


def _guarded_periods(unit: Unit, query: Query, as_of: date, first: date | None) -> list[Period]:
    """Periods for which people have to be counted team by team: those of rows, and all of a scope that names teams or one site."""
    periods = [period for period in (query.period, query.comparison) if period]
    trend = stretches(query.period, as_of, first) if unit.asked or len(unit.sites) == 1 else []
    return [*periods, *(weeks_inside(period, query, as_of) for period in periods), *trend]


def weeks_inside(period: Period, query: Query, as_of: date) -> Period:
    """The whole weeks of the chosen period that are over; of the one it is compared with the very same weeks so much earlier."""
    if query.period.end > as_of:
        return whole_weeks(period)  # its figures say that it is not over
    found, back = complete_weeks(query.period, as_of), query.period.start - period.start
    return Period(found.start - back, found.end - back) if back.days % 7 == 0 else whole_weeks(period)


def stretches(period: Period, as_of: date, first: date | None) -> list[Period]:
    """Stretches of four whole ISO weeks back from the last Monday of the period: the same ones whatever day the period ends on,
    so that two mornings do not differ by a day (C7), and so that they are read from the rows of weeks."""
    end = min(period.end, as_of)
    end -= timedelta(end.weekday())
    starts = [end - timedelta(days=TREND_DAYS * i) for i in range(TREND_POINTS, 0, -1)]
    return [Period(start, start + timedelta(days=TREND_DAYS)) for start in starts if start >= (first or period.start)]


def in_whole_weeks(query: Query) -> Query:
    """C7: figures exist for whole calendar weeks only, of every scope, so that no two answers differ by a day. Of the week that is still
    coming in nothing is told either: it would be another answer every morning."""
    period, other = _told(query.period), query.comparison
    if other is None:
        return replace(query, period=period)
    if other.days == query.period.days:  # what is cut off here has nothing to be compared with there
        other = Period(other.start + (period.start - query.period.start), other.end + (period.end - query.period.end))
    return replace(query, period=period, comparison=_told(other))


def _told(period: Period) -> Period:
    """The week that is still coming in is left out; of what lies ahead there is nothing yet."""
    as_of = data_as_of()
    return whole_weeks(period) if as_of is None or whole_weeks(period).start >= as_of else complete_weeks(period, as_of)
