"""How exactly a figure about people is told: whole means, banded counts, shares by five per cent (metrics.md C6)."""

from __future__ import annotations

from dataclasses import dataclass

from kpi.anonymity.thresholds import DEFAULT_K, enough_people
from kpi.words import rounded

STEP = 20  # a share is told in twentieths
LEAST, MOST = 1, STEP - 1  # and never as nobody or everybody
WIDTH, LAST_BAND = 5, 100
DETAIL_MIN = 30  # respondents before a minimum, maximum, standard deviation or distribution of items is told


@dataclass(frozen=True)
class Release:
    """A survey figure as it may leave: whole mean, banded count, share to the nearest 5 %."""

    shown: bool
    mean: int | None = None
    n_band: str | None = None
    share: str | None = None


def band(n: int) -> int:
    """Lower end of 10-14, 15-19, ..., 100+."""
    if n < 0:
        raise ValueError(f"{n} people cannot be counted: a count is 0 or more")
    return min(LAST_BAND, n - n % WIDTH)


def count_band(n: int, dash: str = "-") -> str:
    """10-14, 15-19, ..., 95-99, 100+."""
    low = band(n)
    return f"{LAST_BAND}+" if low == LAST_BAND else f"{low}{dash}{low + WIDTH - 1}"


def whole_share(share: float) -> float:
    """The nearest 5 %, never a unanimous group: 0.05 stands for "at most 5 %", 0.95 for "at least 95 %"."""
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, not {share}")
    return min(MOST, max(LEAST, int(rounded(share * STEP, 0)))) / STEP


def share_text(share: float) -> str:
    """ "<=5", "10", ..., "90", ">=95". What only rounds to 5 or 95 is told as such: 7 % is "5", not "<=5"."""
    percent = round(whole_share(share) * 100)
    if share <= LEAST / STEP:
        return f"<={percent}"
    return f">={percent}" if share >= MOST / STEP else str(percent)


def share_words(share: float) -> str:
    """The same as a page prints it, without its percent sign: "≤5", "10", ..., "≥95"."""
    return share_text(share).replace("<=", "≤").replace(">=", "≥")


def detail_allowed(n: int) -> bool:
    """May a minimum, maximum, standard deviation or item distribution of n respondents be told?"""
    return n >= DETAIL_MIN


def publish_sensitive(*, n: int, headcount: int, mean: float | None, share: float | None, k: int = DEFAULT_K) -> Release:
    """C2 and C6 for one figure about n of `headcount` people."""
    if not enough_people(n, headcount=headcount, k=k):
        return Release(shown=False)
    return Release(True, None if mean is None else int(rounded(mean, 0)), count_band(n), None if share is None else share_text(share))
