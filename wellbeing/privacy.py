"""The smallest group that may be shown, and in which form (metrics.md C2, C3, C6). Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kpi.groups import FLOOR, suppress_children

DEFAULT_K = 10  # policy: respondents behind a wellbeing figure
HEADCOUNT_MIN = 10  # people in the group, whatever k
K_FLOOR = FLOOR  # no operator may lower k below this


def smallest_group(k: int | None) -> int:
    """The k in force; ValueError below the floor, whoever asks."""
    if k is None:
        return DEFAULT_K
    if k < K_FLOOR:
        raise ValueError(f"a group of {k} may not be shown: k is at least {K_FLOOR}")
    return k


@dataclass(frozen=True)
class Suppression:
    """Which children are hidden, and whether any of the parent can be shown."""

    suppressed: tuple[str, ...]
    status: str  # ok, parent_suppressed, children_withheld


def suppress_1d(children: Mapping[str, int], k: int = DEFAULT_K) -> Suppression:
    """C3: respondents by child of a published parent; hidden children in alphabetical order."""
    if any(n < 0 for n in children.values()):
        raise ValueError("a number of respondents is not negative")
    found = suppress_children(children, smallest_group(k))
    status = found.reason if found.reason in ("parent_suppressed", "children_withheld") else "ok"
    return Suppression(tuple(sorted(map(str, found.hidden))), status)


@dataclass(frozen=True)
class Release:
    """A survey figure as it may leave: whole mean, banded count, share to the nearest 5 %."""

    shown: bool
    mean: int | None = None
    n_band: str | None = None
    share: str | None = None


def count_band(n: int) -> str:
    """10-14, 15-19, ..., 95-99, 100+."""
    low = n - n % 5
    return "100+" if n >= 100 else f"{low}-{low + 4}"


def share_text(share: float) -> str:
    """The nearest 5 %, never a unanimous group."""
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, not {share}")
    if share <= 0.05:
        return "<=5"
    return ">=95" if share >= 0.95 else str(5 * _half_up(share * 20))


def publish_sensitive(*, n: int, headcount: int, mean: float | None, share: float | None, k: int = DEFAULT_K) -> Release:
    """C2 and C6 for one figure about n of `headcount` people."""
    if n > headcount:
        raise ValueError(f"{n} answers cannot come from {headcount} people")
    if n < smallest_group(k) or headcount < HEADCOUNT_MIN:
        return Release(shown=False)
    return Release(True, None if mean is None else _half_up(mean), count_band(n), None if share is None else share_text(share))


def _half_up(value: float) -> int:
    return math.floor(round(value, 9) + 0.5)
