"""Qualtrics responses as CSV: three header rows (two in the older export), one response a row, one question of it read as CSAT.

Which question that is, the survey says: its export tag is `csat`. A value beyond five shows another scale, and then nothing is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kpi import cells
from kpi.sentences import Sentence
from kpi.source import Cell, Column, Guide, Reading, Refused, Source, Titles

ID, BEGUN, STATUS, FINISHED, SCORE = "ResponseId", "StartDate", "Status", "Finished", "csat"
REAL = ("0", "IP Address", "4", "Imported", "16", "Offline")
DONE = ("1", "true")
UNDONE = "a preview, a test or not finished"


def is_title(row: Mapping[str, str]) -> bool:
    """Question texts hold no date, and the third row says where each column comes from."""
    begun = row.get(BEGUN, "")
    return begun.startswith('{"ImportId"') or not any(sign.isdecimal() for sign in begun)


def prepare(raw: pl.DataFrame) -> pl.DataFrame:
    """Responses that do not count keep a word that rejects them by name; those that leave the question out have no answer."""
    counts = pl.col(STATUS).is_in(REAL) & pl.col(FINISHED).str.to_lowercase().is_in(DONE)
    return raw.filter(pl.col(SCORE).is_not_null()).with_columns(
        pl.when(counts.fill_null(value=False)).then(pl.col(SCORE)).otherwise(pl.lit(UNDONE)).alias(SCORE)
    )


def _score(text: pl.Expr, reading: Reading) -> Cell:
    cell = cells.score(1, 5)(pl.when(text != UNDONE).then(text), reading)
    return Cell(cell.value, pl.coalesce(pl.when(text == UNDONE).then(pl.lit("not_an_answer")), cell.problem))


def five_points(frames: Iterable[pl.DataFrame]) -> Mapping[str, Sentence]:
    """Nothing is read of a question that was asked on another scale."""
    for frame in frames:
        number = pl.col(SCORE).cast(pl.Float64, strict=False)
        other = frame.filter((number > 5) | (number == 0))
        if other.height:
            text = gettext_noop(
                "line %(line)s: “%(column)s” is %(found)s: the question was not asked on five points, so nothing is read; recode its "
                "values to 1 to 5, or send the answers as customer_answers_csv with their scale."
            )
            raise Refused(text, line=other["line"][0], column=SCORE, found=other[SCORE][0][:20])
    return {}


SOURCE = Source(
    key="qualtrics_csat",
    label=_("Qualtrics responses: CSAT"),
    stores="kpi.CustomerAnswer",
    titles=Titles(is_title),
    prepare=prepare,
    evidence=five_points,
    header=(STATUS, FINISHED),
    extra=(BEGUN,),
    constants={"question": "csat", "scale": "likert5"},
    guide=Guide(
        file=_("responses as CSV with three header rows (two in the older export)"),
        export=_(
            "Data and Analysis, Export, CSV, numeric values; give the question the export tag csat with recode values 1 to 5, "
            "and put the id of the "
            "contact into ExternalReference; choose the zone of the export for the source (--zone)"
        ),
        missing=_(
            "when it was asked and who did not answer (they are in the distribution); questions on other scales; names, "
            "addresses, places and IP "
            "addresses in the file are not read"
        ),
        rules=_(
            "Previews, tests, spam and unfinished responses are rejected by name. A response that leaves the question out has "
            "no answer. A value of 0 "
            "or beyond 5 shows another scale, and the file is refused."
        ),
        unverified=_("the words and codes of Status beyond 0 (IP Address) and 1 (Survey Preview)"),
    ),
    columns=(
        Column(ID, "external_id", cells.identifier, required=True),
        Column("ExternalReference", "interaction_ref", cells.identifier),
        Column("RecordedDate", "answered_at", cells.utc, required=True),
        Column(SCORE, "score", _score, required=True),
        Column("csat_comment", "comment", cells.comment),
    ),
)
