"""What a capacity figure stands on: baselines, assumptions and costs, dated and signed.

No FTE reduction is shown here: it is read on the panel, beside what it may have cost. Working days, employment and
reskilling are not here either: nobody reads a row about one person.
"""

from __future__ import annotations

from typing import Any

from auditlog.registry import auditlog
from django.conf import settings
from django.contrib import admin
from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kpi import words
from kpi.admin.base import RememberWho
from staffing.models import Baseline, Cost, StaffingAssumption


class SignedAdmin(RememberWho):
    who = "entered_by"
    list_select_related = ("site", "entered_by")
    search_fields = ("signed_by", "note", "site__name")


@admin.register(Baseline)
class BaselineAdmin(SignedAdmin):
    """Fixed once: a window that was wrong is followed by a new version, and both stay readable."""

    list_display = ("site", "version", "go_live", "first_day", "weeks", "signed_by", "signed_on", "entered_by")
    list_display_links = ("site", "version")
    list_filter = ("site",)
    fields = ("site", "go_live", "first_day", "weeks", "signed_by", "signed_on", "note")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("version", *self.fields, "entered_by") if obj else self.fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        last = Baseline.objects.filter(site=obj.site).aggregate(last=Max("version"))["last"]
        obj.version = (last or 0) + 1
        super().save_model(request, obj, form, change)


@admin.register(StaffingAssumption)
class StaffingAssumptionAdmin(SignedAdmin):
    list_display = ("label", "valid_from", "paid_hours_per_week", "occupancy", "shrinkage", "signed_by", "signed_on")
    list_filter = ("site", "valid_from")
    date_hierarchy = "valid_from"

    @admin.display(description=_("site"), ordering="site")
    def label(self, item: StaffingAssumption) -> str:
        return str(item.site or _("all sites"))


@admin.register(Cost)
class CostAdmin(SignedAdmin):
    list_display = ("kind", "label", "valid_from", "money", "signed_by", "signed_on")
    list_filter = ("kind", "site")
    date_hierarchy = "valid_from"

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "amount":
            field.help_text = _("In %(currency)s, the currency of this installation.") % {"currency": settings.CURRENCY}
        return field

    @admin.display(description=_("amount"), ordering="amount")
    def money(self, item: Cost) -> str:
        return words.money(float(item.amount), 2)

    @admin.display(description=_("site"), ordering="site")
    def label(self, item: Cost) -> str:
        return str(item.site or _("all sites"))


for model in (Baseline, StaffingAssumption, Cost):
    auditlog.register(model)
