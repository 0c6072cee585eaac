"""Burnout scores of single people (Maslach inventory): no group score, no team, no wave, so the file is counted and refused.

What one person answered is never read here: only how many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi.source import Guide, Source


def refuse(frames: Iterable[pl.DataFrame]) -> str:
    return gettext(
        "these are scores of %(rows)s single people, with no team and no wave. The index stands on groups: a score is told for "
        "a team in a wave, and no "
        "number describes one person. The Maslach inventory is no instrument of the index, and its items may not be handed on. "
        "Let the survey tool give "
        "the score of each team in an instrument of the index, with how many answered and their spread, and send that as "
        "wellbeing_answers_csv "
        "(group_score, group_n, group_sd). Nothing is read of the scores, nothing is stored."
    ) % {"rows": sum(frame.height for frame in frames)}


SOURCE = Source(
    key="mbi_scores",
    label=_("Maslach burnout scores (refused, with what to send)"),
    stores="wellbeing.WellbeingAnswer",
    columns=(),
    identity=("wave", "team", "respondent", "instrument"),
    header=("mbi_ex", "mbi_cy", "mbi_ea"),
    refuse=refuse,
    private=True,
    guide=Guide(
        file=_("sums of the Maslach inventory, one person a row, as CSV"),
        export=_("a study or a survey tool"),
        missing=_("team, wave, the number behind a group score"),
        rules=_("Neither team nor wave is made up, and no score of one person is read."),
    ),
)
