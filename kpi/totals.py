"""Reads totals: any member, any window, from the packed day and week rows, in a handful of queries.

The plan of a window says which stored rows make up each of its blocks; kpi/shelves.py adds them up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.db.models import Q

from kpi.metric import Measure, Totals, Window
from kpi.models import Rollup
from kpi.shelves import Library, Shelf, Stretch


@dataclass(frozen=True)
class Members:
    """Rows of one dimension taken together."""

    dimension: str
    ids: tuple[int, ...]


EVERYTHING = Members("all", (0,))


@dataclass(frozen=True)
class Request:
    """One window of one group of members. Weeks that touch a gap day are left out."""

    members: Members
    window: Window
    gaps: frozenset[date] = frozenset()


def blocks_of(window: Window, gaps: frozenset[date] = frozenset()) -> list[tuple[date, list[Stretch]]]:
    """The blocks of a window and the stored rows that make up each."""
    if window.end <= window.start:
        return []
    if window.by == "all":
        return [(window.start, _stretches(window.start, window.end))]
    if window.by == "day":
        return [(window.start, [Stretch("d", window.start, window.end)])]
    count = max(1, (window.end - window.start).days // 7)
    edges = [window.start + timedelta(weeks=i) for i in range(count)] + [window.end]
    lost = {(day - window.start).days // 7 for day in gaps}
    return [(a, _stretches(a, b)) for i, (a, b) in enumerate(pairwise(edges)) if i not in lost and not (i == count - 1 and count in lost)]


def _stretches(start: date, end: date) -> list[Stretch]:
    """Whole ISO weeks from week rows, the days at the edges from day rows."""
    if start.weekday() == 0 and end.weekday() == 0:
        return [Stretch("w", start, end)]
    first = start + timedelta(-start.weekday() % 7)
    last = end - timedelta(end.weekday())
    if last <= first:
        return [Stretch("d", start, end)]
    found = [Stretch("d", start, first), Stretch("w", first, last), Stretch("d", last, end)]
    return [item for item in found if item.start < item.end]


def read_totals(requests: Sequence[Request], measures: Iterable[Measure] | None = None) -> list[list[tuple[date, Totals]]]:
    """For each request its blocks as (first day, Totals); a window by="all" gives one block. Days without rows are left out of by="day".

    With `measures` only those are unpacked, and only those may be looked at: a row holds the sums of all there are.
    """
    plans = [blocks_of(item.window, item.gaps) for item in requests]
    needed: dict[Shelf, tuple[set[int], set[tuple[date, date]]]] = defaultdict(lambda: (set(), set()))
    for item, plan in zip(requests, plans, strict=True):
        for _, stretches in plan:
            for stretch in stretches:
                members, ranges = needed[item.window.subject, item.members.dimension, stretch.grain]
                members.update(item.members.ids)
                ranges.add((stretch.start, stretch.end))
    asked = None if measures is None else frozenset(measure.key for measure in measures)
    library = Library({shelf: _fetch(shelf, members, ranges) for shelf, (members, ranges) in needed.items()}, asked)
    return [_answer(library, item, plan) for item, plan in zip(requests, plans, strict=True)]


def _answer(library: Library, request: Request, plan: list[tuple[date, list[Stretch]]]) -> list[tuple[date, Totals]]:
    subject, dimension, ids = request.window.subject, request.members.dimension, request.members.ids
    if request.window.by == "day":
        return library.days((subject, dimension, "d"), ids, plan[0][1][0]) if plan else []
    return [(first, totals) for (first, _), totals in zip(plan, library.blocks(subject, dimension, ids, plan), strict=True)]


def _fetch(shelf: Shelf, members: set[int], ranges: set[tuple[date, date]]) -> list[tuple[int, date, bytes]]:
    subject, dimension, grain = shelf
    wanted = Q()
    for start, end in _merged(ranges):
        wanted |= Q(start__gte=start, start__lt=end)
    rows = Rollup.objects.filter(wanted, subject=subject, dimension=dimension, grain=grain, member__in=members)
    found = [(member, start, bytes(data)) for member, start, data in rows.values_list("member", "start", "data")]
    return sorted(found, key=lambda row: (row[0], row[1]))


def _merged(ranges: set[tuple[date, date]]) -> list[tuple[date, date]]:
    """Touching ranges joined: a few wide reads instead of many narrow ones."""
    joined: list[tuple[date, date]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1] + timedelta(7):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
