"""Salesforce cases by the names of the API: an id has 15 or 18 characters, of which the first 15 name the case."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.reading.merging import newest_row
from kpi.source import Column, Document, Guide, Join, Source
from kpi.sources._vendor import NO_QUEUE, in_order, is_true, truth, void

ID, OWNER, STAMP, CLOSED, MERGED, QUEUE, HANDLED = "Id", "OwnerId", "SystemModstamp", "IsClosed", "MasterRecordId", "queue", "handled_by"
USER, GROUP = "005", "00G"  # what the ids of people and of queues begin with
ID_LENGTH = 15


def cases(raw: pl.DataFrame) -> pl.DataFrame:
    """The newest state of each case; its owner is a person or a queue."""
    owner = pl.col(OWNER)
    return newest_row(raw, STAMP).with_columns(
        pl.col(ID).str.slice(0, ID_LENGTH),
        pl.when(owner.str.starts_with(GROUP)).then(owner).otherwise(pl.lit(NO_QUEUE)).alias(QUEUE),
        pl.when(owner.str.starts_with(USER)).then(owner).alias(OWNER),
        pl.coalesce("Reason", "Type").alias("Reason"),
        truth(pl.when(is_true(CLOSED)).then(pl.lit(value=True))).alias(CLOSED),
        void(cells.NO_CONTACT, is_true("IsDeleted") | pl.col(MERGED).is_not_null(), pl.lit(None, pl.String)).alias(HANDLED),
    )


SOURCE = Source(
    key="salesforce_cases",
    label=_("Salesforce cases"),
    stores="kpi.Interaction",
    document=Document(at="records"),
    join=Join(pl.col(ID).str.slice(0, ID_LENGTH), cases),
    extra=(STAMP, MERGED, "IsDeleted", "Type"),
    check=in_order("ended_at"),
    guide=Guide(
        file=_("cases as JSON of the query API, or as CSV with the names of the API as its header"),
        export=_(
            "SELECT Id, CreatedDate, ClosedDate, IsClosed, Origin, OwnerId, Reason, Type, ContactId, MasterRecordId, "
            "IsDeleted, SystemModstamp FROM "
            "Case, through the API or Data Loader; not a report, whose times depend on who exported it"
        ),
        missing=_(
            "wait, handle time and transfers (they are in AgentWork, which is another export and is not read); whether a "
            "machine or a person handled "
            "it; when it was reopened; the queue of a case that a person owns now; the team; the tier"
        ),
        rules=_(
            "Ids of 15 and 18 characters are one. An owner that is a queue (00G…) is the queue, one that is a person (005…) "
            "the agent. A closed case "
            "is resolved; of an open one it is not known yet. Deleted cases and those merged into another are rejected by name."
        ),
        unverified=_("all of it against a live account: names are those of the vendor's reference"),
    ),
    columns=(
        Column(ID, "external_id", cells.identifier, required=True),
        Column("CreatedDate", "started_at", cells.utc, required=True),
        Column("ClosedDate", "ended_at", cells.utc),
        Column("Origin", "channel", cells.text(64), required=True),
        Column(QUEUE, "queue", cells.text(120)),
        Column(OWNER, "agent", cells.pseudonym, person=True),
        Column("ContactId", "customer", cells.pseudonym, person=True),
        Column("Reason", "intent", cells.text(120)),
        Column(HANDLED, "handled_by", cells.handled),
        Column(CLOSED, "resolved", cells.boolean),
    ),
)
