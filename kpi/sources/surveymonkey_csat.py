"""SurveyMonkey, all responses data: two header rows, question texts and below them their options; one question of it read as CSAT.

Which question that is, the file says: its text is `csat`. Published copies often lack the second header row; both are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.source import Cell, Column, Guide, Reading, Source, Titles

ID, SCORE = "Respondent ID", "csat"
ALONE = ("", "Response", "Open-Ended Response")
WORDS = {
    "very satisfied": "5", "somewhat satisfied": "4", "neither satisfied nor dissatisfied": "3", "somewhat dissatisfied": "2",
    "very dissatisfied": "1",
}  # fmt: skip


def is_title(row: Mapping[str, str]) -> bool:
    return not (row.get(ID) or row.get("RespondentID"))


def names(rows: Sequence[Sequence[str]]) -> list[str]:
    """The question with its option; a question stands only above its first option."""
    made, question = [], ""
    options = list(rows[1]) if len(rows) > 1 else []
    for place, text in enumerate(rows[0]):
        option = options[place].strip() if place < len(options) else ""
        question = text or (question if option not in ALONE else "")
        made.append(f"{question}: {option}" if question and option not in ALONE else question)
    return made


def prepare(raw: pl.DataFrame) -> pl.DataFrame:
    """A response that leaves the question out has no answer."""
    return raw.filter(pl.col(SCORE).is_not_null())


def _score(text: pl.Expr, reading: Reading) -> Cell:
    return cells.score(1, 5)(
        pl.coalesce(text.str.to_lowercase().replace_strict(WORDS, default=None, return_dtype=pl.String), text), reading
    )


SOURCE = Source(
    key="surveymonkey_csat",
    label=_("SurveyMonkey responses: CSAT"),
    stores="kpi.CustomerAnswer",
    titles=Titles(is_title, names, most=1),
    prepare=prepare,
    constants={"question": "csat", "scale": "likert5"},
    guide=Guide(
        file=_("all responses data as CSV with two header rows"),
        export=_(
            "Analyze results, Save as, Export file, All responses data, CSV; write csat over the text of the question in the "
            "header, and send the id "
            "of the contact along as Custom Data 1; choose the zone of the account for the source (--zone), and --date-order "
            "month_first for US dates"
        ),
        missing=_(
            "when it was asked and who did not answer; questions on other scales; names, mail and IP addresses in the file are not read"
        ),
        rules=_(
            "1 to 5, or the five words from Very dissatisfied to Very satisfied. A response that leaves the question out has "
            "no answer. A file without "
            "End Date says of no answer when it was given, and is refused."
        ),
        unverified=_("the words of the answers; the form of its dates (hours with AM or PM are rejected: export in 24 hours)"),
    ),
    columns=(
        Column(ID, "external_id", cells.identifier, required=True, aliases=("RespondentID",)),
        Column("Custom Data 1", "interaction_ref", cells.identifier),
        Column("End Date", "answered_at", cells.utc, required=True),
        Column(SCORE, "score", _score, required=True),
    ),
)
