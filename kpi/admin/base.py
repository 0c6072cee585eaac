"""What several admin pages share: read-only records, who entered a row, and whether records already stand on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import ManyToOneRel, Model
from django.http import HttpRequest

from kpi.models import Membership
from kpi.models.organisation import zones_here
from kpi.widgets import Suggested

if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Any]
    AnyForm = forms.ModelForm[Any]
else:  # generic for the type checker alone
    AnyAdmin = admin.ModelAdmin
    AnyForm = forms.ModelForm


class ReadOnly(AnyAdmin):
    """Written by imports alone: looked at, never edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    linked: tuple[str, ...] = ()  # what other pages link by

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only by what the page itself offers: a number of results for any other column would count one person's records."""
        offered = [name for name in (*self.list_filter, *self.linked, self.date_hierarchy) if isinstance(name, str)]
        return any(lookup == name or lookup.startswith(f"{name}__") for name in offered)


class RememberWho(AnyAdmin):
    """Keeps who made a row in the field named by `who`; a later edit does not change it."""

    who = "author"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            setattr(obj, self.who, request.user)
        super().save_model(request, obj, form, change)


class StewardMay(AnyAdmin):
    """Data stewards of the staff may look after imports without further rights."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_steward(request) or super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_steward(request) or super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_steward(request) or super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_steward(request) or super().has_change_permission(request, obj)


class ChoosesZone(AnyAdmin):
    """Time zones are found by typing a part of them."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "zone":
            kwargs["widget"] = Suggested(zones_here)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def is_steward(request: HttpRequest) -> bool:
    user = request.user
    if not isinstance(user, User) or not (user.is_active and user.is_staff):
        return False
    return Membership.objects.filter(user=user, role=Membership.Role.STEWARD).exists()


def has_records(item: Model) -> bool:
    """True once an imported record of any app names this site, team or intent."""
    links = [link for link in item._meta.get_fields(include_hidden=True) if isinstance(link, ManyToOneRel)]
    return any(_is_imported(link.related_model) and _names(link, item) for link in links)


def _is_imported(model: type[Model]) -> bool:
    return any(field.name == "first_run" for field in model._meta.get_fields())


def _names(link: ManyToOneRel, item: Model) -> bool:
    return link.related_model._base_manager.filter(**{link.field.name: item.pk}).exists()
