"""Chatwoot CSAT download: one answer a row. Its last line is a sentence about the period, which no row of a table is."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.source import Column, Guide, Source

LINK, RECORDED, REF, RATING = "Link to the conversation", "Recorded date", "conversation", "Rating"


def prepare(raw: pl.DataFrame) -> pl.DataFrame:
    """The number of the conversation from its link; the answer has no id of its own."""
    number = pl.col(LINK).str.extract(r"/conversations/([0-9]+)(?:[/?#].*)?$")
    stamp = pl.col(RECORDED).str.replace(" UTC", "Z", literal=True)
    return raw.with_columns(
        number.alias(REF),
        pl.when(number.is_not_null()).then(pl.concat_str(number, pl.lit("@"), RECORDED)).alias(LINK),
        stamp.alias(RECORDED),
    )


SOURCE = Source(
    key="chatwoot_csat",
    label=_("Chatwoot CSAT"),
    stores="kpi.CustomerAnswer",
    prepare=prepare,
    zone="UTC",
    extra=(REF,),
    constants={"question": "csat", "scale": "likert5"},
    guide=Guide(
        file=_("CSAT responses as CSV, in English"),
        export=_("Reports, CSAT, Download; the account's language has to be English, for the header is translated"),
        missing=_(
            "when it was asked and who did not answer: no response rate comes from this file; the conversations themselves; "
            "names, addresses and "
            "telephone numbers in the file are not read"
        ),
        rules=_(
            "The last line says which period was exported; it has one cell and is rejected as a row that is none. An answer is "
            "named by its "
            "conversation and moment, which is in UTC."
        ),
        unverified=_("the form of the moment; reports of agents and inboxes hold times in words and are not read"),
    ),
    columns=(
        Column(LINK, "external_id", cells.identifier, required=True),
        Column(REF, "interaction_ref", cells.identifier),
        Column(RECORDED, "answered_at", cells.utc, required=True),
        Column(RATING, "score", cells.score(1, 5), required=True),
        Column("Feedback Comment", "comment", cells.comment),
    ),
)
