"""What the gain ledger warns of (metrics.md E8), read from its figure: it is gated by the four, as on its page."""

from __future__ import annotations

from kpi.alert import Said, Sight
from kpi.metric import Status

LEDGER = "gain_ledger"


def warned(sight: Sight, reason: str) -> Said:
    column = sight.column(LEDGER)
    if column is None:
        return Said.UNKNOWN
    if column.result.shown:
        return Said.FIRES if reason in column.result.reasons else Said.QUIET
    return Said.QUIET if column.result.status is Status.NOT_APPLICABLE else Said.UNKNOWN
