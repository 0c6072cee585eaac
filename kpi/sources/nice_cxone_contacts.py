"""NICE CXone completed contacts: every value is a text; a transfer makes a child under the master contact, which is one record of ours."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.reading.merging import as_text, earliest, first, instant, latest, merge, newest, plus_seconds, total
from kpi.source import RECORD, Column, Document, Guide, Join, Source
from kpi.sources._vendor import in_order, is_true, no_queue, truth, void

ID, MASTER, START, STAMP, SKILL = "contactId", "masterContactId", "contactStart", "lastUpdateTime", "skillName"
AGENT_S, HOLD, WRAP, WAIT, TOTAL = "agentSeconds", "holdSeconds", "ACWSeconds", "inQueueSeconds", "totalDurationSeconds"
END, TALK, TRANSFERS, HANDLED, ABANDONED = "end", "talk", "transfers", "handled_by", "abandoned"
AGENT, FROM, MEDIA, TEAM, REASON = "agentId", "fromAddr", "mediaTypeName", "teamName", "primaryDispositionId"
NOBODY = "0"


def contacts(raw: pl.DataFrame) -> pl.DataFrame:
    """One row for each master contact with the times of all its parts."""
    parts = newest(raw, instant(STAMP), ID).with_columns(
        plus_seconds(START, TOTAL).alias(END),
        master=pl.coalesce(MASTER, ID),
        gone=is_true(ABANDONED),
        outbound=is_true("isOutbound"),
        served=pl.col(AGENT_S).cast(pl.Float64, strict=False) > 0,
    )
    parts = parts.sort(RECORD, instant(START), nulls_last=True).with_columns(has_first=(pl.col(ID) == pl.col("master")).any().over(RECORD))
    joined = merge(
        parts,
        *[pl.col(name).any() for name in ("gone", "outbound", "served")],
        *[first(name) for name in ("master", "has_first", SKILL, TEAM, MEDIA, FROM, REASON, WAIT)],
        *[total(name) for name in (AGENT_S, HOLD, WRAP)],
        pl.col(AGENT).filter(pl.col(AGENT) != NOBODY).last(),
        earliest(START),
        latest(END),
        (pl.len() - 1).cast(pl.String).alias(TRANSFERS),
    )
    talk = pl.col(AGENT_S).cast(pl.Float64, strict=False) - pl.col(HOLD).cast(pl.Float64, strict=False).fill_null(0)
    served = pl.col("served").fill_null(value=False)
    return joined.with_columns(
        pl.col("master").alias(ID),
        no_queue(SKILL),
        pl.when(~pl.col("outbound")).then(pl.col(FROM)).alias(FROM),
        pl.coalesce(as_text(talk), AGENT_S).alias(TALK),
        truth(pl.col("gone") & ~served).alias(ABANDONED),
        void(cells.LEGS_MISSING, ~pl.col("has_first"), cells.handler(pl.lit(value=False), served)).alias(HANDLED),
    )


SOURCE = Source(
    key="nice_cxone_contacts",
    label=_("NICE CXone completed contacts"),
    stores="kpi.Interaction",
    document=Document(at="resultSet.completedContacts"),
    join=Join(pl.coalesce(MASTER, ID), contacts),
    extra=(MASTER, STAMP, TOTAL, AGENT_S, "isOutbound"),
    check=in_order("ended_at"),
    guide=Guide(
        file=_("completed contacts as JSON: one page or several one after the other"),
        export=_("GET /incontactapi/services/v…/contacts/completed?updatedSince=…, all pages of a day in one file"),
        missing=_(
            "time with the menu (preQueueSeconds has no place here, and a menu is no machine that handled anything); whether "
            "the matter was "
            "resolved; the customer's tier; conference time"
        ),
        rules=_(
            "Parts are joined under masterContactId; a part whose master is not in the file is rejected: put the files one "
            "after the other into "
            "one. That a master has parts in another file cannot be seen: export whole days. Talk is agentSeconds without "
            "holdSeconds; the end is "
            "start and totalDurationSeconds, after-call work lies outside. Team, skill and wait are those of the first part, "
            "the agent is the last. "
            "Outbound contacts have no customer. Of one contactId the newest lastUpdateTime counts."
        ),
        unverified=_("that agentSeconds holds the hold; the columns and zone of Data Download reports as CSV, which are not read"),
    ),
    columns=(
        Column(ID, "external_id", cells.identifier, required=True),
        Column(START, "started_at", cells.utc, required=True),
        Column(END, "ended_at", cells.utc),
        Column(MEDIA, "channel", cells.text(64), required=True),
        Column(SKILL, "queue", cells.text(120)),
        Column(TEAM, "team", cells.text(120)),
        Column(AGENT, "agent", cells.pseudonym, person=True),
        Column(FROM, "customer", cells.pseudonym, person=True),
        Column(REASON, "intent", cells.text(120)),
        Column(HANDLED, "handled_by", cells.handled),
        Column(ABANDONED, "abandoned", cells.boolean),
        Column(WAIT, "wait_s", cells.seconds()),
        Column(TALK, "talk_s", cells.seconds()),
        Column(HOLD, "hold_s", cells.seconds()),
        Column(WRAP, "wrap_s", cells.seconds(), aliases=("acwSeconds",)),
        Column(TRANSFERS, "transfers", cells.count),
    ),
)
