"""Waves of the pulse: code and dates. The answers are in no admin page, for nobody; groups of them are on the panel."""

from __future__ import annotations

from typing import Any

from auditlog.registry import auditlog
from django.contrib import admin
from django.http import HttpRequest

from kpi.admin.base import AnyAdmin
from wellbeing.models import Pulse, Wave


@admin.register(Wave)
class WaveAdmin(AnyAdmin):
    """A wave with answers is frozen: its dates say when the answers were given. One that is asked here is kept on the page Pulse."""

    list_display = ("code", "opened_on", "closed_on")
    search_fields = ("code",)
    date_hierarchy = "closed_on"
    fields = ("code", "opened_on", "closed_on")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        frozen = obj is not None and (obj.answers.exists() or Pulse.objects.filter(wave=obj).exists())
        return self.fields if frozen else ()


auditlog.register(Wave)
auditlog.register(Pulse, exclude_fields=["key_name"])  # opened, made longer, ended: never how many answered
