"""Users with their role: what a user may see is a property of the person who logs in, kept on one page."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from auditlog.registry import auditlog
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kpi import words
from kpi.accounts import factor, first, sessions
from kpi.models import Membership, SecondFactor

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
    list_display = ("username", "first_name", "last_name", "role", "is_active", "is_staff", "last_login", "factor_since")
    list_filter = ("membership__role", "is_active", "is_staff")
    list_select_related = ("membership", "second_factor")
    actions = ("reset_second_factor", "end_sessions")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change and obj.has_usable_password():
            first.given(obj)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 - Django's name
        """What an administrator chooses for somebody else has to be changed at the next log-in."""
        answer = super().user_change_password(request, id, form_url)
        user = self.get_object(request, unquote(id))
        if request.method == "POST" and answer.status_code == HTTPStatus.FOUND and user is not None and user.pk != request.user.pk:
            first.given(user)
        return answer

    @admin.display(description=_("role"), ordering="membership__role")
    def role(self, user: User) -> str:
        member = getattr(user, "membership", None)
        return str(member.get_role_display()) if member else str(_("none: sees no panel"))

    @admin.display(description=_("second factor"), ordering="second_factor__since")
    def factor_since(self, user: User) -> str:
        found = getattr(user, "second_factor", None)
        return words.day(found.since) if found and found.since else str(_("none"))

    @admin.action(description=_("Reset the second factor and log out"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """For who lost the device. Nobody does it to oneself: that is what the account page is for, and it asks for a code."""
        me = request.user.pk or 0
        for user in users.exclude(pk=me):
            if factor.take_away(user):
                sessions.end(user.pk)
                self.message_user(request, gettext("%(name)s has no second factor now.") % {"name": user}, messages.SUCCESS)
        if users.filter(pk=me).exists():
            self.message_user(request, gettext("Your own is changed on the page of your account."), messages.WARNING)

    @admin.action(description=_("Log out everywhere"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        ended = sum(sessions.end(user.pk) for user in users)
        self.message_user(
            request, ngettext("%(n)d session has ended.", "%(n)d sessions have ended.", ended) % {"n": ended}, messages.SUCCESS
        )


admin.site.unregister(User)
admin.site.register(User, UserWithRole)
auditlog.register(User, exclude_fields=["password", "last_login"], m2m_fields={"groups", "user_permissions"})
auditlog.register(SecondFactor, include_fields=["user", "since"])
auditlog.register(Membership, m2m_fields={"teams"})
