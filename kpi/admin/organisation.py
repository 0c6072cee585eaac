"""Sites, teams, queues, channels, intents and annotations."""

from __future__ import annotations

from typing import Any

from auditlog.registry import auditlog
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi import ledger, tasks
from kpi.admin.base import AnyAdmin, AnyForm, ChoosesZone, RememberWho, has_records
from kpi.models import Annotation, Channel, Intent, IntentPolicy, Interaction, Queue, Site, Team


class FixedWithRecords(AnyForm):
    """Refuses to change `fixed` once records stand on it: days and totals already use the old value."""

    fixed = ""
    refusal: Any = ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.fixed in self.changed_data and self.instance.pk and has_records(self.instance):
            raise ValidationError({self.fixed: gettext(self.refusal)})
        return cleaned


class SiteForm(FixedWithRecords):
    fixed = "zone"
    refusal = _(
        "Records of this site were already counted on the days of its old time zone. Take its import runs back, change the zone, "
        "and import the files again; or add a new site for the time after a move."
    )


class TeamForm(FixedWithRecords):
    fixed = "site"
    refusal = _(
        "Records of this team already count for its old site. Add a new team at the other site and set this one inactive: "
        "its past stays where it was worked."
    )


@admin.register(Site)
class SiteAdmin(ChoosesZone):
    form = SiteForm
    list_display = ("name", "code", "zone")
    search_fields = ("name", "code")


@admin.register(Team)
class TeamAdmin(AnyAdmin):
    form = TeamForm
    list_display = ("name", "code", "site", "active")
    list_filter = ("site", "active")
    list_select_related = ("site",)
    search_fields = ("name", "code")


@admin.register(Queue, Channel)
class CodeAdmin(AnyAdmin):
    list_display = ("name", "code")
    search_fields = ("name", "code")


@admin.register(Intent)
class IntentAdmin(AnyAdmin):
    """Intents of one group are one issue: a new group changes repeats, strata and FCR of every contact with the intent."""

    list_display = ("name", "code", "group", "policy")
    list_filter = ("group",)
    search_fields = ("name", "code", "group")

    @admin.display(description=_("AI policy today"))
    def policy(self, item: Intent) -> str:
        """In force today; every version stands in the list of policies."""
        found = item.policies.filter(valid_from__lte=timezone.localdate()).last()
        return str(found.get_policy_display()) if found else gettext("none")

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Intent, form: AnyForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "group" in form.changed_data:
            count = Interaction.objects.filter(intent=obj).update(role=None, returned=None, repeat_day=None)
            ledger.mark_all_due("interaction")
            tasks.ring(tasks.roll_up)
            text = gettext("%(count)d contacts change their issue: all days are computed again in the background.")
            self.message_user(request, text % {"count": count}, messages.WARNING)


@admin.register(IntentPolicy)
class IntentPolicyAdmin(RememberWho):
    """Versions are added, never changed: yesterday's verdict must not depend on today's edit."""

    who = "entered_by"
    list_display = ("intent", "policy", "valid_from", "signed_by", "entered_by")
    list_display_links = ("intent",)
    list_filter = ("policy", "intent__group")
    list_select_related = ("intent", "entered_by")
    search_fields = ("intent__name", "intent__code", "signed_by", "note")
    date_hierarchy = "valid_from"
    fields = ("intent", "policy", "valid_from", "signed_by", "note")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fields, "entered_by", "entered_at") if obj else self.fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: IntentPolicy, form: AnyForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if ledger.mark_due_from("interaction", obj.valid_from):
            tasks.ring(tasks.roll_up)


@admin.register(Annotation)
class AnnotationAdmin(RememberWho):
    list_display = ("day", "last_day", "kind", "text", "site", "team", "author")
    list_filter = ("kind", "site")
    list_select_related = ("site", "team", "author")
    search_fields = ("text",)
    date_hierarchy = "day"


for model in (Site, Team, Queue, Channel, Intent, IntentPolicy, Annotation):
    auditlog.register(model)
