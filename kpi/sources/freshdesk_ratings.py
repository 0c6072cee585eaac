"""Freshdesk satisfaction ratings: codes from 103 (happy) over 100 (neither) to -103 (unhappy), read as happy, neither, unhappy.

Public code disagrees about the words of the codes between; the three degrees of each side are one here.
"""

from __future__ import annotations

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.reading.merging import newest_row
from kpi.source import Cell, Column, Document, Guide, Join, Reading, Source

CODE, STAMP = "ratings.default_question", "updated_at"
SCORES = {"103": 3.0, "102": 3.0, "101": 3.0, "100": 2.0, "-101": 1.0, "-102": 1.0, "-103": 1.0}


def _score(text: pl.Expr, reading: Reading) -> Cell:
    value = text.replace_strict(SCORES, default=None, return_dtype=pl.Float64)
    return Cell(value, cells.first_problem((text.is_not_null() & value.is_null(), "unknown_value")))


def ratings(raw: pl.DataFrame) -> pl.DataFrame:
    return newest_row(raw, STAMP)


SOURCE = Source(
    key="freshdesk_ratings",
    label=_("Freshdesk satisfaction ratings"),
    stores="kpi.CustomerAnswer",
    document=Document(),
    join=Join(pl.col("id"), ratings),
    extra=(STAMP,),
    constants={"question": "csat", "scale": "smiley3"},
    guide=Guide(
        file=_("satisfaction ratings as JSON: an array, or pages one after the other"),
        export=_("GET /api/v2/surveys/satisfaction_ratings, all pages in one file; name the source of the tickets as that of the contacts"),
        missing=_("when it was asked and who did not answer; further questions than the first; the agent who is rated"),
        rules=_(
            "101 to 103 are satisfied (3 of 3), 100 is neither (2), -101 to -103 are not (1); several ratings of one ticket are "
            "several answers"
        ),
        unverified=_("the codes between 103 and -103; Freshservice has another scale and is not read"),
    ),
    columns=(
        Column("id", "external_id", cells.identifier, required=True),
        Column("ticket_id", "interaction_ref", cells.identifier, required=True),
        Column("created_at", "answered_at", cells.utc, required=True),
        Column(CODE, "score", _score, required=True),
        Column("feedback", "comment", cells.comment),
    ),
)
