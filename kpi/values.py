"""From totals to estimates: every metric over many units and periods, with all its windows read at once.

No saving leaves from here to a surface: kpi/panel.py is the only caller (import contracts keep it so).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings

from kpi import gaps, registry
from kpi.metric import Estimate, Evidence, Frame, Metric, Period, Status, Window
from kpi.scopes import Unit
from kpi.totals import Members, Request, read_totals

logger = logging.getLogger(__name__)

CREW = "agents"  # the measure that says how many people are behind contacts


@dataclass(frozen=True)
class Target:
    """One unit over one period."""

    unit: Unit
    period: Period


@dataclass(frozen=True)
class _Seat:
    """Where the answer to one request belongs."""

    target: int
    metric: str
    part: int  # index of the site part; -1 for the whole unit
    name: str
    by: str


Contexts = Mapping[str, Mapping[int, Any]]  # {metric key: {site: context}}


def contexts_for(metrics: Sequence[Metric], sites: Sequence[int], period: Period) -> Contexts:
    """What metrics must know beyond totals (baselines, signed assumptions), read once."""
    return {metric.key: metric.context(sites, period) for metric in metrics if metric.context is not None}


def estimate(
    targets: Sequence[Target], metrics: Sequence[Metric], *, as_of: date, known_gaps: gaps.Gaps, contexts: Contexts
) -> list[dict[str, Estimate]]:
    """One {metric key: Estimate} per target."""
    seats: list[_Seat] = []
    requests: list[Request] = []
    for index, target in enumerate(targets):
        for metric in metrics:
            for part, (work, people, sites, site) in enumerate(_pieces(metric, target.unit)):
                frame = Frame(target.period, as_of, _context(metric, contexts, site))
                for name, window in metric.windows(frame).items():
                    seats.append(_Seat(index, metric.key, part, name, window.by))
                    members = work if window.subject == "interaction" else people
                    requests.append(Request(members, window, gaps.missing(known_gaps, sites, window.start, window.end)))
    answers = dict(zip(seats, read_totals(requests), strict=True))
    by_owner: dict[tuple[int, str, int], list[_Seat]] = {}
    for seat in seats:
        by_owner.setdefault((seat.target, seat.metric, seat.part), []).append(seat)

    def evidence(index: int, metric: Metric, part: int, site: int | None) -> Evidence:
        mine = by_owner.get((index, metric.key, part), [])
        return Evidence(
            Frame(targets[index].period, as_of, _context(metric, contexts, site)),
            {seat.name: answers[seat][0][1] for seat in mine if seat.by == "all" and answers[seat]},
            {seat.name: answers[seat] for seat in mine if seat.by != "all"},
        )

    found = []
    for index, target in enumerate(targets):
        row = {}
        for metric in metrics:
            pieces = tuple(evidence(index, metric, part, site) for part, (*_, site) in enumerate(_pieces(metric, target.unit)))
            row[metric.key] = _with_gaps(_estimated(metric, pieces), target, known_gaps)
        found.append(row)
    return found


def _estimated(metric: Metric, pieces: tuple[Evidence, ...]) -> Estimate:
    """A definition that fails leaves its own place empty, with the reason; a saving that needs it is withheld."""
    try:
        return metric.estimate(pieces if metric.per_site else pieces[0])
    except Exception as error:
        logger.error("metric failed key=%s error=%s", metric.key, type(error).__name__, exc_info=error)
        return Estimate(Status.INSUFFICIENT, reasons=("computation:failed",))


def _pieces(metric: Metric, unit: Unit) -> list[tuple[Members, Members, frozenset[int], int | None]]:
    if metric.per_site:
        return [(part.work, part.people, frozenset({part.site}), part.site) for part in unit.parts]
    return [(unit.work, unit.people, unit.sites, None)]


def _context(metric: Metric, contexts: Contexts, site: int | None) -> Any:
    if metric.context is None:
        return {"k": settings.WELLBEING_MIN_GROUP}
    return contexts.get(metric.key, {}).get(site) if site is not None else None


def _with_gaps(result: Estimate, target: Target, known: gaps.Gaps) -> Estimate:
    """0.6: a period with a known gap above 5 % of its days is partial, and says so."""
    period = target.period
    lost = gaps.missing(known, target.unit.sites, period.start, period.end)
    if not result.status.shows_value or not gaps.is_partial(len(lost), period.days):
        return result
    status = result.status if result.status is Status.CARRIED_FORWARD else Status.PARTIAL
    return replace(result, status=status, reasons=(*result.reasons, f"gap:{len(lost)}_days"))


def crews(targets: Sequence[Target]) -> list[int]:
    """People behind the contacts of each target: the busiest day, never more than the true number; 0 = machine only."""
    measure = registry.measures().get(CREW)
    if measure is None:
        return [0] * len(targets)
    windows = [Request(item.unit.work, Window("interaction", item.period.start, item.period.end)) for item in targets]
    return [max((totals[measure].n for _, totals in blocks), default=0) for blocks in read_totals(windows)]
