"""Amazon Connect contact records: one object is a leg; the legs of a contact, named by its first one, are one record of ours.

A record is delivered at least once and again after updates: of one leg the newest counts. A leg that names another which is not in
the file makes the contact incomplete, and an incomplete contact is never stored as if it were whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.reading import at, by_path
from kpi.reading.merging import earliest, first, instant, last, latest, merge, newest, total
from kpi.source import RECORD, Column, Document, Guide, Join, Source
from kpi.sources._vendor import in_order, no_queue, truth, void

LEG, FIRST, NEXT, BEFORE = "ContactId", "InitialContactId", "NextContactId", "PreviousContactId"
METHOD, STAMP, BOT, STREAMS = "InitiationMethod", "LastUpdateTimestamp", "ChatMetrics.ContactMetrics.TotalBotMessages", "MediaStreams"
QUEUED, CONNECTED, HANDLED = "Queue.EnqueueTimestamp", "Agent.ConnectedToAgentTimestamp", "handled_by"
TRANSFERS, ABANDONED = "transfers", "abandoned"
NO_LEG = ("DISCONNECT", "MONITOR")
OUTBOUND = ("OUTBOUND", "EXTERNAL_OUTBOUND", "CAMPAIGN_PREVIEW")
CUSTOMER = "CustomerId"
PATHS = {
    name: (name,)
    for name in (
        LEG, FIRST, NEXT, BEFORE, METHOD, STAMP, BOT, QUEUED, CONNECTED, "Channel", "InitiationTimestamp", "DisconnectTimestamp",
        "Queue.Name", "Queue.Duration", "Agent.Username", "Agent.AgentInteractionDuration", "Agent.CustomerHoldDuration",
        "Agent.AfterContactWorkDuration", "Attributes.intent", "Attributes.value_tier", "Attributes.language",
    )
} | {CUSTOMER: (CUSTOMER, "CustomerEndpoint.Address")}  # fmt: skip


def row(record: Mapping[str, Any]) -> Mapping[str, str | None]:
    """The fields of a leg, and the kinds of its streams in one cell."""
    streams = at(record, STREAMS)
    kinds = [str(item.get("Type")) for item in streams if isinstance(item, dict)] if isinstance(streams, list) else []
    return by_path(record, PATHS) | {STREAMS: ";".join(kinds)}


def contacts(raw: pl.DataFrame) -> pl.DataFrame:
    """One row for each contact, its times and durations over all legs."""
    legs = newest(raw, instant(STAMP), LEG).with_columns(
        contact=pl.coalesce(FIRST, LEG),
        real=~pl.col(METHOD).is_in(NO_LEG).fill_null(value=False),
        whole=_is_here(NEXT) & _is_here(BEFORE),
        machine=(pl.col(BOT).cast(pl.Float64, strict=False) > 0).fill_null(value=False)
        | pl.col(STREAMS).str.contains("AUTOMATED_INTERACTION"),
        outbound=pl.col(METHOD).is_in(OUTBOUND),
    )
    some = legs.with_columns(has_first=(pl.col(LEG) == pl.col("contact")).any().over(RECORD), any_real=pl.col("real").any().over(RECORD))
    some = some.filter(pl.col("real") | ~pl.col("any_real")).sort(instant("InitiationTimestamp"), nulls_last=True)
    durations = ("Agent.AgentInteractionDuration", "Agent.CustomerHoldDuration", "Agent.AfterContactWorkDuration")
    joined = merge(
        some,
        *[pl.col(name).any() for name in ("machine", "outbound", "any_real")],
        (pl.col("whole") & pl.col("has_first")).all().alias("whole"),
        *[first(name) for name in ("contact", "Channel", "Queue.Name", "Queue.Duration", CUSTOMER)],
        *[first(f"Attributes.{name}") for name in ("intent", "value_tier", "language")],
        *[earliest(name) for name in ("InitiationTimestamp", QUEUED, CONNECTED)],
        *[total(name) for name in durations],
        latest("DisconnectTimestamp"),
        last("Agent.Username"),
        (pl.len() - 1).cast(pl.String).alias(TRANSFERS),
    )
    reached, queued, machine = pl.col(CONNECTED).is_not_null(), pl.col(QUEUED).is_not_null(), pl.col("machine")
    who = void(cells.LEGS_MISSING, ~pl.col("whole"), cells.handler(machine, reached))
    return joined.with_columns(
        pl.col("contact").alias(LEG),
        pl.when(~pl.col("outbound")).then(pl.col(CUSTOMER)).alias(CUSTOMER),
        no_queue("Queue.Name"),
        void(cells.NO_CONTACT, ~pl.col("any_real"), who).alias(HANDLED),
        truth(~reached & (queued | ~machine)).alias(ABANDONED),
    )  # fmt: skip


def _talked() -> pl.Expr:
    return (pl.col(BOT).cast(pl.Float64, strict=False) > 0).fill_null(value=False)


def _is_here(name: str) -> pl.Expr:
    """The leg of that name is in the file, or none is named."""
    here = pl.col(LEG).implode().over(RECORD)
    return pl.col(name).is_null() | pl.col(name).is_in(here)


SOURCE = Source(
    key="amazon_connect",
    label=_("Amazon Connect contact records"),
    stores="kpi.Interaction",
    document=Document(row=row),
    join=Join(pl.coalesce(FIRST, LEG), contacts),
    extra=(FIRST, NEXT, BEFORE, METHOD, STAMP, BOT, STREAMS),
    check=in_order("ended_at", "human_requested_at", "human_reached_at"),
    guide=Guide(
        file=_("contact records (CTR), JSON: one object for each leg of a contact, on lines or one directly after the other"),
        export=_("Kinesis Data Stream or Firehose of the instance, written to S3; one file should hold whole days"),
        missing=_(
            "the team; whether the customer's matter was resolved; sentiment (Contact Lens is another file); the moment a bot told "
            "that it is one"
        ),
        rules=_(
                "Legs are joined by InitialContactId; of one leg the newest LastUpdateTimestamp counts. Legs begun by DISCONNECT "
                "or MONITOR are not "
                "counted. A contact whose legs are not all in the file is rejected with all its legs: put the files one after the "
                "other into one and "
                "send that. Queue and wait are those of the first queue, the agent is the last; a contact that entered no queue "
                "has the queue (none). "
                "Outbound contacts have no customer, so that a call back does not count as a return. Attributes intent, value_tier "
                "and language are "
                "read where the flow sets them. A bot took part where it sent messages or a stream is AUTOMATED_INTERACTION; "
                "Wisdom is no AI handling."
        ),
        unverified=_("that Firehose writes objects without a separator; the meaning of AUTOMATED_INTERACTION streams for voice"),
    ),
    columns=(
        Column(LEG, "external_id", cells.identifier, required=True),
        Column("InitiationTimestamp", "started_at", cells.utc, required=True),
        Column("DisconnectTimestamp", "ended_at", cells.utc),
        Column("Channel", "channel", cells.text(64), required=True),
        Column("Queue.Name", "queue", cells.text(120)),
        Column("Agent.Username", "agent", cells.pseudonym, person=True),
        Column(CUSTOMER, "customer", cells.pseudonym, person=True, aliases=("CustomerEndpoint.Address",)),
        Column("Attributes.intent", "intent", cells.text(120)),
        Column(HANDLED, "handled_by", cells.handled),
        Column(ABANDONED, "abandoned", cells.boolean),
        Column("Queue.Duration", "wait_s", cells.seconds()),
        Column("Agent.AgentInteractionDuration", "talk_s", cells.seconds()),
        Column("Agent.CustomerHoldDuration", "hold_s", cells.seconds()),
        Column("Agent.AfterContactWorkDuration", "wrap_s", cells.seconds()),
        Column(TRANSFERS, "transfers", cells.count),
        Column(QUEUED, "human_requested_at", cells.utc),
        Column(CONNECTED, "human_reached_at", cells.utc),
        Column("Attributes.value_tier", "value_tier", cells.text(32)),
        Column("Attributes.language", "language", cells.text(16)),
    ),
)  # fmt: skip
