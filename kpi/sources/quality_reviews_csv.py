"""Quality reviews in our own layout: one row, one reviewed contact, scored 0 to 100."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi import cells
from kpi.source import Column, Source

SOURCE = Source(
    key="quality_reviews_csv",
    label=_("Quality reviews (CSV)"),
    stores="kpi.QualityReview",
    columns=(
        Column("external_id", "external_id", cells.identifier, required=True),
        Column("interaction_id", "interaction_ref", cells.identifier, required=True),
        Column("reviewed_at", "reviewed_at", cells.utc, required=True),
        Column("score", "score", cells.score(0, 100), required=True),
        Column("critical_error", "critical_error", cells.boolean),
        Column("rater", "rater", cells.pseudonym, person=True),
    ),
)
