"""Children of a published parent: hide the small ones, and enough beside them that none can be subtracted out (metrics.md C3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from kpi.anonymity.thresholds import DEFAULT_K, smallest_group


class Children(NamedTuple):
    """Outcome for the children of a published parent; `hidden` are ids."""

    reason: str  # "", "primary", "parent_suppressed", "children_withheld"
    hidden: frozenset[int | str]


def suppress_children(children: Mapping[int, int] | Mapping[str, int], k: int, rank: Mapping[int, int] | None = None) -> Children:
    """C3: hide children below k, and as many more as keep the hidden ones from being solved for.

    Those more are the smallest by `children`, or by `rank` where sizes that do not change with the question are known.

    `children` maps id to number of respondents. Children without answers are not hidden: they show "no answers".
    """
    k = smallest_group(k)
    if any(n < 0 for n in children.values()):
        raise ValueError("a number of respondents is 0 or more")
    filled: dict[int | str, int] = {key: n for key, n in children.items() if n > 0}
    if sum(filled.values()) < k:
        return Children("parent_suppressed" if filled else "", frozenset(filled))
    hidden = {key for key, n in filled.items() if n < k}
    if not hidden:
        return Children("", frozenset())
    sizes: Mapping[Any, int] = filled if rank is None else rank
    by_size = sorted(filled, key=lambda key: (sizes.get(key, filled[key]), key))
    while len(hidden) < 2 or sum(filled[key] for key in hidden) < k:
        rest = [key for key in by_size if key not in hidden]
        if not rest:
            break
        hidden.add(rest[0])
    everything = len(hidden) == len(filled)
    return Children("children_withheld" if everything else "primary", frozenset(hidden))


@dataclass(frozen=True)
class Suppression:
    """Which children are hidden, and whether any of the parent can be shown."""

    suppressed: tuple[str, ...]
    status: str  # ok, parent_suppressed, children_withheld


def suppress_1d(children: Mapping[str, int], k: int = DEFAULT_K) -> Suppression:
    """The same for children with names, hidden ones in alphabetical order."""
    found = suppress_children(children, k)
    return Suppression(tuple(sorted(map(str, found.hidden))), "ok" if found.reason in ("", "primary") else found.reason)


def leaves_a_few(teams: frozenset[int], blocks: Iterable[frozenset[int]], respondents: Mapping[int, int], k: int) -> bool:
    """True when this set of teams beside what is published tells about fewer than k people (C5 b, within one panel).

    `blocks` are disjoint sets published only as a whole: whatever of the set no block explains, and whatever remains of
    the blocks it cuts, could be worked out by subtraction.
    """
    found = list(blocks)
    part = teams.difference(*(block for block in found if block <= teams))
    rest = frozenset[int]().union(*(block - teams for block in found if block & part))
    return any(0 < sum(respondents.get(team, 0) for team in group) < k for group in (part, rest))
