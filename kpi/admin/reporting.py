"""Reporting groups: small teams of a site joined before a wave opens, never after (metrics.md C2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from auditlog.registry import auditlog
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi import ledger, registry
from kpi.admin.base import AnyForm, RememberWho
from kpi.models import ReportingGroup, Team

FEWEST = 2  # teams
MONDAY = 0


class GroupForm(AnyForm):
    """Name and teams; the team they are counted as is made with them."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As it stands on the pages in place of the teams."))

    class Meta:
        model = ReportingGroup
        fields = ("members", "valid_from", "signed_by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Team.objects.filter(reporting_group=None, joined_in=None).select_related("site")
        members = self.fields["members"]
        assert isinstance(members, forms.ModelMultipleChoiceField)
        members.queryset = free
        members.label_from_instance = lambda obj: f"{obj.name} · {obj.site.name}"  # type: ignore[method-assign]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if Team.objects.filter(code=code_of(name)).exists():
            raise ValidationError(gettext("A group or team is already called “%(name)s”.") % {"name": name})
        return name

    def clean_members(self) -> Any:
        members = self.cleaned_data["members"]
        sites = sorted({team.site.name for team in members})
        if len(members) < FEWEST:
            raise ValidationError(gettext("A group joins at least two teams."))
        if len(sites) > 1:
            raise ValidationError(gettext("These teams are at %(sites)s: a group joins teams of one site.") % {"sites": ", ".join(sites)})
        return members

    def clean_valid_from(self) -> date:
        start: date = self.cleaned_data["valid_from"]
        today = timezone.localdate()
        if start <= today or start.weekday() != MONDAY:
            raise ValidationError(
                gettext("A group holds from a Monday to come: what was already told of its teams is not told again in another form.")
            )
        for opened, closed in _announced():
            if closed >= start and (opened is None or opened <= today):
                said = {"closed": closed, "day": start}
                text = gettext("A survey that closes on %(closed)s is open, or nobody said when it opens: join teams before, never after.")
                raise ValidationError(text % said)
        return start


def _announced() -> list[tuple[date | None, date]]:
    return [span for subject in registry.subjects().values() if subject.spans for span in subject.spans()]


def code_of(name: str) -> str:
    """No file can name it by accident: codes of files hold no such prefix."""
    return f"reporting group: {name}"[:120]


@admin.register(ReportingGroup)
class ReportingGroupAdmin(RememberWho):
    """Added and read; a group is never changed, or what was told before and after could be subtracted."""

    who = "entered_by"
    form = GroupForm
    fields = ("name", "members", "valid_from", "signed_by")
    list_display = ("row", "site", "teams", "valid_from", "signed_by", "entered_by")
    list_select_related = ("row__site", "entered_by")

    @admin.display(description=_("site"))
    def site(self, item: ReportingGroup) -> str:
        return item.row.site.name

    @admin.display(description=_("teams"))
    def teams(self, item: ReportingGroup) -> str:
        return ", ".join(team.name for team in item.members.all())

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("row", "members", "valid_from", "signed_by", "entered_by", "entered_at") if obj else self.fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: ReportingGroup, form: AnyForm, change: bool) -> None:
        name = form.cleaned_data["name"]
        obj.row = Team.objects.create(code=code_of(name), name=name, site=form.cleaned_data["members"][0].site)
        super().save_model(request, obj, form, change)
        for subject in registry.subjects():  # a file may hold days to come
            ledger.mark_due_from(subject, obj.valid_from)


auditlog.register(ReportingGroup, m2m_fields={"members"})
