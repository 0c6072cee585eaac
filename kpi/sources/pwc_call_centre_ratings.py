"""The ratings in the PwC call-centre file: a call with a rating is an answer, a call without one is none.

The file does not say when the rating was given; the start of its call is taken.
"""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.source import Column, DateOrder, Guide, Source
from kpi.sources.pwc_call_centre import started

REF = "Call Id"
RATING = "Satisfaction rating"


def prepare(raw: pl.DataFrame) -> pl.DataFrame:
    """Only rated calls; the call is named once as the answer and once as its contact."""
    return started(raw).filter(pl.col(RATING).is_not_null())


SOURCE = Source(
    key="pwc_call_centre_ratings",
    guide=Guide(
        file=_("the satisfaction ratings in that same file; stored by `pwc_call_centre` along with the calls, refused on its own"),
        export=_("part of the training material"),
        missing=_("when the question was asked and answered: the start of the call is taken"),
    ),
    label=_("PwC call-centre file: ratings"),
    stores="kpi.CustomerAnswer",
    zone="UTC",
    date_order=DateOrder.ISO,
    prepare=prepare,
    header=("Date",),
    constants={"question": "csat", "scale": "likert5"},
    columns=(
        Column(REF, "external_id", cells.identifier, required=True),
        Column(REF, "interaction_ref", cells.identifier, required=True),
        Column("Time", "answered_at", cells.utc, required=True),
        Column(RATING, "score", cells.score(1, 5), required=True),
    ),
)
