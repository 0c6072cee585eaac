"""Genesys Cloud interactions view, exported as CSV: one conversation a row, lists of agents and queues in one cell.

The same view has many shapes: only one in full and with durations as hours, minutes and seconds is read, for a bare number could be
seconds or milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kpi import cells
from kpi.sentences import Sentence
from kpi.source import Column, Guide, Refused, Source
from kpi.sources._vendor import no_queue

FULL, USERS, QUEUE, ABANDONED, HANDLED = "Full Export Completed", "Users", "First Queue", "Abandoned", "handled_by"
DIRECTION, REMOTE = "Initial Direction", "Remote"


def prepare(raw: pl.DataFrame) -> pl.DataFrame:
    """The last of several agents; nobody where there is none."""
    person = pl.col(USERS).is_not_null()
    return raw.with_columns(
        pl.col(USERS).str.split(";").list.last().str.strip_chars(),
        no_queue(QUEUE),
        cells.handler(pl.lit(value=False), person).alias(HANDLED),
        pl.coalesce(ABANDONED, pl.when(person).then(pl.lit("false"))).alias(ABANDONED),
        pl.when(pl.col(DIRECTION).str.to_lowercase() != "outbound").then(pl.col(REMOTE)).alias(REMOTE),
    )


def whole(frames: Iterable[pl.DataFrame]) -> Mapping[str, Sentence]:
    """A partial export says so in its first column."""
    for frame in frames:
        partial = frame.filter(pl.col(FULL).str.to_lowercase().is_in(["no", "false"]))
        if partial.height:
            text = gettext_noop(
                "line %(line)s: “%(column)s” is “%(found)s”: this export is a part; nothing of it is read. Export a shorter period, and "
                "wait until it is whole."
            )
            raise Refused(text, line=partial["line"][0], column=FULL, found=partial[FULL][0])
    return {}


SOURCE = Source(
    key="genesys_view",
    label=_("Genesys Cloud interactions view (CSV)"),
    stores="kpi.Interaction",
    prepare=prepare,
    evidence=whole,
    header=(FULL, USERS),
    extra=(DIRECTION, HANDLED),
    guide=Guide(
        file=_("export of the view Interactions, CSV, one conversation a row"),
        export=_(
            "Performance, Interactions, Export: all columns, English, no summary row, durations as Hh:mm:ss; choose the zone "
            "of the export "
            "for the source (--zone)"
        ),
        missing=_(
            "the moments at which a person was asked for and reached; the bot's part (use the JSON); whether the matter was "
            "resolved; the team"
        ),
        rules=_(
            "Of several agents in a cell the last counts. Of a row without an agent nobody is known to have handled it, and it "
            "was abandoned only "
            "where the column Abandoned says so. A bare number as a duration is rejected: it could be seconds or milliseconds. A partial "
            "export is refused. Outbound rows have no customer."
        ),
        unverified=_(
            "the exact headers Conversation ID, Media Type, Abandoned, Remote, Total Talk and Total ACW; seen were Full Export "
            "Completed, Users, "
            "Date, Initial Direction, First Queue, Duration, Total Handle, Total Queue, Total IVR and Total Hold"
        ),
    ),
    columns=(
        Column("Conversation ID", "external_id", cells.identifier, required=True),
        Column("Date", "started_at", cells.utc, required=True),
        Column("Media Type", "channel", cells.text(64), required=True),
        Column(QUEUE, "queue", cells.text(120), required=True),
        Column(USERS, "agent", cells.pseudonym, required=False, person=True),
        Column(REMOTE, "customer", cells.pseudonym, person=True),
        Column(HANDLED, "handled_by", cells.handled),
        Column(ABANDONED, "abandoned", cells.boolean),
        Column("Total Queue", "wait_s", cells.clock_duration),
        Column("Total Talk", "talk_s", cells.clock_duration),
        Column("Total Hold", "hold_s", cells.clock_duration),
        Column("Total ACW", "wrap_s", cells.clock_duration),
    ),
)
