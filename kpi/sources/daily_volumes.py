"""Volumes of a whole centre by day, with averages: no contact is made of a sum, so the file is read, told, and refused."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi.source import Guide, Source

DAY, OFFERED, ANSWERED, LEFT, SPEED = "Fecha", "Incoming Calls", "Answered Calls", "Abandoned Calls", "Answer Speed (AVG)"


def refuse(frames: Iterable[pl.DataFrame]) -> str:
    """What the file holds; an average over days is weighted by the calls it stands for."""
    rows = pl.concat(list(frames))
    counts = rows.with_columns(pl.col(name).cast(pl.Float64, strict=False) for name in (OFFERED, ANSWERED, LEFT, SPEED))
    offered, answered, left = (int(counts[name].sum()) for name in (OFFERED, ANSWERED, LEFT))
    weighted = (counts[SPEED] * counts[ANSWERED]).sum()
    return gettext(
        "these are sums and averages of whole days: %(rows)s days from %(first)s to %(last)s with %(offered)s calls offered, "
        "%(answered)s answered and "
        "%(left)s abandoned, answered after %(speed)s s on average (weighted by answered calls). No contact, person or answer "
        "can be made of a sum, "
        "and an average has no interval without its calls. Send the calls one by one (interactions_csv or the source of your "
        "system). Nothing is stored."
    ) % {
        "rows": rows.height, "first": rows[DAY].min(), "last": rows[DAY].max(), "offered": offered, "answered": answered, "left": left,
        "speed": f"{weighted / answered:.1f}" if answered else "?",
    }  # fmt: skip


SOURCE = Source(
    key="daily_volumes",
    label=_("Daily volumes (refused, with what to send)"),
    stores="kpi.Interaction",
    columns=(),
    header=(DAY, OFFERED, ANSWERED, LEFT, SPEED),
    refuse=refuse,
    guide=Guide(
        file=_("calls offered, answered and abandoned by day, with averages, as CSV"),
        export=_("a spreadsheet or report of a whole centre"),
        missing=_("single calls, customers, people, teams, queues, channels, answers"),
        rules=_("A contact is never made up: a day of 217 calls gives no 217 contacts, and averages of days no average of calls."),
    ),
)
