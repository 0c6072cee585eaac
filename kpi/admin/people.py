"""Users with their role: what a user may see is a property of the person who logs in, kept on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditlog.registry import auditlog
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from kpi.models import Membership

if TYPE_CHECKING:
    MembershipPart = admin.StackedInline[Membership, User]
    Users = UserAdmin[User]
else:
    MembershipPart = admin.StackedInline
    Users = UserAdmin


class MembershipInline(MembershipPart):
    model = Membership
    autocomplete_fields = ("teams",)
    verbose_name_plural = _("role and own teams")
    max_num = 1


class UserWithRole(Users):
    inlines = (MembershipInline,)
    list_display = ("username", "first_name", "last_name", "role", "is_active", "is_staff", "last_login")
    list_filter = ("membership__role", "is_active", "is_staff")
    list_select_related = ("membership",)

    @admin.display(description=_("role"), ordering="membership__role")
    def role(self, user: User) -> str:
        member = getattr(user, "membership", None)
        return str(member.get_role_display()) if member else str(_("none: sees no panel"))


admin.site.unregister(User)
admin.site.register(User, UserWithRole)
auditlog.register(User, exclude_fields=["password", "last_login"], m2m_fields={"groups", "user_permissions"})
auditlog.register(Membership, m2m_fields={"teams"})
