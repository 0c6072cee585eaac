"""The rating of an Intercom conversation: what the customer thought of the teammate or bot that closed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.reading import by_path
from kpi.reading.merging import newest_row
from kpi.source import Column, Document, Guide, Join, Source
from kpi.sources._vendor import epoch

RATING, RATED, REMARK, STAMP, REF = (
    "conversation_rating.rating",
    "conversation_rating.created_at",
    "conversation_rating.remark",
    "updated_at",
    "ref",
)
OTHERS = {RATING: ("conversation_rating_value",), RATED: ("conversation_rating_created_at",), REMARK: ("conversation_rating_remark",)}


def row(record: Mapping[str, Any]) -> Mapping[str, str | None]:
    found = by_path(record, {name: (name, *OTHERS.get(name, ())) for name in ("id", RATING, RATED, REMARK, STAMP)})
    return found | {RATED: epoch(found[RATED]), STAMP: epoch(found[STAMP])}


def newest_state(raw: pl.DataFrame) -> pl.DataFrame:
    return newest_row(raw, STAMP)


def rated(raw: pl.DataFrame) -> pl.DataFrame:
    """A conversation without a rating has no answer."""
    return raw.filter(pl.col(RATING).is_not_null()).with_columns(pl.col("id").alias(REF))


SOURCE = Source(
    key="intercom_ratings",
    label=_("Intercom conversations: ratings"),
    stores="kpi.CustomerAnswer",
    document=Document(at="conversations", row=row),
    join=Join(pl.col("id"), newest_state),
    prepare=rated,
    extra=(STAMP, REF),
    constants={"question": "csat", "scale": "stars5"},
    guide=Guide(
        file=_("the ratings in the same conversations; stored by `intercom_conversations` along with them, refused on its own"),
        export=_("as `intercom_conversations`"),
        missing=_("the rating of the AI agent (ai_agent.rating), which has no moment of its own; who was asked and did not answer"),
        rules=_("one answer for a conversation, 1 to 5"),
        unverified=_("all of it against a live account: names are those of the vendor's reference and of a connector's table"),
    ),
    columns=(
        Column("id", "external_id", cells.identifier, required=True),
        Column(REF, "interaction_ref", cells.identifier),
        Column(RATED, "answered_at", cells.utc, aliases=("conversation_rating_created_at",)),
        Column(RATING, "score", cells.score(1, 5), aliases=("conversation_rating_value",)),
        Column(REMARK, "comment", cells.comment, aliases=("conversation_rating_remark",)),
    ),
)
