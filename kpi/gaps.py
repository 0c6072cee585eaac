"""Days on which a site is known to have sent nothing although it usually works (metrics.md 0.6)."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from statistics import median

from django.db.models import Min

from kpi import ledger, registry
from kpi.metric import Window
from kpi.models import DueDay
from kpi.totals import Members, Request, read_totals
from kpi.warm import standing

SHARE = 0.05  # a stretch with more of its days missing is partial
USUAL = 10  # fewer contacts than this on a usual day: an empty day says nothing
SIDE = 2  # busy days of the same weekday on each side that say what is usual
NEIGHBOURS = 4  # weeks after the last busy day in which an empty one is still missed

Gaps = Mapping[int, frozenset[date]]


def gap_days(sites: Sequence[int], version: str = "") -> Gaps:
    """{site: days without a contact between its first and the last loaded day, though the weekday is usually busy}."""
    return standing.fact(version, ("gaps", tuple(sorted(sites))), lambda: _find(sites))


def _find(sites: Sequence[int]) -> Gaps:
    first, end = first_day(), ledger.horizon()
    if first is None or end is None or "contacts" not in registry.measures():
        return {site: frozenset() for site in sites}
    window = Window("interaction", first, end, by="day")
    contacts = registry.measures()["contacts"]
    answers = read_totals([Request(Members("site", (site,)), window) for site in sites], [contacts])
    return {site: empty_days({day: totals[contacts].n for day, totals in blocks}, end) for site, blocks in zip(sites, answers, strict=True)}


def first_day(version: str = "") -> date | None:
    """The first day with contacts."""
    return standing.fact(version, "first day", _first_day)


def _first_day() -> date | None:
    days: date | None = DueDay.objects.filter(subject="interaction", done__gt=0).aggregate(first=Min("day"))["first"]
    return days


def empty_days(contacts: Mapping[date, int], end: date) -> frozenset[date]:
    """Days with none between the first with some and `end`, whose weekday usually has at least USUAL.

    Usual is what the nearest busy days of the same weekday had, however far a long hole pushes them away; after the last
    busy day only for NEIGHBOURS weeks, for a site may have closed.
    """
    busy = sorted(day for day, count in contacts.items() if count)
    if not busy:
        return frozenset()
    by_weekday: dict[int, list[date]] = {weekday: [day for day in busy if day.weekday() == weekday] for weekday in range(7)}
    days = (busy[0] + timedelta(i) for i in range((end - busy[0]).days))
    return frozenset(day for day in days if not contacts.get(day) and _usual(contacts, by_weekday[day.weekday()], day) >= USUAL)


def _usual(contacts: Mapping[date, int], busy: Sequence[date], day: date) -> float:
    at = bisect(busy, day)
    before, after = busy[max(0, at - SIDE) : at], busy[at : at + SIDE]
    if not after:
        before = [other for other in before if day - other <= timedelta(weeks=NEIGHBOURS)]
    around = [contacts[other] for other in (*before, *after)]
    return median(around) if len(around) >= 2 else 0


def missing(gaps: Gaps, sites: frozenset[int], start: date, end: date) -> frozenset[date]:
    """Days of the range on which any of the sites has a gap."""
    return frozenset(day for site in sites for day in gaps.get(site, frozenset()) if start <= day < end)


@lru_cache(maxsize=1024)  # a year of days, asked for by every team of a table
def unloaded(start: date, end: date, first: date | None) -> frozenset[date]:
    """Days of the range before the first that was ever loaded: nobody knows what happened on them."""
    last = min(end, first) if first else start
    return frozenset(start + timedelta(i) for i in range((last - start).days))


def is_partial(days_missing: int, days: int) -> bool:
    return days_missing > SHARE * days
