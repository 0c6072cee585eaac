"""Was it resolved? First contact resolution, containment and their composite, from plain records (metrics.md D1, D4, D6)."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kpi.metric import CONFIDENCE, Status
from kpi.uncertainty import Interval, wilson, z_of

WEIGHTS = {"fcr": 0.35, "ccr": 0.25, "qa": 0.20, "ai_integrity": 0.20}
FEWEST = {"fcr": 30, "ccr": 30, "qa": 20, "ai_integrity": 30}
FLOOR = 0.01


@dataclass(frozen=True)
class Contact:
    """An inbound contact: its customer (None = not known), the intent group, and when it opened and closed."""

    id: int
    customer: str | None
    intent: str
    opened_at: datetime
    closed_at: datetime

    def __post_init__(self) -> None:
        if self.closed_at < self.opened_at:
            raise ValueError(f"contact {self.id} closed before it opened: {self.opened_at} to {self.closed_at}")


@dataclass(frozen=True)
class FirstContact:
    """FCR and every contact's fate; the limits and the value are None without a mature opener."""

    numerator: int
    denominator: int
    immature: int
    repeats: int
    concurrent: int
    unidentified: int
    interval: Interval | None

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


def first_contact_resolution(
    contacts: Iterable[Contact], as_of: datetime, window_days: float = 7, conf: float = CONFIDENCE
) -> FirstContact:
    """D1 by the letter; ties of the opening second are ordered by id. `as_of` is the moment up to which data are complete."""
    window, chains, unidentified = timedelta(days=window_days), defaultdict[tuple[str, str], list[Contact]](list), 0
    for contact in contacts:
        if contact.customer is None:
            unidentified += 1
        else:
            chains[contact.customer, contact.intent].append(contact)
    counts = {"concurrent": 0, "repeat": 0, "immature": 0, "resolved": 0, "returned": 0}
    for chain in chains.values():
        for fate in _fates(sorted(chain, key=lambda contact: (contact.opened_at, contact.id)), as_of, window):
            counts[fate] += 1
    mature = counts["resolved"] + counts["returned"]
    return FirstContact(
        counts["resolved"],
        mature,
        counts["immature"],
        counts["repeat"],
        counts["concurrent"],
        unidentified,
        wilson(counts["resolved"], mature, conf) if mature else None,
    )


def _fates(chain: Sequence[Contact], as_of: datetime, window: timedelta) -> Iterable[str]:
    openings = [contact.opened_at for contact in chain]
    for place, contact in enumerate(chain):
        earlier = chain[:place]
        if any(other.closed_at > contact.opened_at for other in earlier):
            yield "concurrent"
        elif any(contact.opened_at - window <= other.closed_at <= contact.opened_at for other in earlier):
            yield "repeat"
        elif contact.closed_at + window > as_of:
            yield "immature"
        else:
            after = bisect_right(openings, contact.closed_at)
            yield "returned" if after < len(chain) and openings[after] <= contact.closed_at + window else "resolved"


@dataclass(frozen=True)
class Session:
    """A session begun with the AI, ended and mature; `confirmed` is the customer's own word, None where nobody asked."""

    human_joined: bool
    repeat_within_window: bool = False
    asked_human: bool = False
    confirmed: bool | None = None

    @property
    def false(self) -> bool:
        """Contained in name only (D4): several reasons count once."""
        return not self.human_joined and (self.repeat_within_window or self.asked_human or self.confirmed is False)


@dataclass(frozen=True)
class Containment:
    """Shares of sessions, and of AI-only sessions for the false ones; None where there is nothing to divide by. Always shown together."""

    raw: float | None
    false_rate: float | None
    true: float | None
    sessions: int
    ai_only: int
    false: int


def containment(sessions: Sequence[Session]) -> Containment:
    """D4. raw = without a human / sessions, false rate = false / AI-only, true = (AI-only - false) / sessions."""
    n, alone = len(sessions), sum(not session.human_joined for session in sessions)
    false = sum(session.false for session in sessions)
    return Containment(alone / n if n else None, false / alone if alone else None, (alone - false) / n if n else None, n, alone, false)


@dataclass(frozen=True)
class Part:
    """A part of resolution quality as a share in [0, 1] with its variance."""

    n: int
    p: float
    variance: float

    @staticmethod
    def of_share(k: float, n: int) -> Part:
        """Variance by the add-two rule, so that 0 and 1 are not certain (D6)."""
        if not 0 <= k <= n or n < 1:
            raise ValueError(f"{k} of {n} is not a share")
        q = (k + 2) / (n + 4)
        return Part(n, k / n, q * (1 - q) / (n + 4))

    @staticmethod
    def of_score(mean: float, sd: float, n: int) -> Part:
        """A mean score 0-100."""
        if not 0 <= mean <= 100 or sd < 0 or n < 1:
            raise ValueError(f"a score lies between 0 and 100 and has a spread from 0: {mean}, {sd}, n = {n}")
        return Part(n, mean / 100, (sd / 100) ** 2 / n)


@dataclass(frozen=True)
class Quality:
    """Resolution quality 0-100 with its limits, or why there is none."""

    status: Status
    interval: Interval | None
    missing: tuple[str, ...]


def resolution_quality(parts: Mapping[str, Part | None], conf: float = CONFIDENCE) -> Quality:
    """D6: weighted geometric mean of the parts with a large enough sample; at least two, one of them fcr or ccr."""
    unknown = set(parts) - set(WEIGHTS)
    if unknown:
        raise ValueError(f"resolution quality has the parts {', '.join(WEIGHTS)}, not {', '.join(sorted(unknown))}")
    used = {key: part for key in WEIGHTS if (part := parts.get(key)) is not None and part.n >= FEWEST[key]}
    missing = tuple(key for key in WEIGHTS if key not in used)
    if len(used) < 2 or not used.keys() & {"fcr", "ccr"}:
        return Quality(Status.INSUFFICIENT, None, missing)
    total = sum(WEIGHTS[key] for key in used)
    floored = {key: max(part.p, FLOOR) for key, part in used.items()}
    value = 100 * math.exp(sum(WEIGHTS[key] * math.log(p) for key, p in floored.items()) / total)
    variance = sum((WEIGHTS[key] / total) ** 2 * part.variance / floored[key] ** 2 for key, part in used.items())
    reach = math.exp(z_of(conf) * math.sqrt(variance))
    return Quality(Status.PARTIAL if missing else Status.OK, Interval(value, value / reach, min(100.0, value * reach)), missing)
