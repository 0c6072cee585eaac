"""Connections from which files are fetched: made here, tried here. The secret goes in and never comes out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from auditlog.registry import auditlog
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi import pulls, registry, tasks
from kpi.admin.base import AnyForm, StewardMay
from kpi.models import Connection, DataSource
from kpi.pulls import sealing, words
from kpi.pulls.words import problem_of, reached, state_of
from kpi.vendor import Problem, Vendor

LONGEST = 4_096
TRIED = 2  # at once: whoever asks waits
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
ENTERED = ("source", "host", "login", "bucket", "prefix", "begins_on", "window_days", "every_hours", "active")
ANEW = {"host", "bucket", "prefix", "begins_on"}  # with another of these everything is fetched anew from the first day


class ConnectionForm(AnyForm):
    secret = forms.CharField(
        label=_("Secret"),
        required=False,
        strip=True,
        max_length=LONGEST,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Connection
        fields = ENTERED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vendors = registry.vendors()
        if isinstance(sources := self.fields.get("source"), forms.ModelChoiceField):
            sources.queryset = DataSource.objects.filter(format__in=vendors)
            sources.help_text = format_html("{} {}", _only(vendors), _none_yet())
        mine = [vendors[self.instance.source.format]] if self.instance.pk and self.instance.source.format in vendors else vendors.values()
        kept = gettext("One is kept; leave this empty to keep it.") if self.instance.sealed else ""
        self.fields["host"].help_text = _by_name({vendor.name: vendor.sample for vendor in mine})
        self.fields["login"].help_text = _by_name({vendor.name: str(vendor.login) for vendor in mine if vendor.login})
        self.fields["secret"].help_text = f"{_by_name({vendor.name: str(vendor.secret) for vendor in mine})} {kept}"

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        source = self.instance.source if self.instance.pk else values.get("source")
        vendor = registry.vendors().get(source.format) if source else None
        if vendor is None:
            return values
        values["host"] = str(values.get("host", "")).strip().lower()
        self._check_place(vendor, values)
        self._check_secret(values)
        return values

    def _check_place(self, vendor: Vendor, values: dict[str, Any]) -> None:
        if not vendor.host.fullmatch(values["host"]):
            self.add_error(
                "host", gettext("This is no host of %(name)s. Write it like %(sample)s.") % {"name": vendor.name, "sample": vendor.sample}
            )
        if bool(vendor.login) != bool(values.get("login")):
            self.add_error(
                "login", gettext("Enter it: %(what)s.") % {"what": vendor.login} if vendor.login else gettext("Leave this empty here.")
            )
        for name in ("bucket", "prefix"):
            if values.get(name) and not vendor.bucket:
                self.add_error(name, gettext("Leave this empty here."))
        if vendor.bucket and not BUCKET.fullmatch(values.get("bucket", "")):
            self.add_error("bucket", gettext("Enter the name of the bucket: small letters, digits, points and hyphens."))
        if values.get("begins_on") and values["begins_on"] > timezone.now().date():
            self.add_error("begins_on", gettext("This day is still to come."))

    def _check_secret(self, values: dict[str, Any]) -> None:
        bound = [name for name in ("host", "login", "bucket") if name in self.changed_data]
        for name in ("login", "secret"):
            if not (values.get(name) or "").isprintable():
                self.add_error(name, gettext("There are characters in it that nobody can type."))
        if not values.get("secret"):
            if not self.instance.sealed:
                self.add_error("secret", gettext("Enter the secret."))
            elif bound:
                self.add_error(
                    "secret", gettext("Enter the secret again: it is kept for the host, user and bucket it was entered for alone.")
                )
        elif not sealing.can_seal():
            self.add_error("secret", words.sentence(Problem("no_key")))


def _only(vendors: Iterable[str]) -> str:
    return gettext("Only sources of a format that can be fetched: %(formats)s.") % {"formats": ", ".join(sorted(vendors))}


def _none_yet() -> SafeString:
    """The way to a source, for who has none yet."""
    ways = format_html('<a href="{}">{}</a>', reverse("admin:kpi_datasource_add"), gettext("Add a source"))
    return format_html("{} {}.", gettext("Is yours not there? Make it first, with the format of the vendor and a key of your own:"), ways)


def _by_name(told: dict[str, str]) -> str:
    """What is to be entered, for each vendor it may be."""
    return " ".join(f"{name}: {text}." for name, text in told.items())


@admin.register(Connection)
class ConnectionAdmin(StewardMay):
    form = ConnectionForm
    list_display = ("source", "state", "up_to", "trouble", "next_at")
    list_filter = ("active",)
    list_select_related = ("source",)
    search_fields = ("source__key", "host")
    actions = ("try_them", "fetch_now")
    change_list_template = "admin/kpi/connection/change_list.html"
    readonly_fields = ("state", "trouble", "up_to", "tried_at", "succeeded_at", "next_at")
    fieldsets = (
        (None, {"fields": ("source", "host", "login", "secret")}),
        (_("Amazon S3"), {"fields": ("bucket", "prefix")}),
        (_("How much and how often"), {"fields": ("begins_on", "window_days", "every_hours", "active")}),
        (_("How it is"), {"fields": readonly_fields}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        formats = ", ".join(sorted(registry.vendors()))
        return super().changelist_view(request, {**(extra_context or {}), "formats": formats})

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may make one may take it away with its secret; what it brought stays."""
        return self.has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Connection, form: Any, change: bool) -> None:
        if secret := form.cleaned_data.get("secret"):
            sealing.seal(obj, secret)
        obj.next_at, obj.problem, obj.failures = timezone.now(), None, 0
        names = {*ENTERED, "sealed", "next_at", "problem", "failures"}
        if change and ANEW & set(form.changed_data):  # whoever fetches at this moment is overtaken
            obj.position, obj.next_position, obj.run, obj.lease_until, obj.attempt = {}, None, None, None, obj.attempt + 1
            names |= {"position", "next_position", "run", "lease_until", "attempt"}
        obj.save(update_fields=sorted(names) if change else None)  # what a pull writes meanwhile stays as it is

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.fieldsets[:-1]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "source") if obj else self.readonly_fields

    @admin.display(description=_("state"))
    def state(self, connection: Connection) -> str:
        return state_of(connection)

    @admin.display(description=_("what is wrong"))
    def trouble(self, connection: Connection) -> str:
        return problem_of(connection) or gettext("nothing")

    @admin.display(description=_("everything is here up to"))
    def up_to(self, connection: Connection) -> str:
        return reached(connection)

    @admin.action(description=_("Try the connection: ask for one page, store nothing"), permissions=["change"])
    def try_them(self, request: HttpRequest, chosen: QuerySet[Connection]) -> None:
        for connection in chosen.select_related("source")[:TRIED]:
            tried = pulls.try_connection(connection)
            if tried.problem:
                self.message_user(request, f"{connection}: {words.sentence(tried.problem)}", messages.ERROR)
            else:
                text = gettext("%(connection)s answers. Records in its first page: %(n)d. Nothing was stored.")
                self.message_user(request, text % {"connection": connection, "n": tried.records})

    @admin.action(description=_("Fetch now"), permissions=["change"])
    def fetch_now(self, request: HttpRequest, chosen: QuerySet[Connection]) -> None:
        wanted = chosen.filter(active=True)
        wanted.update(next_at=timezone.now())
        for connection in wanted:
            tasks.ring(tasks.pull, connection.pk)
        self.message_user(request, gettext("Connections that are fetched for in the background: %(count)d.") % {"count": wanted.count()})


auditlog.register(Connection, include_fields=[*ENTERED])
