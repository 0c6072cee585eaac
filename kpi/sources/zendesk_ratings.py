"""Zendesk satisfaction ratings: one row is one rating, answered or only offered; offers are read along as invitations."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.reading.merging import newest_row
from kpi.source import Column, Document, Guide, Join, Source
from kpi.sources._zendesk import NEVER, OFFERED, score

SCORE, STAMP = "score", "updated_at"


def ratings(raw: pl.DataFrame) -> pl.DataFrame:
    return newest_row(raw, STAMP)


def answered(raw: pl.DataFrame) -> pl.DataFrame:
    """Those only offered are no records of this source: they are invitations."""
    return raw.filter(~pl.col(SCORE).is_in([*OFFERED, *NEVER]).fill_null(value=False))


SOURCE = Source(
    key="zendesk_ratings",
    label=_("Zendesk satisfaction ratings"),
    stores="kpi.CustomerAnswer",
    document=Document(at="satisfaction_ratings"),
    join=Join(pl.col("id"), ratings),
    prepare=answered,
    also=("zendesk_rating_invitations",),
    constants={"question": "csat", "scale": "thumbs"},
    guide=Guide(
        file=_("satisfaction ratings as JSON (the older kind of CSAT), or as a table with the same names"),
        export=_("GET /api/v2/satisfaction_ratings; name the source of the tickets as the source of the contacts in the admin"),
        missing=_("the newer CSAT with a numeric scale, which is another export; which of several agents was meant"),
        rules=_(
            "good is 1, bad is 0; the answer was given at updated_at; offered is an invitation without an answer, unoffered is neither"
        ),
        unverified=_("the words of score; that updated_at is the moment of the answer and created_at that of the invitation"),
    ),
    columns=(
        Column("id", "external_id", cells.identifier, required=True),
        Column("ticket_id", "interaction_ref", cells.identifier, required=True),
        Column(STAMP, "answered_at", cells.utc, required=True),
        Column(SCORE, "score", score, required=True),
        Column("comment", "comment", cells.comment),
    ),
)
