"""Reads totals: any member, any window, from the packed day and week rows, in a handful of queries.

The plan of a window says which stored rows make up each of its blocks; kpi/shelves.py adds them up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from kpi.metric import Measure, Totals, Window
from kpi.shelves import Library, Sheet, Shelf, Stretch
from kpi.warm import fetch, standing

Needed = dict[Shelf, tuple[set[int], set[tuple[date, date]]]]  # members and days of each shelf


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


@lru_cache(maxsize=4096)  # a panel asks for the same weeks of many teams; nobody changes the lists
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


def read_totals(
    requests: Sequence[Request], measures: Iterable[Measure] | None = None, version: str = ""
) -> list[list[tuple[date, Totals]]]:
    """For each request its blocks as (first day, Totals); a window by="all" gives one block. Days without rows are left out of by="day".

    With `measures` only those are unpacked, and only those may be looked at: a row holds the sums of all there are.
    With the `version` of the data (ledger.data_version) shelves this process has laid out already are not read again.
    """
    plans = [blocks_of(item.window, item.gaps) for item in requests]
    needed: Needed = defaultdict(lambda: (set(), set()))
    for item, plan in zip(requests, plans, strict=True):
        for _, stretches in plan:
            for stretch in stretches:
                members, ranges = needed[item.window.subject, item.members.dimension, stretch.grain]
                members.update(item.members.ids)
                ranges.add((stretch.start, stretch.end))
    library = _library(needed, None if measures is None else frozenset(measure.key for measure in measures), version)
    return [_answer(library, item, plan) for item, plan in zip(requests, plans, strict=True)]


def read_highest(
    measure: Measure, groups: Sequence[Members], spans: Sequence[tuple[date, date]], measures: Iterable[Measure] = (), version: str = ""
) -> list[list[int]]:
    """For each group and each span of days its highest day, of a measure that keeps its peak (groups x spans).

    Counted over the whole ISO weeks inside the span, over its days where there is no such week: never more than the true peak.
    `measures` are what else the same request reads, so that one laid out shelf serves all.
    """
    plan = [_inside(start, end) for start, end in spans]
    needed: Needed = defaultdict(lambda: (set(), set()))
    for group in groups:
        for stretch in plan:
            members, ranges = needed[measure.subject, group.dimension, stretch.grain]
            members.update(group.ids)
            ranges.add((stretch.start, stretch.end))
    library = _library(needed, frozenset({measure.key, *(item.key for item in measures)}), version)
    return [_peaks(library, measure, group, plan) for group in groups]


def _peaks(library: Library, measure: Measure, group: Members, plan: Sequence[Stretch]) -> list[int]:
    found = [0] * len(plan)
    for grain in ("d", "w"):
        places = [i for i, stretch in enumerate(plan) if stretch.grain == grain]
        if places:
            shelf = (measure.subject, group.dimension, grain)
            for i, value in zip(places, library.highest(shelf, group.ids, [plan[i] for i in places], measure.key), strict=True):
                found[i] = value
    return found


def _inside(start: date, end: date) -> Stretch:
    first, last = start + timedelta(-start.weekday() % 7), end - timedelta(end.weekday())
    return Stretch("w", first, last) if first < last else Stretch("d", start, end)


def _library(needed: Needed, asked: frozenset[str] | None, version: str) -> Library:
    if not version or asked is None:
        return Library.of({shelf: fetch(shelf, members, _merged(ranges)) for shelf, (members, ranges) in needed.items()}, asked)
    layout = standing.layout(version, asked)
    sheets = {
        shelf: standing.sheet(version, shelf, layout) or Sheet(fetch(shelf, members, _merged(ranges)), layout)
        for shelf, (members, ranges) in needed.items()
    }
    return Library(sheets, layout)


def _answer(library: Library, request: Request, plan: list[tuple[date, list[Stretch]]]) -> list[tuple[date, Totals]]:
    subject, dimension, ids = request.window.subject, request.members.dimension, request.members.ids
    if request.window.by == "day":
        return library.days((subject, dimension, "d"), ids, plan[0][1][0]) if plan else []
    return [(first, totals) for (first, _), totals in zip(plan, library.blocks(subject, dimension, ids, plan), strict=True)]


def _merged(ranges: set[tuple[date, date]]) -> list[tuple[date, date]]:
    """Touching ranges joined: a few wide reads instead of many narrow ones."""
    joined: list[tuple[date, date]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1] + timedelta(7):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
