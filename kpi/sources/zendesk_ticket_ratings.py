"""The rating inside a Zendesk ticket, where it was answered; a ticket without one has no answer."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.reading.merging import newest_row
from kpi.source import Column, Document, Guide, Join, Source
from kpi.sources._zendesk import BAD, GOOD, score

SCORE, STAMP, REF = "satisfaction_rating.score", "updated_at", "interaction_ref"


def answered(raw: pl.DataFrame) -> pl.DataFrame:
    return raw.filter(pl.col(SCORE).is_in([*GOOD, *BAD])).with_columns(pl.col("id").alias(REF))


def tickets(raw: pl.DataFrame) -> pl.DataFrame:
    return newest_row(raw, STAMP)


SOURCE = Source(
    key="zendesk_ticket_ratings",
    label=_("Zendesk tickets: ratings"),
    stores="kpi.CustomerAnswer",
    document=Document(at="tickets"),
    join=Join(pl.col("id"), tickets),
    prepare=answered,
    extra=(SCORE, REF),
    constants={"question": "csat", "scale": "thumbs"},
    guide=Guide(
        file=_("the ratings in the same tickets; stored by `zendesk_tickets` along with them, refused on its own"),
        export=_("as `zendesk_tickets`"),
        missing=_(
            "when the answer was given: the newest update of the ticket is taken; who was asked and did not answer "
            "(`zendesk_ratings` has it)"
        ),
        rules=_(
            "good is 1, bad is 0; offered and unoffered are no answers. Import either these or `zendesk_ratings`, not both: they "
            "are the same answers"
        ),
        unverified=_("that the rating stands in each ticket as satisfaction_rating.score"),
    ),
    columns=(
        Column("id", "external_id", cells.identifier, required=True),
        Column(REF, "interaction_ref", cells.identifier),
        Column(STAMP, "answered_at", cells.utc, required=True),
        Column(SCORE, "score", score),
        Column("satisfaction_rating.comment", "comment", cells.comment),
    ),
)
