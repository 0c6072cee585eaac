"""Employment in our own layout: one row, one person's spell in a role."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.source import Column, Reading, Source


def check(reading: Reading) -> Mapping[str, pl.Expr]:
    return {"ended_on": cells.first_problem((pl.col("ended_on") < pl.col("started_on"), "ends_before_start"))}


SOURCE = Source(
    key="employment_csv",
    label=_("Employment (CSV)"),
    stores="staffing.Employment",
    identity=("agent", "role", "started_on"),
    check=check,
    columns=(
        Column("agent_id", "agent", cells.pseudonym, required=True, person=True),
        Column("team", "team", cells.text(120), required=True),
        Column("role", "role", cells.text(64), required=True),
        Column("started_on", "started_on", cells.planned_day, required=True),
        Column("ended_on", "ended_on", cells.planned_day),
        Column("end_kind", "end_kind", cells.one_of("voluntary", "redundancy", "dismissed", "retired", "moved")),
        Column("contract_fte", "contract_fte", cells.positive(2)),
    ),
)
