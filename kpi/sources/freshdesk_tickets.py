"""Freshdesk tickets with their stats: numbers stand for states and channels."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.reading.merging import newest_row, seconds_between
from kpi.source import Column, Document, Guide, Join, Source
from kpi.sources._vendor import in_order, is_true, no_queue, truth, void

CHANNELS = {"1": "email", "2": "portal", "3": "phone", "7": "chat", "9": "widget"}
DONE = ("4", "5")
STAMP, STATUS, SOURCE_CODE, GROUP, WAIT, REPLIED = "updated_at", "status", "source", "group_id", "wait", "stats.first_responded_at"
HANDLED, RESOLVED = "handled_by", "resolved"


def tickets(raw: pl.DataFrame) -> pl.DataFrame:
    """The newest state of each ticket; a code nobody knows stays as it is."""
    solved = pl.when(pl.col(STATUS).is_in(DONE)).then(pl.lit(value=True))
    return newest_row(raw, STAMP).with_columns(
        pl.col(SOURCE_CODE).replace(CHANNELS),
        no_queue(GROUP),
        seconds_between("created_at", REPLIED).alias(WAIT),
        truth(solved).alias(RESOLVED),
        void(cells.NO_CONTACT, is_true("spam") | is_true("deleted"), pl.lit(None, pl.String)).alias(HANDLED),
    )


SOURCE = Source(
    key="freshdesk_tickets",
    label=_("Freshdesk tickets"),
    stores="kpi.Interaction",
    document=Document(),
    join=Join(pl.col("id"), tickets),
    extra=(STAMP, STATUS, "spam", "deleted", REPLIED),
    check=in_order("ended_at", "reopened_at"),
    guide=Guide(
        file=_("tickets as JSON: an array, or pages one after the other"),
        export=_("GET /api/v2/tickets?include=stats, all pages in one file"),
        missing=_("handle time; transfers; whether a machine or a person handled it (a bot is an agent like others); the team; the tier"),
        rules=_(
            "Wait is the time from opening to the first response: no time in a queue. Sources 1, 2, 3, 7 and 9 become email, "
            "portal, phone, chat and "
            "widget; another number stays a number. A ticket in state 4 or 5 is resolved; of an open one it is not known yet. "
            "Spam and deleted "
            "tickets are rejected by name. Of a ticket that comes again the newest updated_at counts."
        ),
        unverified=_("all of it: names, codes and stats are from memory"),
    ),
    columns=(
        Column("id", "external_id", cells.identifier, required=True),
        Column("created_at", "started_at", cells.utc, required=True),
        Column("stats.resolved_at", "ended_at", cells.utc),
        Column(SOURCE_CODE, "channel", cells.text(64), required=True),
        Column(GROUP, "queue", cells.text(120)),
        Column("responder_id", "agent", cells.pseudonym, person=True),
        Column("requester_id", "customer", cells.pseudonym, person=True),
        Column("type", "intent", cells.text(120)),
        Column(HANDLED, "handled_by", cells.handled),
        Column(WAIT, "wait_s", cells.seconds(cells.MONTH_S)),
        Column(RESOLVED, "resolved", cells.boolean),
        Column("stats.reopened_at", "reopened_at", cells.utc),
    ),
)
