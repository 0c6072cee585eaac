"""Tokens with which a system sends its files: made here, shown once, revoked here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from auditlog.registry import auditlog
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi.admin.base import AnyForm, StewardMay
from kpi.intake.tokens import keep_digest, new_text
from kpi.models import ImportToken

DEFAULT_DAYS, LONGEST_DAYS = 180, 366


class TokenForm(AnyForm):
    days = forms.IntegerField(
        label=_("days it holds"),
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=DEFAULT_DAYS,
        help_text=_("At most a year."),
    )

    class Meta:
        model = ImportToken
        fields = ("source", "name")


@admin.register(ImportToken)
class ImportTokenAdmin(StewardMay):
    """Made and revoked, never edited: what a token may do is its source."""

    form = TokenForm
    list_display = ("name", "prefix", "source", "expires_at", "revoked_at", "last_used_at")
    list_filter = ("source",)
    list_select_related = ("source",)
    search_fields = ("name", "prefix")
    actions = ("revoke",)
    seen = ("source", "name", "prefix", "expires_at", "revoked_at", "last_used_at", "created_at", "created_by")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.seen if obj else ("source", "name", "days")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.seen if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **({"form": AnyForm} if obj else {}), **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        text = new_text()
        keep_digest(obj, text)
        obj.expires_at = timezone.now() + timedelta(days=form.cleaned_data["days"])
        obj.created_by = request.user
        super().save_model(request, obj, form, change)
        messages.warning(request, gettext("The token is %(text)s. Copy it now: it is never shown again.") % {"text": text})

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """The answer itself says the text: on its way to another page it would lie in the session."""
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": str(obj)}
        return TemplateResponse(request, "admin/kpi/importtoken/made.html", context)

    @admin.action(description=_("Revoke: what is sent with it from now on is refused"), permissions=["change"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ImportToken]) -> None:
        done = chosen.filter(revoked_at=None).update(revoked_at=timezone.now())
        self.message_user(request, gettext("%(count)d revoked.") % {"count": done})


auditlog.register(ImportToken, exclude_fields=["digest", "last_used_at"])
