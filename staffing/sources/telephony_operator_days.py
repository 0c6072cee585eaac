"""Operator days of a telephony provider: sums of calls and seconds for each operator, day, direction and outcome.

No contact is made of a sum. A working day of ours needs the paid time and the team, which the file does not have; without them
occupancy, shrinkage and every FTE would be wrong. So it is read, told, and refused.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi.source import Guide, Source

SUMS = ("calls_count", "call_duration", "total_call_duration")
HEADER = ("user_id", "date", "direction", "internal", "operator_id", "is_missed_call", *SUMS)


def refuse(frames: Iterable[pl.DataFrame]) -> str:
    """What the file holds, exact copies counted once, and what to send instead. A day with an offset is a day, not a moment."""
    rows = pl.concat(list(frames)).drop("line")
    once = rows.unique(maintain_order=True).with_columns(pl.col(name).cast(pl.Int64, strict=False) for name in SUMS)
    days = once["date"].str.slice(0, 10)
    talk, whole = (int(once[name].sum()) for name in SUMS[1:])
    return gettext(
        "these are sums for each operator and day: %(rows)s rows (%(copies)s of them exact copies) from %(first)s to %(last)s "
        "with %(calls)s calls, "
        "%(talk)s s of talk and %(wait)s s of waiting. No contact can be made of a sum, and a working day needs paid time and "
        "team, which are not in "
        "it. Send the calls one by one (interactions_csv), and the working days with paid_s and team (agent_days_csv). Nothing is stored."
    ) % {
        "rows": rows.height, "copies": rows.height - once.height, "first": days.min(), "last": days.max(),
        "calls": once["calls_count"].sum(), "talk": talk, "wait": whole - talk,
    }  # fmt: skip


SOURCE = Source(
    key="telephony_operator_days",
    label=_("Telephony operator days (refused, with what to send)"),
    stores="staffing.AgentDay",
    columns=(),
    identity=("day", "agent"),
    header=HEADER,
    refuse=refuse,
    guide=Guide(
        file=_("calls and seconds added up for each operator, day, direction and outcome, as CSV"),
        export=_("the statistics page of the provider"),
        missing=_("single calls, paid time, the team of an operator, waiting on queue without a call"),
        rules=_(
            "It holds handling seconds only; a working day with paid time unknown would make shrinkage and FTE wrong, so none is stored."
        ),
    ),
)
