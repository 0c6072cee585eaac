"""What changed since the period a panel is compared with, the surest first. Pure.

A saving is never among them: it stands in the panel, beside its companions. What one comparison alone would call a change must hold among
all that are looked at here together (metrics.md A4).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpi import registry, words
from kpi.compare import FALSE_DISCOVERY, p_value
from kpi.metric import Family
from kpi.result import Column, Moved, TeamRow
from kpi.uncertainty import benjamini_hochberg

MOST = 8
COMPANIONS = (Family.CUSTOMER, Family.WELLBEING, Family.RESOLUTION)


@dataclass(frozen=True)
class _Candidate:
    """One comparison, of the whole scope or of a team in it."""

    team: TeamRow | None
    column: Column


def changes_of(columns: Sequence[Column], teams: Sequence[TeamRow]) -> tuple[Moved, ...]:
    """At most eight, those of the least doubt first."""
    found = list(_candidates(columns, teams))
    if not found:
        return ()
    kept = [True] * len(found)
    if len(found) > len(COMPANIONS):
        _adjusted, kept = benjamini_hochberg([p_value(item.column.change) for item in found], FALSE_DISCOVERY)
    sure = [item for item, sure in zip(found, kept, strict=True) if sure and item.column.change.distinguishable]
    return tuple(_moved(item) for item in sorted(sure, key=_doubt)[:MOST])


def _candidates(columns: Sequence[Column], teams: Sequence[TeamRow]) -> Iterator[_Candidate]:
    """A scope of one team is that team."""
    each = [(None, columns), *((row, row.columns) for row in teams if len(teams) > 1)]
    for team, own in each:
        for column in own:
            if column.result.family in COMPANIONS and column.change.low is not None and column.result.shown:
                yield _Candidate(team, column)


def _doubt(item: _Candidate) -> tuple[float, bool, str]:
    """The share of its size that a change may be off; of equally sure ones the whole before its teams."""
    change = item.column.change
    width = (change.high or 0.0) - (change.low or 0.0)
    return width / abs(change.value or 1e-9), item.team is not None, item.team.label if item.team else ""


def _moved(item: _Candidate) -> Moved:
    result, change = item.column.result, item.column.change
    return Moved(
        team=item.team.team if item.team else None,
        where=item.team.label if item.team else "",
        metric=result.metric,
        label=result.label,
        family=result.family,
        text=f"{result.text}{words.NARROW}{result.unit_text}".strip(),
        change=change,
        interval_text=words.signed_interval(change.low, change.high, registry.metrics()[result.metric].unit),
        sample_text=result.sample_text,
    )
