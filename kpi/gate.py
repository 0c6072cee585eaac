"""The companion rule (metrics.md 0.4): a saving has a value only beside CSAT, AWI and RQ of the same scope and period.

Pure; there is no override, and no role that skips it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpi.metric import Status

STALE_AFTER_DAYS = 92  # policy
COMPANIONS = ("csat", "awi", "rq")
ACCEPTED = frozenset({Status.OK, Status.SMALL_SAMPLE, Status.PARTIAL, Status.PROVISIONAL})


@dataclass(frozen=True)
class Claim:
    """What is said about one metric: value, status, the scope and period it speaks of, and how old it is."""

    value: float | None
    status: Status
    scope: object
    age_days: int | None = None


@dataclass(frozen=True)
class Decision:
    """Whether the saving may be shown, and as what."""

    shown: bool
    value: float | None
    status: Status
    reasons: tuple[str, ...]


def gate(saving: Claim, companions: Mapping[str, Claim | None]) -> Decision:
    """Negative savings are gated too. Reasons in the order csat, awi, rq."""
    reasons = tuple(reason for name in COMPANIONS if (reason := _gap(name, saving, companions.get(name))))
    if reasons:
        return Decision(False, None, Status.WITHHELD, reasons)
    shown = saving.status.shows_value and saving.value is not None
    return Decision(shown, saving.value if shown else None, saving.status, ())


def _gap(name: str, saving: Claim, companion: Claim | None) -> str:
    """Why this companion does not stand beside the saving; empty when it does."""
    if companion is None:
        return f"{name}:absent"
    if companion.status is Status.CARRIED_FORWARD:
        if name != "awi":
            return f"{name}:carried_forward_not_allowed"
        if companion.age_days is None or companion.age_days > STALE_AFTER_DAYS:
            return "awi:stale"
    elif companion.status not in ACCEPTED:
        return f"{name}:{companion.status}"
    if companion.value is None:
        return f"{name}:absent"
    if companion.scope != saving.scope:
        return f"{name}:other_scope"
    return ""
