"""The timetable of the nights, and what became of each step of each night. Rows hold states, moments and counts of records, no figure."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpi.models.imports import DataSource
from kpi.models.organisation import check_zone
from kpi.timetable import Slot

GRACE = 120  # minutes


class TimetableEntry(models.Model):
    """When the file of a source is expected, or fetched where the source is connected; without a source: when the night begins."""

    source = models.ForeignKey(
        DataSource, models.CASCADE, null=True, blank=True, related_name="timetable", verbose_name=_("source"),
        help_text=_("Empty: when the night of the whole centre begins."),
    )  # fmt: skip
    at = models.TimeField(_("time of day"), default=time(2, 30), help_text=_("As a clock on the wall shows it in the time zone below."))
    zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[check_zone], help_text=_("Like Europe/Lisbon."))
    weekdays = models.CharField(
        _("weekdays"), max_length=7, default="0123456", validators=[RegexValidator("^[0-6]{1,7}$")],
        help_text=_("Days on which this happens."),
    )  # fmt: skip
    grace_minutes = models.PositiveSmallIntegerField(
        _("minutes of grace"), default=GRACE, help_text=_("How long after its time a source is not yet called late.")
    )

    class Meta:
        verbose_name = _("entry of the timetable")
        verbose_name_plural = _("timetable")
        ordering = ["source", "at"]
        constraints = [
            models.UniqueConstraint(fields=["source", "at"], name="timetable_once"),
            models.UniqueConstraint(fields=["weekdays"], name="timetable_one_night", condition=Q(source__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.source or _('the night')}, {self.at:%H:%M} {self.zone}"

    @property
    def slot(self) -> Slot:
        return Slot(self.at, self.zone, frozenset(int(digit) for digit in self.weekdays))

    def clean(self) -> None:
        """The night has one beginning, and begins every day: what waits for it would wait for ever."""
        if self.source_id is None:
            if TimetableEntry.objects.filter(source=None).exclude(pk=self.pk).exists():
                raise ValidationError({"source": _("The night has its time already: change that entry, or choose a source.")})
            if len(set(self.weekdays)) < 7:
                raise ValidationError({"weekdays": _("The night comes every day: tick all seven.")})


class Night(models.Model):
    """What the nightly work of one day came to: without it no digest leaves. `day` is the one whose morning it leads to."""

    day = models.DateField(_("night of"), primary_key=True)
    began_at = models.DateTimeField(_("began"), null=True, blank=True)  # null: only its totals were checked, by hand
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    differences = models.PositiveIntegerField(_("differences"), null=True, blank=True)  # totals that a recomputation found otherwise
    differs = models.JSONField(default=dict, blank=True)  # {subject: [first day, last day]} of those; "" for all subjects

    class Meta:
        verbose_name = _("night")
        verbose_name_plural = _("nights")
        ordering = ["-day"]

    def __str__(self) -> str:
        return str(self.day)


class NightStep(models.Model):
    """One step of one night; claimed by a conditional update that sets lease and attempt. `said` is what it did or why it failed, as a
    code and counts (kpi/night.py has the words)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        LEFT = "left", _("left to the next night")

    night = models.ForeignKey(Night, models.CASCADE, related_name="steps", verbose_name=_("night"))
    step = models.CharField(_("step"), max_length=16)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempt = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    said: Any = models.JSONField(default=list, blank=True)  # [[code, {name: value}], ...]

    class Meta:
        verbose_name = _("step of a night")
        verbose_name_plural = _("steps of nights")
        ordering = ["-night", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["night", "step"], name="night_step_once"),
            models.CheckConstraint(name="night_step_state_known", condition=Q(state__in=["waiting", "running", "done", "failed", "left"])),
        ]

    def __str__(self) -> str:
        return f"{self.night_id}, {self.step}"
