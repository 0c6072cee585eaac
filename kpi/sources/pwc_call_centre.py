"""The PwC call-centre file (training material): one row per call, with resolution, speed of answer and a rating.

The file states no time zone; UTC is assumed and can be changed at the source in the admin. Unanswered calls have no speed,
duration or rating: they are unknown, not zero. The ratings are read from the same file by pwc_call_centre_ratings.
"""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.source import Cell, Column, DateOrder, Guide, Reading, Source


def started(raw: pl.DataFrame) -> pl.DataFrame:
    """Date and time of two columns as one moment."""
    return raw.with_columns(cells.iso_text(pl.col("Date"), pl.col("Time")).alias("Time"))


def _not_answered(text: pl.Expr, reading: Reading) -> Cell:
    answered = cells.boolean(text, reading)
    return Cell(~answered.value, answered.problem)


SOURCE = Source(
    key="pwc_call_centre",
    guide=Guide(
        file=_("call-centre file of a virtual internship, 2021: generated, not recorded"),
        export=_("part of the training material"),
        missing=_("hold, after-call work, customers, the zone of its times (UTC is assumed), machines"),
    ),
    label=_("PwC call-centre file"),
    stores="kpi.Interaction",
    zone="UTC",
    date_order=DateOrder.ISO,
    prepare=started,
    also=("pwc_call_centre_ratings",),
    header=("Date",),
    constants={"channel": "voice", "handled_by": "human"},
    columns=(
        Column("Call Id", "external_id", cells.identifier, required=True),
        Column("Time", "started_at", cells.utc, required=True),
        Column("Topic", "queue", cells.text(120), required=True),
        Column("Topic", "intent", cells.text(120), required=True),
        Column("Agent", "agent", cells.pseudonym, required=True, person=True),
        Column("Answered (Y/N)", "abandoned", _not_answered, required=True),
        Column("Speed of answer in seconds", "wait_s", cells.seconds()),
        Column("AvgTalkDuration", "talk_s", cells.clock_duration),
        Column("Resolved", "resolved", cells.boolean),
    ),
)
