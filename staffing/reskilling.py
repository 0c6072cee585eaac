"""Reskilling: how many whose role ended work in a new one, how many finish what they entered (metrics.md E11). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

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
    if completed > entered:
        text = _("%(part)s people finished a course and only %(whole)s entered one: at most %(whole)s would be right")
        raise ValueError(text % {"part": completed, "whole": entered})
    if redeployed_6m > displaced:
        text = _("%(part)s people hold a new role and only %(whole)s lost theirs: at most %(whole)s would be right")
        raise ValueError(text % {"part": redeployed_6m, "whole": displaced})
    return Reskilling(redeployed_6m / displaced if displaced else None, completed / entered if entered else None)
