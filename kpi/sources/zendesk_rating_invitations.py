"""Who was asked for a rating in Zendesk: every rating but those never offered."""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.source import Column, Document, Guide, Join, Source
from kpi.sources._zendesk import NEVER
from kpi.sources.zendesk_ratings import SCORE, STAMP, ratings


def offered(raw: pl.DataFrame) -> pl.DataFrame:
    return raw.filter(~pl.col(SCORE).is_in(NEVER).fill_null(value=False))


SOURCE = Source(
    key="zendesk_rating_invitations",
    label=_("Zendesk satisfaction ratings: invitations"),
    stores="kpi.Invitation",
    document=Document(at="satisfaction_ratings"),
    join=Join(pl.col("id"), ratings),
    prepare=offered,
    extra=(STAMP, SCORE),
    constants={"question": "csat"},
    guide=Guide(
        file=_("the invitations in the same file; stored by `zendesk_ratings` along with the answers, refused on its own"),
        export=_("as `zendesk_ratings`"),
        missing=_("whether the invitation was delivered"),
        rules=_("offered, good and bad were asked, unoffered was not"),
        unverified=_("that created_at is the moment of the invitation"),
    ),
    columns=(
        Column("id", "external_id", cells.identifier, required=True),
        Column("ticket_id", "interaction_ref", cells.identifier, required=True),
        Column("created_at", "sent_at", cells.utc, required=True),
    ),
)
