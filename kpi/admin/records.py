"""Contacts as a steward needs them to follow a file: which contact came with which run. No person, no duration, no free text."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kpi.admin.base import ReadOnly
from kpi.models import Interaction

SHOWN = ("external_id", "source", "day", "site", "team", "queue", "channel", "intent", "handled_by", "first_run", "run")


@admin.register(Interaction)
class InteractionAdmin(ReadOnly):
    """Found by the exact id its system gave it; a table of millions is neither counted nor searched inside."""

    list_display = fields = SHOWN
    search_fields = ("=external_id",)
    search_help_text = _("The whole id, as the system that sent it writes it.")
    list_select_related = ("source", "site", "team", "queue", "channel", "intent", "first_run", "run")
    ordering = ("-id",)
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).only(*SHOWN)
