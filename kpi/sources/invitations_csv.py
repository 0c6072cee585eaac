"""Invitations to customer surveys in our own layout: one row, one invitation, answered or not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.source import Column, Source
from kpi.sources.customer_answers_csv import SCALES_OF

SOURCE = Source(
    key="invitations_csv",
    label=_("Invitations to surveys (CSV)"),
    stores="kpi.Invitation",
    columns=(
        Column("external_id", "external_id", cells.identifier, required=True),
        Column("interaction_id", "interaction_ref", cells.identifier, required=True),
        Column("sent_at", "sent_at", cells.utc, required=True),
        Column("delivered", "delivered", cells.boolean),
        Column("question", "question", cells.one_of(*SCALES_OF)),
        Column("channel", "channel", cells.text(120)),
    ),
)
