"""CSAT of contacts the AI handled alone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kpi.metrics._handler import csat_metric

METRIC = csat_metric(
    key="csat_ai",
    label=_("Satisfaction, AI alone"),
    machine_only=True,
    place=30,
    words=_("Of the customers who were served by the AI alone, how many were satisfied."),
    formula=_(
        "satisfied answers ÷ valid answers about contacts the AI handled alone, "
        "weighted as customer satisfaction by channel and intent group"
    ),
    caveat=_("The AI gets the simpler contacts, and few of its customers answer: read the share that answered and the worst case."),
)
