"""What was published and when it was restated. Dates and reasons only: the figures are read on the panel, beside each other."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from kpi import words
from kpi.admin.base import ReadOnly
from kpi.metric import Period
from kpi.models import Publication, Site, Team

SHOWN = ("unit", "days", "revision", "reason", "changed_from", "changed_to", "data_as_of", "published_at")


@admin.register(Publication)
class PublicationAdmin(ReadOnly):
    """Append-only: looked at, never edited, and without a value."""

    list_display = fields = readonly_fields = SHOWN
    list_filter = ("reason", "dimension")
    date_hierarchy = "end"
    ordering = ("-published_at", "-id")
    show_full_result_count = False
    list_per_page = 50

    @admin.display(description=_("unit"))
    def unit(self, item: Publication) -> str:
        if item.dimension == "all":
            return str(_("All sites"))
        kind: type[Site | Team] = Site if item.dimension == "site" else Team
        named = kind._default_manager.filter(pk=item.member).first()
        return str(named) if named else f"{item.dimension} {item.member}"

    @admin.display(description=_("days"), ordering="end")
    def days(self, item: Publication) -> str:
        return words.span(Period(item.start, item.end))
