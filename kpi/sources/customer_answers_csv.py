"""Customer answers in our own layout: one row, one answer of one customer to one question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kpi import cells
from kpi.scales import SCALES
from kpi.sentences import Sentence, listed
from kpi.source import Column, Reading, Source

# NPS, CES and “was it resolved?” ask other questions: they have scales of their own and are never pooled into CSAT (A1).
OTHER_RANGES = {"nps": (0.0, 10.0), "ces": (1.0, 7.0), "yes_no": (0.0, 1.0)}
RANGES = {**{key: (scale.low, scale.high) for key, scale in SCALES.items()}, **OTHER_RANGES}
SCALES_OF = {
    "csat": tuple(SCALES),
    "nps": ("nps", "scale0_10"),
    "ces": ("ces", "likert7"),
    "resolved": ("yes_no", "thumbs"),
}
SCALE_BREAK, NAMED = gettext_noop("scale break"), 3  # what the key of its evidence is called; breaks that are named
CHANGES = gettext_noop("%(question)s changes from %(before)s to %(after)s on line %(line)s")


def check(reading: Reading) -> Mapping[str, pl.Expr]:
    scale, score, question = pl.col("scale"), pl.col("score"), pl.col("question")
    low, high = (_bound(scale, place) for place in (0, 1))
    fits = pl.any_horizontal(*[(question == name) & scale.is_in(scales) for name, scales in SCALES_OF.items()])
    return {
        "scale": cells.first_problem((~fits, "unknown_scale")),
        "score": cells.first_problem((~score.is_between(low, high), "out_of_range")),
        "answered_at": cells.first_problem((pl.col("answered_at") < pl.col("sent_at"), "answered_before_sent")),
    }


def _bound(scale: pl.Expr, place: int) -> pl.Expr:
    return scale.replace_strict({key: float(bounds[place]) for key, bounds in RANGES.items()}, default=None, return_dtype=pl.Float64)


def scale_breaks(frames: Iterable[pl.DataFrame]) -> Mapping[str, Sentence]:
    """Where the scale of a question changes inside the file: a break, to be named and not averaged over."""
    last: dict[str, str] = {}
    breaks: list[Sentence] = []
    for frame in frames:
        rows = frame.select("line", pl.col("question").str.to_lowercase(), pl.col("scale").str.to_lowercase()).drop_nulls()
        changed = rows.filter(pl.col("scale") != pl.col("scale").shift(1).over("question"))
        firsts = rows.unique("question", keep="first", maintain_order=True)
        for line, question, scale in pl.concat([firsts, changed]).sort("line").iter_rows():
            if last.get(question, scale) != scale:
                facts = {"question": question, "before": last[question], "after": scale, "line": line}
                breaks.append(Sentence(CHANGES, facts))
            last[question] = scale
    if not breaks:
        return {}
    first = listed(breaks[:NAMED], "; ")
    if len(breaks) <= NAMED:
        return {"scale_break": first}
    return {"scale_break": Sentence(gettext_noop("%(first)s; and %(count)s more changes"), {"first": first, "count": len(breaks) - NAMED})}


SOURCE = Source(
    key="customer_answers_csv",
    label=_("Customer answers (CSV)"),
    stores="kpi.CustomerAnswer",
    check=check,
    evidence=scale_breaks,
    columns=(
        Column("external_id", "external_id", cells.identifier, required=True),
        Column("interaction_id", "interaction_ref", cells.identifier),
        Column("sent_at", "sent_at", cells.utc),
        Column("answered_at", "answered_at", cells.utc, required=True),
        Column("question", "question", cells.one_of(*SCALES_OF), required=True),
        Column("scale", "scale", cells.one_of(*RANGES), required=True),
        Column("score", "score", cells.score(-100, 100), required=True),
        Column("comment", "comment", cells.comment),
    ),
)
