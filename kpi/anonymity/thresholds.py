"""The smallest group that may be shown (metrics.md C2). The floor is a constant: no setting and no caller goes below it."""

from __future__ import annotations

FLOOR = 5  # no operator may lower k below this
DEFAULT_K = 10  # policy: respondents behind a figure from survey answers, absence or attrition
HEADCOUNT_MIN = 10  # people in the group, whatever k
OPERATIONAL_K = FLOOR  # agents behind occupancy, handling time, prompts


def smallest_group(k: int | None = None) -> int:
    """The k in force, ten where nobody says; ValueError below the floor, whoever asks."""
    if k is None:
        return DEFAULT_K
    if k < FLOOR:
        raise ValueError(f"a group of {k} may not be shown: k is at least {FLOOR}")
    return k


def enough_people(n: int, *, headcount: int | None = None, k: int | None = None) -> bool:
    """True when n respondents out of `headcount` people (None: not known) may be spoken about at all."""
    if n < 0:
        raise ValueError(f"{n} people cannot have answered: a number of respondents is 0 or more")
    if headcount is not None and n > headcount:
        raise ValueError(f"{n} answers cannot come from {headcount} people")
    return n >= smallest_group(k) and (headcount is None or headcount >= HEADCOUNT_MIN)
