"""Reads totals: any member, any window, from the packed day and week rows, in a handful of queries.

The plan of a window says which stored rows make up each of its blocks; kpi/piles.py adds them up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import pairwise

from kpi.blocks import Blocks
from kpi.metric import Measure, Totals, Window
from kpi.piles import Bundle, Cut, Pile, cuts_of, totals_at
from kpi.shelves import Layout, Row, Sheet, Shelf, Stretch, layout_of
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


@dataclass(frozen=True, eq=False)
class Plan:
    """What a window is added up from: the first days of its blocks and, by grain, the rows of each."""

    starts: tuple[date, ...]
    cuts: tuple[Cut, ...]
    days: Stretch | None = None  # by="day": of this stretch each day that has a row


@lru_cache(maxsize=4096)
def _plan(window: Window, gaps: frozenset[date]) -> Plan:
    blocks = blocks_of(window, gaps)
    if window.by == "day":
        return Plan((), (), blocks[0][1][0] if blocks else None)
    return Plan(tuple(first for first, _ in blocks), cuts_of([stretches for _, stretches in blocks]))


def read_totals(requests: Sequence[Request], measures: Iterable[Measure] | None = None, version: str = "") -> list[Blocks]:
    """For each request its blocks as (first day, Totals); a window by="all" gives one block. Days without rows are left out of by="day".

    With `measures` only those are unpacked, and only those may be looked at: a row holds the sums of all there are.
    With the `version` of the data (ledger.data_version) shelves this process has laid out already are not read again.
    """
    asked = None if measures is None else frozenset(measure.key for measure in measures)
    sheets = _sheets(requests, asked, version)
    alike: dict[Hashable, list[int]] = defaultdict(list)
    for place, item in enumerate(requests):
        alike[item.members.dimension, item.window, item.gaps].append(place)
    found: dict[int, Blocks] = {}
    for places in alike.values():
        found.update(zip(places, _together([requests[place] for place in places], sheets), strict=True))
    return [found[place] for place in range(len(requests))]


def _together(requests: Sequence[Request], sheets: Mapping[Shelf, Sheet]) -> list[Blocks]:
    """Several groups that ask for the same window of the same rows."""
    window, dimension, plan = requests[0].window, requests[0].members.dimension, _plan(requests[0].window, requests[0].gaps)
    if window.by == "day":
        return [_by_day(sheets[window.subject, dimension, "d"], item.members.ids, plan.days) if plan.days else _none() for item in requests]
    if not plan.cuts:
        return [_none() for _ in requests]
    by_grain = {cut.grain: sheets[window.subject, dimension, cut.grain] for cut in plan.cuts}
    bundle = Bundle(by_grain, plan.cuts, len(plan.starts), [item.members.ids for item in requests])
    return [_blocks(plan.starts, Pile(bundle, place), item) for place, item in enumerate(requests)]


def _by_day(sheet: Sheet, ids: tuple[int, ...], stretch: Stretch) -> Blocks:
    days = sheet.days(ids, stretch)
    cuts = cuts_of([[Stretch("d", day, day + timedelta(1))] for day in days])
    return _blocks(days, Pile(Bundle({"d": sheet}, cuts, len(days), [ids]), 0))


def _blocks(starts: Sequence[date], pile: Pile, asked: Request | None = None) -> Blocks:
    return Blocks(starts, partial(totals_at, pile), pile, asked)


def _none() -> Blocks:
    return Blocks((), lambda _place: Totals())


def fewest(blocks: Blocks, measure: Measure) -> int:
    """Of the blocks in which there were any, the smallest number: of a measure that keeps its peak."""
    if isinstance(blocks.pile, Pile):
        blocks.pile.layout.check(measure.key)
        return blocks.pile.fewest(measure.key)
    return min((n for _, totals in blocks if (n := totals[measure].n)), default=0)


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
    sheets = _laid_out(needed, frozenset({measure.key, *(item.key for item in measures)}), version)
    return _peaks(sheets, measure, groups, plan)


def _peaks(sheets: Mapping[Shelf, Sheet], measure: Measure, groups: Sequence[Members], plan: Sequence[Stretch]) -> list[list[int]]:
    found = [[0] * len(plan) for _ in groups]
    for dimension in {group.dimension for group in groups}:
        mine = [i for i, group in enumerate(groups) if group.dimension == dimension]
        for grain in ("d", "w"):
            places = [i for i, stretch in enumerate(plan) if stretch.grain == grain]
            if not places:
                continue
            sheet = sheets[measure.subject, dimension, grain]
            bundle = Bundle({grain: sheet}, cuts_of([[plan[i]] for i in places]), len(places), [groups[i].ids for i in mine])
            for row, group in enumerate(mine):
                for at, value in zip(places, Pile(bundle, row).counts(measure.key), strict=True):
                    found[group][at] = value
    return found


def _inside(start: date, end: date) -> Stretch:
    first, last = start + timedelta(-start.weekday() % 7), end - timedelta(end.weekday())
    return Stretch("w", first, last) if first < last else Stretch("d", start, end)


def _sheets(requests: Sequence[Request], asked: frozenset[str] | None, version: str) -> dict[Shelf, Sheet]:
    """The sheets these requests are answered from, laid out whole where that is kept."""
    needed: Needed = defaultdict(lambda: (set(), set()))
    for item in requests:
        for grain, ranges in _ranges(item.window, item.gaps):
            members, days = needed[item.window.subject, item.members.dimension, grain]
            members.update(item.members.ids)
            days.update(ranges)
    return _laid_out(needed, asked, version)


@lru_cache(maxsize=4096)
def _ranges(window: Window, gaps: frozenset[date]) -> tuple[tuple[str, tuple[tuple[date, date], ...]], ...]:
    """By grain the days that are read, touching ones joined."""
    found: dict[str, set[tuple[date, date]]] = defaultdict(set)
    for _, stretches in blocks_of(window, gaps):
        for stretch in stretches:
            found[stretch.grain].add((stretch.start, stretch.end))
    return tuple((grain, tuple(_merged(days))) for grain, days in found.items())


def _laid_out(needed: Needed, asked: frozenset[str] | None, version: str) -> dict[Shelf, Sheet]:
    if not version or asked is None:
        rows = {shelf: fetch(shelf, members, _merged(ranges)) for shelf, (members, ranges) in needed.items()}
        return {shelf: Sheet(found, layout) for shelf, found, layout in _own_layouts(rows, asked)}
    sheets = {}
    for shelf, (members, ranges) in needed.items():
        layout = standing.layout(version, shelf[0], asked)
        sheets[shelf] = standing.sheet(version, shelf, layout) or Sheet(fetch(shelf, members, _merged(ranges)), layout)
    return sheets


def _own_layouts(rows: Mapping[Shelf, list[Row]], asked: frozenset[str] | None) -> Iterator[tuple[Shelf, list[Row], Layout]]:
    """The shelves of one subject share their columns."""
    subjects = {subject for subject, *_ in rows}
    layouts = {subject: layout_of([found for shelf, found in rows.items() if shelf[0] == subject], asked) for subject in subjects}
    yield from ((shelf, found, layouts[shelf[0]]) for shelf, found in rows.items())


def _merged(ranges: set[tuple[date, date]]) -> list[tuple[date, date]]:
    """Touching ranges joined: a few wide reads instead of many narrow ones."""
    joined: list[tuple[date, date]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1] + timedelta(7):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
