"""Reskilling in our own layout: one row, one step of one person towards a new role."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.source import Column, Source

SOURCE = Source(
    key="reskilling_csv",
    label=_("Reskilling (CSV)"),
    stores="staffing.ReskillingStep",
    identity=("person", "from_role", "to_role", "stage"),
    columns=(
        Column("person", "person", cells.pseudonym, required=True, person=True),
        Column("from_role", "from_role", cells.text(64), required=True),
        Column("to_role", "to_role", cells.text(64), required=True),
        Column("stage", "stage", cells.one_of("offered", "enrolled", "completed", "placed", "retained"), required=True),
        Column("on", "on", cells.day, required=True),
    ),
)
