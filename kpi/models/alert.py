"""Alerts: what a rule says of one unit of the centre, and every change of its state. Without a single figure.

A change stands as it was written: the database refuses to change or delete one (migration `mails_and_alerts`).
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

NOTE = 300  # letters
EVALUATIONS = [("fires", _("fires")), ("quiet", _("does not fire")), ("unknown", _("cannot be judged"))]


class State(models.TextChoices):
    """ok → firing → acknowledged → ok."""

    OK = "ok", _("ok")
    FIRING = "firing", _("firing")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")


class Alert(models.Model):
    """One rule over one unit: the company, a site, a team. `said` and `said_before` are its last two evaluations."""

    rule = models.CharField(_("rule"), max_length=64)
    dimension = models.CharField(_("kind of unit"), max_length=8)  # all, site, team: as in the totals
    member = models.IntegerField(_("unit"))  # 0 for "all"
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OK)
    since = models.DateTimeField(_("since"))
    said = models.CharField(_("last evaluation"), max_length=8, choices=EVALUATIONS, default="unknown")
    said_before = models.CharField(_("evaluation before"), max_length=8, choices=EVALUATIONS, default="unknown")
    as_of = models.DateField(_("data as of"), null=True)  # the first day without data of the last evaluation
    evaluated_at = models.DateTimeField(_("evaluated at"), null=True)
    changes_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["rule", "dimension", "member"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "dimension", "member"], name="alert_once"),
            models.CheckConstraint(name="alert_of_a_unit", condition=Q(dimension__in=["all", "site", "team"])),
            models.CheckConstraint(name="alert_state_known", condition=Q(state__in=["ok", "firing", "acknowledged"])),
            models.CheckConstraint(name="alert_said_known", condition=Q(said__in=["fires", "quiet", "unknown"])),
        ]

    def __str__(self) -> str:
        return f"{self.rule}, {self.dimension} {self.member}"


class Stands(Exception):
    """Somebody tried to rewrite what happened."""


class AddedRows(models.QuerySet[Any]):
    """Rows are added and read."""

    def update(self, **_values: object) -> int:
        raise Stands("changes of an alert are added, never rewritten")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Stands("changes of an alert are added, never deleted")


class AlertChange(models.Model):
    """From one state to the next: when, from which data, and for an acknowledgement by whom and with which words."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="changes", verbose_name=_("alert"))
    number = models.PositiveIntegerField(_("number"))  # the how manieth of its alert
    before = models.CharField(_("before"), max_length=12, choices=State)
    after = models.CharField(_("after"), max_length=12, choices=State)
    at = models.DateTimeField(_("at"))
    as_of = models.DateField(_("data as of"), null=True)
    username = models.CharField(_("by"), max_length=150, blank=True)  # a name and no link: it stays where the user is deleted
    note = models.CharField(_("note"), max_length=NOTE, blank=True)

    objects = AddedRows.as_manager()

    class Meta:
        verbose_name = _("change of an alert")
        verbose_name_plural = _("changes of alerts")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "number"], name="alert_change_once"),
            models.CheckConstraint(
                name="alert_change_is_a_step",
                condition=Q(before="ok", after="firing")
                | Q(before="firing", after="acknowledged")
                | Q(before="firing", after="ok")
                | Q(before="acknowledged", after="ok"),
            ),
            models.CheckConstraint(name="alert_acknowledged_by_somebody", condition=~Q(after="acknowledged") | ~Q(username="")),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}, {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Stands("changes of an alert are added, never rewritten")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Stands("changes of an alert are added, never deleted")
