"""Working days, spells of employment, and the signed assumptions a capacity figure stands on."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi import words
from kpi.models import DataSource, ImportRun, Site, Team

DAY_SECONDS = (
    "paid_s", "on_queue_s", "handling_s", "waiting_s", "pause_s", "recovery_pause_s", "training_s", "after_hours_s",
    "sick_s", "scheduled_s",
)  # fmt: skip
DAY_COUNTS = ("recovery_due", "recovery_taken", "short_notice_changes", "shifts", "prompts_shown", "high_emotion_runs")


class Imported(models.Model):
    """Identity is (source, external id), as everywhere."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(DataSource, models.PROTECT, db_index=False, related_name="+")
    external_id = models.CharField(max_length=200)
    run = models.ForeignKey(ImportRun, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    first_run = models.ForeignKey(ImportRun, models.PROTECT, db_constraint=False, db_index=False, related_name="+")

    class Meta:
        abstract = True


class AgentDay(Imported):
    """One person's working day, in seconds as given; lives only until the team totals are final."""

    day = models.DateField(db_index=True)
    agent = models.BigIntegerField()
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    paid_s = models.FloatField()
    on_queue_s = models.FloatField(null=True)
    handling_s = models.FloatField(null=True)
    waiting_s = models.FloatField(null=True)
    pause_s = models.FloatField(null=True)
    recovery_pause_s = models.FloatField(null=True)
    recovery_due = models.IntegerField(null=True)
    recovery_taken = models.IntegerField(null=True)
    training_s = models.FloatField(null=True)
    after_hours_s = models.FloatField(null=True)
    sick_s = models.FloatField(null=True)
    scheduled_s = models.FloatField(null=True)
    short_notice_changes = models.IntegerField(null=True)
    shifts = models.IntegerField(null=True)
    prompts_shown = models.IntegerField(null=True)
    can_disable_prompts = models.BooleanField(null=True)
    high_emotion_runs = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="agent_day_identity"),
            models.CheckConstraint(
                name="agent_day_not_negative",
                condition=Q(*[Q((f"{name}__isnull", True)) | Q((f"{name}__gte", 0)) for name in (*DAY_SECONDS, *DAY_COUNTS)]),
            ),
        ]


class Employment(Imported):
    """One person's spell in a role."""

    class End(models.TextChoices):
        VOLUNTARY = "voluntary"
        REDUNDANCY = "redundancy"
        DISMISSED = "dismissed"
        RETIRED = "retired"
        MOVED = "moved"

    agent = models.BigIntegerField()
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    role = models.CharField(max_length=64)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    end_kind = models.CharField(max_length=12, null=True, choices=End)
    contract_fte = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="employment_identity"),
            models.CheckConstraint(
                name="employment_ends_after_start", condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on"))
            ),
        ]


class ReskillingStep(Imported):
    """One step of one person towards a new role."""

    class Stage(models.TextChoices):
        OFFERED = "offered"
        ENROLLED = "enrolled"
        COMPLETED = "completed"
        PLACED = "placed"
        RETAINED = "retained"

    person = models.BigIntegerField()
    from_role = models.CharField(max_length=64)
    to_role = models.CharField(max_length=64)
    stage = models.CharField(max_length=12, choices=Stage)
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="reskilling_identity")]


class Signed(models.Model):
    """Dated and signed: who stands for it, since when."""

    site = models.ForeignKey(
        Site, models.CASCADE, null=True, blank=True, verbose_name=_("site"), help_text=_("Empty: all sites without one of their own.")
    )
    signed_by = models.CharField(_("signed by"), max_length=120)
    signed_on = models.DateField(_("signed on"))
    note = models.CharField(_("note"), max_length=255, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("entered by")
    )

    class Meta:
        abstract = True


class Baseline(Signed):
    """The window of base practice: fixed once, versioned, never moved silently (metrics.md E6)."""

    go_live = models.DateField(_("AI go-live"))
    first_day = models.DateField(_("first day"), help_text=_("A Monday."))
    weeks = models.PositiveSmallIntegerField(_("weeks"), default=13, validators=[MinValueValidator(8)])
    version = models.PositiveSmallIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("baseline")
        verbose_name_plural = _("baselines")
        ordering = ["site", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["site", "version"], name="baseline_version_once"),
            models.UniqueConstraint(fields=["version"], name="baseline_version_once_for_all", condition=Q(site__isnull=True)),
            models.CheckConstraint(name="baseline_8_weeks", condition=Q(weeks__gte=8)),
        ]

    def __str__(self) -> str:
        return gettext("%(site)s, version %(version)s") % {"site": self.site or gettext("all sites"), "version": self.version}

    def clean(self) -> None:
        if self.first_day and self.first_day.weekday() != 0:
            raise ValidationError({"first_day": _("The window is made of whole ISO weeks: choose a Monday.")})
        if self.first_day and self.go_live and self.weeks and self.first_day + timedelta(weeks=self.weeks) > self.go_live:
            raise ValidationError({"go_live": _("The baseline must end before the AI goes live.")})


class StaffingAssumption(Signed):
    """Hours a full-time post is paid, and planning values where nothing was measured."""

    valid_from = models.DateField(_("valid from"))
    paid_hours_per_week = models.FloatField(_("paid hours per FTE and week"), default=40)
    occupancy = models.FloatField(_("occupancy"), default=0.85)
    shrinkage = models.FloatField(_("shrinkage"), default=0.30)

    class Meta:
        verbose_name = _("staffing assumption")
        verbose_name_plural = _("staffing assumptions")
        ordering = ["site", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="assumption_in_range",
                condition=Q(
                    paid_hours_per_week__gt=0,
                    paid_hours_per_week__lte=80,
                    occupancy__gt=0,
                    occupancy__lte=1,
                    shrinkage__gte=0,
                    shrinkage__lt=1,
                ),
            )
        ]

    def __str__(self) -> str:
        return gettext("%(what)s from %(day)s") % {"what": self.site or gettext("all sites"), "day": words.day(self.valid_from)}


class Cost(Signed):
    """What people and AI cost; used from the net saving on (metrics.md E9)."""

    class Kind(models.TextChoices):
        LOADED_FTE = "loaded_fte", _("loaded cost of one FTE and year")
        SALARY = "salary", _("yearly salary")
        AI_RUN = "ai_run", _("AI running cost a year")
        ONE_OFF = "one_off", _("one-off cost")
        RESKILLING = "reskilling", _("reskilling cost a year")
        HUMAN_CONTACT = "human_contact", _("cost of one human contact")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    valid_from = models.DateField(_("valid from"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        ordering = ["site", "kind", "-valid_from"]
        constraints = [models.CheckConstraint(name="cost_not_negative", condition=Q(amount__gte=0))]

    def __str__(self) -> str:
        return gettext("%(what)s from %(day)s") % {"what": self.get_kind_display(), "day": words.day(self.valid_from)}
