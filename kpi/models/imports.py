"""Where records come from: sources, runs, rejected rows. The run row is the truth; a message is only a bell."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi.models.organisation import Site, check_zone

DATE_ORDERS = [
    ("unknown", _("as the file shows")),
    ("iso", _("year first")),
    ("day_first", _("day first")),
    ("month_first", _("month first")),
]


class DataSource(models.Model):
    """One system that sends files: its format and what was chosen for it."""

    key = models.SlugField(_("key"), unique=True, max_length=64)
    format = models.CharField(_("format"), max_length=64, help_text=_("Key of a source file, e.g. interactions_csv."))
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, verbose_name=_("site"), help_text=_("Where a row without a known team belongs.")
    )
    zone = models.CharField(
        _("time zone"), max_length=64, blank=True, validators=[check_zone], help_text=_("Needed where times carry no offset.")
    )
    date_order = models.CharField(_("date order"), max_length=16, default="unknown", choices=DATE_ORDERS)
    encoding = models.CharField(_("encoding"), max_length=32, blank=True)
    delimiter = models.CharField(_("delimiter"), max_length=1, blank=True)
    late_after_hours = models.PositiveSmallIntegerField(
        _("late after hours"), null=True, blank=True, help_text=_("Without a file for so long the source is called late. Empty: never.")
    )
    contacts_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name=_("contacts from"),
        help_text=_("For answers and reviews: the source of the contacts they name."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("data source")
        verbose_name_plural = _("data sources")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class ImportRun(models.Model):
    """One file of one source. Unique (source, checksum); claimed by a conditional update that sets lease and attempt."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        TAKEN_BACK = "taken_back", _("taken back")

    source = models.ForeignKey(DataSource, models.PROTECT, related_name="runs", verbose_name=_("source"))
    checksum = models.CharField(_("checksum"), max_length=64)
    file_name = models.CharField(_("file name"), max_length=255)
    path = models.CharField(max_length=1024, blank=True)
    size = models.BigIntegerField(_("size"), default=0)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("came at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    lines = models.BigIntegerField(_("lines"), default=0)
    new = models.BigIntegerField(_("new"), default=0)
    changed = models.BigIntegerField(_("changed"), default=0)
    unchanged = models.BigIntegerField(_("unchanged"), default=0)
    repeated = models.BigIntegerField(_("repeated"), default=0)
    rejected = models.BigIntegerField(_("rejected"), default=0)
    joined = models.BigIntegerField(_("joined"), default=0, help_text=_("Lines that are part of a record another line stands for."))
    message = models.TextField(_("message"), blank=True)
    said = models.JSONField(default=dict, blank=True, editable=False)  # the message as a sentence of the catalogue (kpi/sentences.py)
    facts = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, verbose_name=_("sent by")
    )
    mapping = models.ForeignKey(
        "kpi.SourceMapping", models.PROTECT, null=True, blank=True, related_name="runs", verbose_name=_("mapping"),
        help_text=_("The version of the mapping this file is read with."),
    )  # fmt: skip

    stands_for = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", editable=False, verbose_name=_("stands for"),
        help_text=_("The run whose place among the files this one has: the same bytes that failed then, or rows of it, corrected."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "checksum"],
                name="run_once_per_file",
                condition=~Q(state__in=["taken_back", "failed"]) & Q(mapping=None),
            ),
            models.UniqueConstraint(  # the same bytes read in another way are another reading
                fields=["source", "checksum", "mapping"],
                name="run_once_per_file_and_mapping",
                condition=~Q(state__in=["taken_back", "failed"]) & Q(mapping__isnull=False),
            ),
            models.CheckConstraint(condition=Q(state__in=["queued", "running", "done", "failed", "taken_back"]), name="run_state_known"),
        ]

    def __str__(self) -> str:
        return gettext("run %(run)s: %(file)s") % {"run": self.pk, "file": self.file_name}


class RejectedRow(models.Model):
    """A line that was not stored, and why; persons only as pseudonyms."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rejected_rows", verbose_name=_("import run"))
    line = models.BigIntegerField(_("line"))
    problems = models.JSONField(_("problems"))  # [{column, found, problem, expected}]
    row = models.JSONField(_("row"))  # {column: text}

    class Meta:
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        ordering = ["run", "line"]
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="rejected_line_once")]

    def __str__(self) -> str:
        return gettext("line %(line)s") % {"line": self.line}
