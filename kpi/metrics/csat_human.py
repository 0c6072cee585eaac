"""CSAT of contacts that were not left to the AI alone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metrics._handler import csat_metric

METRIC = csat_metric(
    key="csat_human",
    label=_("Satisfaction, a person involved"),
    machine_only=False,
    place=20,
    words=_("Of the customers who were served by a person, alone or after the AI, how many were satisfied."),
    formula=_(
        "satisfied answers ÷ valid answers about contacts a person handled, alone or after the AI, "
        "weighted as customer satisfaction by channel and intent group"
    ),
    caveat=_("People get what the AI could not solve: the two groups are not the same contacts. Counts only customers who answered."),
)
