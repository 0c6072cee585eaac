"""From totals to estimates: every metric over many units and periods, with all its windows read at once.

No saving leaves from here to a surface: kpi/panel.py is the only caller (import contracts keep it so).
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from kpi import gaps, registry
from kpi.blocks import Blocks
from kpi.metric import Estimate, Evidence, Frame, Measure, Metric, Period, Status, Window
from kpi.scopes import Unit
from kpi.totals import Members, Request, fewest, read_totals
from kpi.warm import standing

logger = logging.getLogger(__name__)

FAILED = "computation:failed"
CREW = "agents"  # the measure that says how many people are behind contacts


@dataclass(frozen=True)
class Target:
    """One unit over one period."""

    unit: Unit
    period: Period


@dataclass(frozen=True)
class Row:
    """What was found for one target: {metric key: estimate}, and how many people are behind its contacts at least."""

    estimates: Mapping[str, Estimate]
    crew: int


Framed = tuple[Members, Members, frozenset[int], Frame]  # contacts of, people of, sites, frame
Contexts = Mapping[str, Mapping[int, Any]]  # {metric key: {site: context}}


def contexts_for(metrics: Sequence[Metric], sites: Sequence[int], period: Period) -> Contexts:
    """What metrics must know beyond totals (baselines, signed assumptions), read once."""
    return {metric.key: metric.context(sites, period) for metric in metrics if metric.context is not None}


def estimate(
    targets: Sequence[Target],
    metrics: Sequence[Metric],
    *,
    as_of: date,
    known_gaps: gaps.Gaps,
    contexts: Contexts,
    first: date | None = None,
    read: Collection[Measure] = (),
    version: str = "",
) -> list[Row]:
    """Everything for all targets from one reading; windows that several targets share are read and added up once.

    `first` is the first day that was ever loaded; `read` are all measures of the request, where it asks for more than these metrics do.
    What was estimated before on the same version is not estimated again.
    """
    order = Order(as_of, known_gaps, contexts, first)
    asked = [Asked(target, {metric.key: _wanted(metric, target, order, version) for metric in metrics}) for target in targets]
    behind = [order.ask(target.unit.work, _behind(target), frozenset()) for target in targets]
    crew = registry.measures().get(CREW)
    order.fetch(read or measures_of(metrics), version)
    found = []
    for item, people in zip(asked, behind, strict=True):
        if item.target.period.start >= as_of:
            found.append(Row({metric.key: Estimate(Status.NO_DATA) for metric in metrics}, 0))
            continue
        made = {metric.key: _result(metric, item.target, item.wanted[metric.key], order, version) for metric in metrics}
        found.append(Row(made, fewest(order.answers[people], crew) if crew else 0))
    return found


@dataclass(frozen=True)
class Wanted:
    """An estimate that is known, or the pieces it will be made of."""

    key: Hashable  # under which it is kept; None where it cannot be
    known: Estimate | None
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True)
class Asked:
    """What is wanted for one target, by metric."""

    target: Target
    wanted: Mapping[str, Wanted]


def _wanted(metric: Metric, target: Target, order: Order, version: str) -> Wanted:
    frames = order.frames(metric, target)
    key: Hashable = (
        metric.key,
        target,
        order.as_of,
        order.first,
        get_language(),
        tuple(_context_key(metric, frame) for *_, frame in frames),
    )
    try:
        known = standing.recall(version, key)
    except TypeError:  # a context that has no hash
        return Wanted(None, None, order.pieces(metric, frames))
    return Wanted(key, known) if known is not None else Wanted(key, None, order.pieces(metric, frames))


def _context_key(metric: Metric, frame: Frame) -> Hashable:
    context: Hashable = settings.WELLBEING_MIN_GROUP if metric.context is None else frame.context
    return context


def _result(metric: Metric, target: Target, wanted: Wanted, order: Order, version: str) -> Estimate:
    if wanted.known is not None:
        return wanted.known
    result = _with_gaps(_estimated(metric, tuple(order.evidence(piece) for piece in wanted.pieces)), target, order)
    if wanted.key is not None and FAILED not in result.reasons:
        standing.keep(version, wanted.key, result)
    return result


def measures_of(metrics: Sequence[Metric]) -> tuple[Measure, ...]:
    """All that a reading for these metrics looks at."""
    crew = registry.measures().get(CREW)
    return tuple(dict.fromkeys([*(measure for metric in metrics for measure in metric.measures), *([crew] if crew else [])]))


def _behind(target: Target) -> Window:
    """In which days the people behind the contacts are counted: week by week, for two periods that differ by a week tell about that
    week, so the one in which the fewest worked decides."""
    return Window("interaction", target.period.start, target.period.end, by="week")


@dataclass(frozen=True)
class Piece:
    """The windows one estimate asks for: name -> (place of the answer, by)."""

    frame: Frame
    windows: Mapping[str, tuple[int, str]]


class Order:
    """Collects what all estimates want to read, each window once, and hands out the answers."""

    def __init__(self, as_of: date, known_gaps: gaps.Gaps, contexts: Contexts, first: date | None = None) -> None:
        self.as_of, self.known_gaps, self.contexts = as_of, known_gaps, contexts
        self.places: dict[Request, int] = {}
        self.answers: list[Blocks] = []
        self.first = first

    def ask(self, members: Members, window: Window, lost: frozenset[date]) -> int:
        """The place at which the answer will stand."""
        return self.places.setdefault(Request(members, window, lost if window.by == "week" else frozenset()), len(self.places))

    def frames(self, metric: Metric, target: Target) -> list[Framed]:
        """One for the unit, or one for each site of it."""
        return [
            (work, people, sites, Frame(target.period, self.as_of, _context(metric, self.contexts, site, target.period)))
            for work, people, sites, site in _pieces(metric, target.unit)
        ]

    def pieces(self, metric: Metric, frames: Sequence[Framed]) -> list[Piece]:
        """What each of them asks for."""
        made = []
        for work, people, sites, frame in frames:
            windows = {
                name: (self.ask(work if window.subject == "interaction" else people, window, self._lost(sites, window)), window.by)
                for name, window in metric.windows(frame).items()
            }
            made.append(Piece(frame, windows))
        return made

    def _lost(self, sites: frozenset[int], window: Window) -> frozenset[date]:
        return gaps.missing(self.known_gaps, sites, window.start, window.end)

    def fetch(self, measures: Collection[Measure], version: str) -> None:
        self.answers = read_totals(list(self.places), measures, version)

    def evidence(self, piece: Piece) -> Evidence:
        totals = {name: self.answers[at][0][1] for name, (at, by) in piece.windows.items() if by == "all" and self.answers[at]}
        return Evidence(piece.frame, totals, {name: self.answers[at] for name, (at, by) in piece.windows.items() if by != "all"})


def _estimated(metric: Metric, pieces: tuple[Evidence, ...]) -> Estimate:
    """A definition that fails leaves its own place empty, with the reason; a saving that needs it is withheld."""
    try:
        return metric.estimate(pieces if metric.per_site else pieces[0])
    except Exception as error:
        logger.error("metric failed key=%s error=%s", metric.key, type(error).__name__, exc_info=error)
        return Estimate(Status.INSUFFICIENT, reasons=(FAILED,))


def _pieces(metric: Metric, unit: Unit) -> list[tuple[Members, Members, frozenset[int], int | None]]:
    if metric.per_site:
        return [(part.work, part.people, frozenset({part.site}), part.site) for part in unit.parts]
    return [(unit.work, unit.people, unit.sites, None)]


def _context(metric: Metric, contexts: Contexts, site: int | None, period: Period) -> Any:
    if metric.context is None:
        return {"k": settings.WELLBEING_MIN_GROUP}
    known = contexts.get(metric.key, {}).get(site) if site is not None else None
    return known if known is None or metric.at is None else metric.at(known, period)


def _with_gaps(result: Estimate, target: Target, order: Order) -> Estimate:
    """0.6: a period that is not over, or with a known gap above 5 % of its days, is partial, and says so."""
    period = target.period
    lost = gaps.missing(order.known_gaps, target.unit.sites, period.start, period.end)
    lost |= gaps.unloaded(period.start, period.end, order.first)
    flags = ((f"gap:{len(lost)}_days",) if gaps.is_partial(len(lost), period.days) else ()) + (
        ("period:not_over",) if period.end > order.as_of else ()
    )
    if not result.status.shows_value or not flags:
        return result
    status = result.status if result.status is Status.CARRIED_FORWARD else Status.PARTIAL
    return replace(result, status=status, reasons=(*result.reasons, *flags))
