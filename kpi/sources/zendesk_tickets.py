"""Zendesk tickets with their metrics: one ticket; an incremental export returns it again with every update, and the newest counts."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.reading.merging import as_text, newest_row
from kpi.source import Column, Document, Guide, Join, Source
from kpi.sources._vendor import in_order, no_queue, truth, void

STATUS, STAMP, WAIT, STATIONS = "status", "updated_at", "metric_set.reply_time_in_minutes.calendar", "metric_set.assignee_stations"
DONE, HANDLED, RESOLVED, TRANSFERS = ("solved", "closed"), "handled_by", "resolved", "transfers"
SOLVED, GROUP, CHANNEL = "metric_set.solved_at", "group_id", "via.channel"


def tickets(raw: pl.DataFrame) -> pl.DataFrame:
    """One row for each ticket: the newest, minutes as seconds, stations as transfers."""
    minutes, stations = (pl.col(name).cast(pl.Float64, strict=False) for name in (WAIT, STATIONS))
    status = pl.col(STATUS)
    return newest_row(raw, STAMP).with_columns(
        pl.coalesce(as_text(minutes * 60), WAIT).alias(WAIT),
        pl.when(stations > 0).then(as_text(stations - 1)).otherwise(STATIONS).alias(TRANSFERS),
        no_queue(GROUP),
        truth(pl.when(status.is_in(DONE)).then(pl.lit(value=True))).alias(RESOLVED),
        void(cells.NO_CONTACT, status == "deleted", pl.lit(None, pl.String)).alias(HANDLED),
    )


SOURCE = Source(
    key="zendesk_tickets",
    label=_("Zendesk tickets"),
    stores="kpi.Interaction",
    document=Document(at="tickets"),
    join=Join(pl.col("id"), tickets),
    also=("zendesk_ticket_ratings",),
    extra=(STATUS, STAMP, STATIONS),
    check=in_order("ended_at"),
    guide=Guide(
        file=_("tickets as JSON (one page or several one after the other), or the table a connector makes of them, as CSV"),
        export=_(
            "GET /api/v2/incremental/tickets?include=metric_sets, or a connector such as Fivetran; a connector writes its "
            "moments without offset "
            "in UTC (--zone UTC)"
        ),
        missing=_(
            "handle time (only Talk calls have one; resolution time is not put in its place); whether a machine or a person "
            "handled it; when it was "
            "reopened (only how often); the team; the tier"
        ),
        rules=_(
            "Wait is the time to the first reply by the calendar, minutes as seconds: no time in a queue. Queue is the group, "
            "(none) without one. A "
            "ticket that is solved or closed is resolved; of an open one it is not known yet. Deleted tickets are rejected by "
            "name. Of a ticket "
            "that comes again the newest updated_at counts; in a later file it takes the place of what was stored. Merged "
            "tickets and follow-ups "
            "stay tickets of their own."
        ),
        unverified=_(
            "that include=metric_sets puts the metrics into each ticket as metric_set; the zone of CSV exports of views, which are not read"
        ),
    ),
    columns=(
        Column("id", "external_id", cells.identifier, required=True),
        Column("created_at", "started_at", cells.utc, required=True),
        Column(SOLVED, "ended_at", cells.utc, aliases=("solved_at",)),
        Column(CHANNEL, "channel", cells.text(64), required=True, aliases=("via_channel",)),
        Column(GROUP, "queue", cells.text(120)),
        Column("assignee_id", "agent", cells.pseudonym, person=True),
        Column("requester_id", "customer", cells.pseudonym, person=True),
        Column("ticket_form_id", "intent", cells.text(120)),
        Column(HANDLED, "handled_by", cells.handled),
        Column(WAIT, "wait_s", cells.seconds(cells.MONTH_S)),
        Column(TRANSFERS, "transfers", cells.count),
        Column(RESOLVED, "resolved", cells.boolean),
    ),
)
