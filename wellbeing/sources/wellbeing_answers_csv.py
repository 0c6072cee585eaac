"""Wellbeing answers in our own layout: one respondent's answers to one instrument in one wave, or an imported group score.

`respondent` is a pseudonym of the survey, never an agent id. Items stand in one cell, in questionnaire order, separated by
semicolons, empty where skipped: "3;4;;5;2". Instruments whose items may not be stored come as group_score, group_n, group_sd.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.source import Column, Reading, Source

# Number of items and what one answer may be (metrics.md B1). CBI is ticked 1 to 5 and scored 0 to 100 later.
ITEMS = {
    "who5": (5, "[0-5]"),
    "cbi_work": (7, "[1-5]"),
    "hse": (35, "[1-5]"),
    "stress1": (1, "[1-5]"),
    "enps": (1, "(?:10|[0-9])"),
    "autonomy2": (2, "[1-5]"),
}
GROUP_RANGES = {
    "copsoq": (0.0, 100.0), "bat": (1.0, 5.0), "bat4": (1.0, 5.0), "bat12": (1.0, 5.0),
    "uwes": (0.0, 6.0), "uwes3": (0.0, 6.0), "uwes9": (0.0, 6.0),
}  # fmt: skip
INSTRUMENTS = (*ITEMS, *GROUP_RANGES)


def _pattern(count: int, one: str) -> str:
    return f"^(?:{one})?(?:;(?:{one})?){{{count - 1}}}$"


def check(reading: Reading) -> Mapping[str, pl.Expr]:
    """Items or a group score, never both; items as many as the instrument has, at least one of them answered."""
    items, instrument, score = pl.col("items"), pl.col("instrument"), pl.col("group_score")
    shaped = pl.any_horizontal(*[(instrument == name) & items.str.contains(_pattern(*form)) for name, form in ITEMS.items()])
    answered = items.str.contains("[0-9]")
    low, high = (instrument.replace_strict({key: bounds[place] for key, bounds in GROUP_RANGES.items()}, default=None) for place in (0, 1))
    both = items.is_not_null() & (score.is_not_null() | pl.col("group_n").is_not_null() | pl.col("group_sd").is_not_null())
    return {
        "items": cells.first_problem(
            (both, "items_or_group"),
            (items.is_null() & score.is_null(), "items_or_group"),
            (items.is_not_null() & ~(shaped & answered), "wrong_items"),
        ),
        "group_n": cells.first_problem(
            (score.is_not_null() & pl.col("group_n").is_null(), "missing"), (pl.col("group_n") < 1, "not_positive")
        ),
        "group_score": cells.first_problem((~score.is_between(low, high), "out_of_range")),
    }


SOURCE = Source(
    key="wellbeing_answers_csv",
    label=_("Wellbeing answers (CSV)"),
    stores="wellbeing.WellbeingAnswer",
    identity=("wave", "team", "respondent", "instrument"),
    private=True,
    check=check,
    columns=(
        Column("wave", "wave", cells.text(64), required=True),
        Column("wave_closed_on", "wave_closed_on", cells.planned_day),
        Column("team", "team", cells.text(120), required=True),
        Column("respondent", "respondent", cells.pseudonym, required=True, person=True),
        Column("instrument", "instrument", cells.one_of(*INSTRUMENTS), required=True),
        Column("items", "items", cells.text(255)),
        Column("group_score", "group_score", cells.number(0, 100)),
        Column("group_n", "group_n", cells.count),
        Column("group_sd", "group_sd", cells.number(0, 100)),
    ),
)
