"""Sources, import runs and rejected rows. A file is sent through “add”; it is stored by a worker and told about here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from auditlog.registry import auditlog
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi import guide, ingest, registry, tasks
from kpi.admin.base import AnyForm, ChoosesZone, ReadOnly, StewardMay
from kpi.cells.problems import told
from kpi.export import is_private, rejected_rows_csv, same_file, taken_back
from kpi.ingest.receiving import receive
from kpi.mapping.spec import to_yaml
from kpi.mapping.stored import MAPPED, is_mapped, spec_of
from kpi.mapping.stored import known as source_known
from kpi.models import DataSource, ImportRun, RejectedRow, SourceMapping
from kpi.reading import was_kept
from kpi.source import Refused

COUNTS = ("lines", "new", "changed", "unchanged", "repeated", "rejected", "joined")


def _field_name(name: str) -> str:
    """Of a field of runs, told when it is asked for."""
    found: str = ImportRun._meta.get_field(name).verbose_name  # type: ignore[union-attr,assignment]
    return found


def _told(name: str) -> Callable[[ImportRun], str]:
    """A column of runs; of what people answered about themselves nothing is counted, for few may have answered."""

    @admin.display(description=_field_name(name))
    def told(run: ImportRun) -> str:
        hidden = is_private(run.source) and not (name == "message" and run.state == ImportRun.State.FAILED)
        if hidden:
            return gettext("not told")
        return ingest.told(run) if name == "message" else str(getattr(run, name))

    told.__name__ = name
    return told


MESSAGE, SIZE, *COUNTED = (_told(name) for name in ("message", "size", *COUNTS))


class SourceForm(AnyForm):
    format = forms.ChoiceField(label=_("format"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(field := self.fields.get("format"), forms.ChoiceField):
            along = ingest.companions()
            kinds = [(source.key, guide.name_of(source)) for source in registry.sources().values() if source.key not in along]
            if self.instance.pk and self.instance.format not in registry.sources():  # one this process does not know stays what it is
                kinds = [(self.instance.format, self.instance.format)]
            field.choices = [(MAPPED, _("mapped"))] if self.instance.pk and is_mapped(self.instance) else kinds


@admin.register(DataSource)
class DataSourceAdmin(StewardMay, ChoosesZone):
    form = SourceForm
    list_display = ("key", "format", "verified", "site", "zone", "date_order", "contacts_from", "late_after_hours")
    readonly_fields = ("verified",)
    list_filter = ("format", "site")
    list_select_related = ("site", "contacts_from")
    search_fields = ("key", "format")

    @admin.display(description=_("verified"))
    def verified(self, source: DataSource) -> str:
        """Whether the format was checked against a live account, and what was not."""
        known = source_known(source)
        doubt = guide.unverified(known) if known else ""
        return gettext("no: %(doubt)s") % {"doubt": doubt} if doubt else gettext("yes")


@admin.register(SourceMapping)
class SourceMappingAdmin(StewardMay, ReadOnly):
    """Versions as they were saved on the pages, to be looked at: none is changed or deleted."""

    list_display = ("source", "number", "note", "made_by", "made_at")
    list_filter = ("source",)
    list_select_related = ("source", "made_by")
    search_fields = ("source__key", "note")
    fields = readonly_fields = ("source", "number", "note", "made_by", "made_at", "yaml")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("content"))
    def yaml(self, version: SourceMapping) -> SafeString:
        try:
            return format_html("<pre>{}</pre>", to_yaml(version.source.key, version.number, spec_of(version)))
        except Refused as problem:  # a layout that this process does not know
            return format_html("{}", problem)


class UploadForm(AnyForm):
    file = forms.FileField(label=_("file"), help_text=_("As the system wrote it: CSV or JSON, also gzipped. It is read in the background."))

    class Meta:
        model = ImportRun
        fields = ("source",)

    def clean_source(self) -> DataSource:
        source: DataSource = self.cleaned_data["source"]
        if main := ingest.companions().get(source.format):
            raise forms.ValidationError(
                _("These records are read from the same file by %(main)s: choose that source."), params={"main": main}
            )
        return source


@admin.register(ImportRun)
class ImportRunAdmin(StewardMay):
    """A run is made by sending a file and is never edited."""

    list_display = ("id", "file_name", "source", "state", MESSAGE, *COUNTED, "attempt", "finished_at")
    list_display_links = ("id", "file_name")
    list_filter = ("state", "source", "created_at")
    list_select_related = ("source",)
    search_fields = ("file_name", "source__key")
    date_hierarchy = "created_at"
    actions = ("run_again", "take_back", "download_rejected")
    seen = (
        "source",
        "file_name",
        "state",
        MESSAGE,
        *COUNTED,
        "rejected_link",
        SIZE,
        "attempt",
        "created_by",
        "created_at",
        "started_at",
        "finished_at",
    )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs) if obj else UploadForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.seen if obj else ("source", "file")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.seen if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list and its actions, for whoever may change imports; a single run is only looked at."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A file that is too large, or one too many, is refused in a sentence."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as problem:
            self.message_user(request, str(problem), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:kpi_importrun_add"))

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """The uploaded file goes to the inbox, its run into the queue; the same bytes again answer with the run they had."""
        path = receive(form.cleaned_data["file"].chunks(), form.cleaned_data["file"].name or "file", f"user:{request.user.pk}").path
        run, existed = ingest.open_run(path, form.cleaned_data["source"].key, request.user)
        if existed:
            ingest.discard(path)
            self.message_user(request, same_file(run), messages.WARNING)
        else:
            tasks.ring(tasks.run_import, run.pk)
            self.message_user(request, gettext("Run %(run)d is queued.") % {"run": run.pk})
        form.save_m2m = lambda: None
        return run

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Already stored by `save_form`, which alone knows whether the file is new."""

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:kpi_importrun_changelist"))

    @admin.action(description=_("Run again"), permissions=["change"])
    def run_again(self, request: HttpRequest, chosen: QuerySet[ImportRun]) -> None:
        for run in chosen.select_related("source"):
            if problem := _again(run, request.user):
                self.message_user(request, problem, messages.ERROR)
            else:
                self.message_user(request, gettext("Run %(run)d is queued.") % {"run": run.pk})

    @admin.action(description=_("Take back: delete the rows this file brought"), permissions=["change"])
    def take_back(self, request: HttpRequest, chosen: QuerySet[ImportRun]) -> None:
        for run in chosen.select_related("source"):
            try:
                self.message_user(request, taken_back(run, ingest.take_back(run)))
            except Refused as problem:
                self.message_user(request, str(problem), messages.ERROR)
        tasks.ring(tasks.roll_up)

    @admin.action(description=_("Download rejected rows (CSV)"), permissions=["view"])
    def download_rejected(self, request: HttpRequest, chosen: QuerySet[ImportRun]) -> HttpResponse | None:
        runs = list(chosen.select_related("source")[:2])
        if len(runs) != 1:
            self.message_user(request, gettext("Choose one run: each file has columns of its own."), messages.ERROR)
            return None
        return rejected_csv(runs[0])

    @admin.display(description=_("rejected rows"))
    def rejected_link(self, run: ImportRun) -> SafeString | str:
        if not run.rejected:
            return gettext("none")
        address = f"{reverse('admin:kpi_rejectedrow_changelist')}?run__id__exact={run.pk}"
        return format_html('<a href="{}">{}</a>', address, gettext("read them"))


@admin.register(RejectedRow)
class RejectedRowAdmin(StewardMay, ReadOnly):
    """Line by line what was found and what would be right. What people answered about themselves is not repeated here."""

    list_display = ("line", "run", "source", "readable")
    list_filter = ("run__source",)
    linked = ("run__id",)
    list_select_related = ("run__source",)
    search_fields = ("run__file_name", "=line")
    fields = readonly_fields = ("run", "source", "line", "readable")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "run__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("source"), ordering="run__source__key")
    def source(self, row: RejectedRow) -> str:
        return row.run.source.key

    @admin.display(description=_("problems"))
    def readable(self, row: RejectedRow) -> SafeString:
        hidden = is_private(row.run.source)
        items = [(item["column"] or gettext("row"), _found(item, hidden), told(item["expected"])) for item in row.problems]
        return format_html_join("\n", "<div><b>{}</b>: {}; {}</div>", items)


def _found(item: dict[str, str], hidden: bool) -> str:
    if hidden:
        return gettext("the answer is not shown")
    if item["found"]:
        return gettext("found “%(text)s”") % {"text": item["found"]}
    return gettext("nothing found") if was_kept(item) else gettext("found a text that was not kept")


def rejected_csv(run: ImportRun) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="rejected_run_{run.pk}.csv"'}
    return HttpResponse(rejected_rows_csv(run), content_type="text/csv; charset=utf-8", headers=headers)


def _again(run: ImportRun, user: Any) -> str:
    """Queue the run once more; in words why not."""
    path = Path(run.path)
    if not run.path or not path.is_file():
        return gettext("Run %(run)d: its file is no longer here. Send it again.") % {"run": run.pk}
    if run.state == ImportRun.State.FAILED:
        queued = ingest.requeue(run)
    elif run.state == ImportRun.State.DONE:
        queued = not ingest.open_run(path, run.source.key, user, again=True)[1]
    else:
        queued = False
    if not queued:
        return gettext("Run %(run)d is %(state)s and was not queued.") % {"run": run.pk, "state": run.get_state_display()}
    tasks.ring(tasks.run_import, run.pk)
    return ""


auditlog.register(DataSource)
