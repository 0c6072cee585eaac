"""Reskilling: how many whose role ended work in a new one, how many finish what they entered (metrics.md E11). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from staffing import limits

MOST_PEOPLE = 1_000_000


@dataclass(frozen=True)
class Reskilling:
    """Shares from 0 to 1. None is `not_applicable`: nobody was displaced, or nobody entered."""

    absorption: float | None
    completion: float | None


def reskilling(*, displaced: int, entered: int, completed: int, redeployed_6m: int) -> Reskilling:
    """People: whose role ended; who entered and finished a course; who of the displaced held a new role at the same
    employer six months later. ValueError for more finished than entered, or more redeployed than displaced."""
    counts = {"displaced": displaced, "entered": entered, "completed": completed, "redeployed": redeployed_6m}
    for name, count in counts.items():
        limits.whole(f"the number of {name} people", count, 0, MOST_PEOPLE)
    _part("finished a course", completed, "entered one", entered)
    _part("hold a new role", redeployed_6m, "lost theirs", displaced)
    return Reskilling(redeployed_6m / displaced if displaced else None, completed / entered if entered else None)


def _part(some: str, part: int, every: str, whole: int) -> None:
    if part > whole:
        raise ValueError(f"{part} people {some} and only {whole} {every}: at most {whole} would be right")
