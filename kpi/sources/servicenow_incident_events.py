"""ServiceNow incident event log: one row is an event of a case; a case is what its last event says of it.

Sums over rows count every case many times over, so rows are joined first. Counts of reassignments and reopenings are kept by the
system and stand on every event; the newest is the one with the highest count of changes.
"""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.reading.merging import newest
from kpi.source import RECORD, Column, Guide, Join, Source
from kpi.sources._vendor import NO_QUEUE, in_order, truth

ID, STATE, CHANGES, UNKNOWN, QUEUE, END = "number", "incident_state", "sys_mod_count", "?", "assignment_group", "resolved_at"
RESOLVED, AGENT = "resolved", "assigned_to"
DONE = ("Resolved", "Closed")


def cases(raw: pl.DataFrame) -> pl.DataFrame:
    """The last event of each case, with what is written as ? unknown."""
    names = [name for name in raw.columns if name not in ("line", RECORD)]
    events = raw.with_columns(pl.when(pl.col(name) != UNKNOWN).then(pl.col(name)).alias(name) for name in names)
    last = newest(events, pl.col(CHANGES).cast(pl.Int64, strict=False)).with_columns(pl.col(RECORD).alias("line")).drop(RECORD)
    done = pl.col(STATE).is_in(DONE)
    return last.with_columns(
        pl.col(QUEUE).fill_null(NO_QUEUE),
        pl.when(done).then(pl.coalesce(END, "closed_at")).alias(END),
        pl.coalesce(AGENT, "resolved_by").alias(AGENT),
        truth(pl.when(done).then(pl.lit(value=True))).alias(RESOLVED),
    )


SOURCE = Source(
    key="servicenow_incident_events",
    label=_("ServiceNow incident event log"),
    stores="kpi.Interaction",
    join=Join(pl.col(ID), cases),
    header=(STATE, CHANGES),
    extra=("closed_at", "resolved_by", RESOLVED),
    people=("resolved_by",),
    check=in_order("ended_at"),
    guide=Guide(
        file=_("audit trail of incidents as CSV, one row for every event, as in the UCI event log"),
        export=_(
            "export the incident table with its history; choose the zone for the source (--zone), and --date-order where the file "
            "does not show it"
        ),
        missing=_(
            "wait, handle time, hold; whether a machine or a person handled it; when it was reopened (only how often); the "
            "team; the service level has "
            "no column of ours"
        ),
        rules=_(
            "The event with the highest sys_mod_count counts, ? is unknown. A case in state Resolved or Closed is resolved and "
            "ends at resolved_at, "
            "else closed_at; one in another state has no end yet, whatever stands there. A later file with newer events takes "
            "the place of what "
            "was stored: send files in their order."
        ),
        unverified=_("the names against a live account: they are those of the published log"),
    ),
    columns=(
        Column(ID, "external_id", cells.identifier, required=True),
        Column("opened_at", "started_at", cells.utc, required=True),
        Column(END, "ended_at", cells.utc),
        Column("contact_type", "channel", cells.text(64), required=True),
        Column(QUEUE, "queue", cells.text(120)),
        Column(AGENT, "agent", cells.pseudonym, person=True),
        Column("caller_id", "customer", cells.pseudonym, person=True),
        Column("category", "intent", cells.text(120)),
        Column("reassignment_count", "transfers", cells.count),
        Column(RESOLVED, "resolved", cells.boolean),
    ),
)
