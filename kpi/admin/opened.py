"""Who opened a list of contacts, for administrators and for representatives of the staff: looked at, never edited, never deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest

from kpi.admin.base import ReadOnly
from kpi.models import ListOpened, Membership

SHOWN = ("opened_at", "username", "role", "kind", "surface", "scope", "start", "end")


@admin.register(ListOpened)
class ListOpenedAdmin(ReadOnly):
    """The representative reads who looked at what (product.md section 2); a staff login is all that takes."""

    list_display = fields = readonly_fields = SHOWN
    list_filter = ("kind", "surface", "role")
    search_fields = ("username",)
    date_hierarchy = "opened_at"
    show_full_result_count = False
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return represents(request) or super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return represents(request) or super().has_view_permission(request, obj)


def represents(request: HttpRequest) -> bool:
    user = request.user
    if not isinstance(user, User) or not (user.is_active and user.is_staff):
        return False
    return Membership.objects.filter(user=user, role=Membership.Role.REPRESENTATIVE).exists()
