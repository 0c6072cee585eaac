"""Intercom conversations: one conversation, its moments in seconds since 1970; a connector's table has a row for every change of it.

What an AI agent calls a resolution is that the customer said nothing more: only one the customer confirmed is one here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.reading import by_path
from kpi.reading.merging import as_text, newest_row
from kpi.source import Column, Document, Guide, Join, Source
from kpi.sources._vendor import NO_QUEUE, epoch, in_order, is_true, truth, void

STAMP, STATE, AI, AI_STATE, AI_SOURCE = "updated_at", "state", "ai_agent_participated", "ai_agent.resolution_state", "ai_agent.source_type"
REPLIED, BEGUN_BY, ASSIGNED = "statistics.first_admin_reply_at", "source.delivered_as", "statistics.count_assignments"
TEAM, AGENT, CUSTOMER = "team_assignee_id", "admin_assignee_id", "contacts.contacts.0.id"
HANDLED, RESOLVED, TRANSFERS, ASKED = "handled_by", "resolved", "transfers", "human_requests"
MOMENTS = ("created_at", STAMP, "statistics.last_close_at", REPLIED)
OTHERS = {
    CUSTOMER: ("contacts.0.id", "source_author_id"),
    AGENT: ("assignee_id",),
    "source.type": ("source_type",),
    BEGUN_BY: ("source_delivered_as",),
}
NAMES = (
    "id", *MOMENTS, STATE, AI, AI_STATE, AI_SOURCE, ASSIGNED, TEAM, AGENT, CUSTOMER, "source.type", BEGUN_BY,
    "statistics.time_to_admin_reply", "statistics.handling_time", "custom_attributes.intent", "custom_attributes.value_tier",
    "custom_attributes.language",
)  # fmt: skip


def row(record: Mapping[str, Any]) -> Mapping[str, str | None]:
    found = by_path(record, {name: (name, *OTHERS.get(name, ())) for name in NAMES})
    return found | {name: epoch(found[name]) for name in MOMENTS}


def conversations(raw: pl.DataFrame) -> pl.DataFrame:
    """The newest state of each conversation, who handled it, and whether that is known to have solved it."""
    closed, machine = pl.col(STATE) == "closed", is_true(AI)
    told = pl.col(AI).is_not_null()
    person = pl.col(REPLIED).is_not_null()
    assigned = pl.col(ASSIGNED).cast(pl.Float64, strict=False)
    confirmed = pl.col(AI_STATE) == "confirmed_resolution"
    solved = pl.when(closed & machine & ~person).then(pl.when(confirmed).then(pl.lit(value=True))).when(closed).then(pl.lit(value=True))
    preview = pl.col(AI_SOURCE).str.ends_with("_preview")
    begun_by = pl.coalesce(BEGUN_BY, "source_delivered_as")
    sent_out = (begun_by != "customer_initiated").fill_null(value=False)
    who = pl.when(told).then(cells.handler(machine, person)).when(person).then(pl.lit("human"))
    return newest_row(raw, STAMP).with_columns(
        pl.col(TEAM).fill_null(NO_QUEUE),
        truth(solved).alias(RESOLVED),
        pl.when(pl.col(AI_STATE) == "escalated").then(pl.lit("1")).alias(ASKED),
        pl.when(assigned > 0).then(as_text(assigned - 1)).otherwise(ASSIGNED).alias(TRANSFERS),
        void(cells.NO_CONTACT, preview.fill_null(value=False) | sent_out, who).alias(HANDLED),
    )


SOURCE = Source(
    key="intercom_conversations",
    label=_("Intercom conversations"),
    stores="kpi.Interaction",
    document=Document(at="conversations", row=row),
    join=Join(pl.col("id"), conversations),
    also=("intercom_ratings",),
    extra=(STAMP, STATE, AI, AI_STATE, AI_SOURCE, ASSIGNED, BEGUN_BY, "source_delivered_as"),
    check=in_order("ended_at", "human_reached_at"),
    guide=Guide(
        file=_("conversations as JSON, or a connector's table of their history as CSV"),
        export=_(
            "POST /conversations/search and GET /conversations/{id} (the single read alone has resolution_state for certain), "
            "one after the other in "
            "a file; a connector writes its moments without offset in UTC (--zone UTC)"
        ),
        missing=_(
            "time in a queue; hold and after-work apart; when it was reopened (only how often); the moment a person was asked "
            "for; the team (the "
            "queue is the id of the team it is assigned to)"
        ),
        rules=_(
            "Wait is time_to_admin_reply, from which Intercom has taken the hours the office is closed; handling_time stands "
            "as talk. The AI agent "
            "handled what it took part in and nobody replied to; assumed_resolution is no resolution: resolved stays unknown "
            "unless the customer "
            "confirmed it. A conversation closed by people is resolved; of an open one it is not known yet. Escalated counts "
            "as one request for a "
            "person. What the customer did not begin, and previews of the AI agent, are rejected by name. The newest state of "
            "a conversation counts."
        ),
        unverified=_("the names of the values of source_type and delivered_as beyond those seen"),
    ),
    columns=(
        Column("id", "external_id", cells.identifier, required=True),
        Column("created_at", "started_at", cells.utc, required=True),
        Column("statistics.last_close_at", "ended_at", cells.utc),
        Column("source.type", "channel", cells.text(64), required=True, aliases=("source_type",)),
        Column(TEAM, "queue", cells.text(120)),
        Column(AGENT, "agent", cells.pseudonym, person=True, aliases=("assignee_id",)),
        Column(CUSTOMER, "customer", cells.pseudonym, person=True, aliases=("source_author_id",)),
        Column("custom_attributes.intent", "intent", cells.text(120)),
        Column(HANDLED, "handled_by", cells.handled),
        Column("statistics.time_to_admin_reply", "wait_s", cells.seconds(cells.MONTH_S)),
        Column("statistics.handling_time", "talk_s", cells.seconds()),
        Column(TRANSFERS, "transfers", cells.count),
        Column(ASKED, "human_requests", cells.count),
        Column(REPLIED, "human_reached_at", cells.utc),
        Column(RESOLVED, "resolved", cells.boolean),
        Column("custom_attributes.value_tier", "value_tier", cells.text(32)),
        Column("custom_attributes.language", "language", cells.text(16)),
    ),
)
