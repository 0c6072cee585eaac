"""The share without an event after some days, from counts by day: Kaplan-Meier as a life table of whole days (metrics.md D1). Pure.

A cohort is everybody who began on one day. It is cut off after as many whole days as were seen of it, which depends on the calendar
alone, so that censoring knows nothing of the outcome. Counts of cohorts that were seen equally long add up: no ratio has to be stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cohort:
    """n records that began together, how many had their first event on day 1, 2, ... and how many whole days were seen."""

    n: float
    events: Sequence[float]
    observed: int

    def __post_init__(self) -> None:
        if self.n < 0 or self.observed < 0 or any(count < 0 for count in self.events):
            raise ValueError(f"counts and days are 0 or more: n = {self.n}, events {list(self.events)}, {self.observed} days seen")
        if sum(self.events) > self.n:
            raise ValueError(f"{self.n} records cannot have {sum(self.events)} first events")


@dataclass(frozen=True)
class Survival:
    """After each day the share without an event; of the last day also its standard error (Greenwood) and the number it is worth.

    `effective_n`: the number of fully observed records that would give the same standard error; n itself where nothing is censored.
    """

    curve: tuple[float, ...]
    se: float
    effective_n: float

    @property
    def value(self) -> float:
        return self.curve[-1]


def survival(cohorts: Sequence[Cohort], days: int) -> Survival | None:
    """S(1) to S(days) of all cohorts together; None where nobody was seen to the end, for then S(days) is not known."""
    if days < 1:
        raise ValueError(f"a life table has at least one day, not {days}")
    curve, share, spread, worth = [], 1.0, 0.0, 0.0
    for day in range(days):
        seen = [cohort for cohort in cohorts if cohort.observed > day]
        risk = sum(cohort.n - sum(cohort.events[:day]) for cohort in seen)
        if risk <= 0 and share > 0:
            return None
        happened = sum(cohort.events[day] for cohort in seen if day < len(cohort.events))
        if 0 < happened < risk:
            spread += happened / (risk * (risk - happened))
        share *= 1 - happened / risk if risk > 0 else 1.0
        worth = risk if share > 0 or happened else worth
        curve.append(share)
    if not 0 < share < 1:  # Greenwood is zero at the edges: what was still at risk last bounds what is known
        return Survival(tuple(curve), 0.0, worth)
    variance = share * share * spread
    return Survival(tuple(curve), variance**0.5, share * (1 - share) / variance)
