"""Which days are alike: the calendar of holidays, and a comparison that holds as many of them (metrics.md G1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from kpi import words
from kpi.comparable import HOLIDAY, kinds_of
from kpi.metric import Period
from kpi.models import Holiday, Site, Team
from kpi.result import Query, Scope

MOST_UNLIKE = 0.05  # of the days (policy): as many as a gap may have before a period is left out of comparisons (0.6)
WEEKS_BACK = 8  # how much further back a period before may lie, to find as many holidays
Calendar = Mapping[int, frozenset[date]]  # {site: its holidays}


@dataclass(frozen=True)
class Alike:
    """A question whose comparison holds days of the same kinds, or none. `note`: what still differs; `refused`: why there is none."""

    query: Query
    note: str = ""
    refused: str = ""


def on_like_days(query: Query, scope: Scope) -> Alike:
    """The question, compared with days of the same kinds (G1): weekdays are alike already, holidays are a kind of their own.

    Up to 5 % of unlike days are named; beyond that a "period before" goes further back, and where that does not help there is no
    comparison. A year earlier stays with its ISO weeks. A year without any holiday is one nobody entered: nothing is judged by it.
    `scope` is the granted one. One query where there is no holiday.
    """
    earlier = query.comparison
    if earlier is None:
        return Alike(query)
    back = [earlier] if query.comparison_key != "previous" else [_shifted(earlier, weeks) for weeks in range(WEEKS_BACK + 1)]
    first, last = back[-1].start.year, (query.period.end - timedelta(1)).year
    days = list(Holiday.objects.filter(day__year__gte=first, day__year__lte=last).values_list("day", "site"))
    if not days:
        return Alike(query)
    if unknown := sorted((_years(query.period) | _years(earlier)) - {day.year for day, _site in days}):
        return Alike(query, _("the calendar has no holidays of %(years)s") % {"years": ", ".join(map(str, unknown))})
    sites = sites_of(scope)
    calendar = calendar_of(sites, days)
    for found in back:
        if unlike(calendar, query.period, found) <= MOST_UNLIKE:
            return Alike(replace(query, comparison=found), _note(sites, calendar, query.period, found, earlier))
    said = {"days": words.span(earlier), "holidays": _counts(sites, calendar, query.period, earlier)}
    refused = _("Not compared with %(days)s: more than 5 %% of the days are holidays in one and not in the other (%(holidays)s).") % said
    return Alike(replace(query, comparison=None), refused=refused)


def _years(period: Period) -> set[int]:
    return {period.start.year, (period.end - timedelta(1)).year}


def _shifted(period: Period, weeks: int) -> Period:
    back = timedelta(weeks=weeks)
    return Period(period.start - back, period.end - back)


def sites_of(scope: Scope) -> dict[int, str]:
    """The sites of a granted scope, by name."""
    sites = Site.objects.all()
    if scope.site is not None:
        sites = sites.filter(pk=scope.site)
    elif scope.teams:
        sites = sites.filter(pk__in=Team.objects.filter(pk__in=scope.teams).values("site"))
    return dict(sites.values_list("pk", "name"))


def calendar_of(sites: Iterable[int], days: Iterable[tuple[date, int | None]]) -> Calendar:
    """The holidays of each of the sites, from pairs of a day and its site; None is every site."""
    pairs = list(days)
    return {site: frozenset(day for day, at in pairs if at is None or at == site) for site in sites}


def unlike(calendar: Calendar, period: Period, earlier: Period) -> float:
    """The share of days, from 0 to 1, that have no day of their kind in the other period; the mean over the sites."""
    shares = [_unlike(period, earlier, days) for days in calendar.values()]
    return sum(shares) / len(shares) if shares else 0.0


def _unlike(period: Period, earlier: Period, holidays: frozenset[date]) -> float:
    now, then = kinds_of(period, holidays), kinds_of(earlier, holidays)
    return (now - then).total() / period.days


def _note(sites: Mapping[int, str], calendar: Calendar, period: Period, found: Period, nearest: Period) -> str:
    counts = _counts(sites, calendar, period, found)
    weeks = (nearest.start - found.start).days // 7
    moved = _("%(weeks)d weeks further back, for days more alike") % {"weeks": weeks} if weeks else ""
    return "; ".join(part for part in (moved, counts) if part)


def _counts(sites: Mapping[int, str], calendar: Calendar, period: Period, earlier: Period) -> str:
    """How many holidays each period has, at the sites where they or the weekdays they fall on differ."""
    differ: Sequence[int] = [site for site, days in calendar.items() if _unlike(period, earlier, days)]
    said = []
    for site in differ:
        now, then = (kinds_of(item, calendar[site])[HOLIDAY] for item in (period, earlier))
        text = _("%(site)s: holidays on other weekdays") if now == then else _("%(site)s: holidays now %(now)d, then %(then)d")
        said.append(text % {"site": sites[site], "now": now, "then": then})
    return ", ".join(said)
