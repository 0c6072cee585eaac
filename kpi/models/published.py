"""What was published, when, and what turned out differently: append-only (metrics.md G5).

A publication holds all four families of one unit and period, so that a saving is never stored without its companions.
The database itself refuses to change or delete a row (migration 0006).
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kpi.metric import SHOWN

TOLD = ("update_marked_revised", "restate_with_notice", "series_break")  # what a page says; the rest is only kept


class Fixed(Exception):
    """Somebody tried to change what was published or signed."""


class AppendOnlyRows(models.QuerySet[Any]):
    """Rows are added and read."""

    def update(self, **_values: object) -> int:
        raise Fixed("this stands as it was written: add a further row")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Fixed("this stands as it was written: it is not deleted")


class AppendOnly(models.Model):
    """A row that stands as it was written."""

    objects = AppendOnlyRows.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Fixed("this stands as it was written: add a further row")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Fixed("this stands as it was written: it is not deleted")


class Publication(AppendOnly):
    """All four families of one unit over one standard period, as a page showed them on that day."""

    class Reason(models.TextChoices):
        FIRST = "", _("first published")
        DATA = "data", _("records changed")
        DEFINITION = "definition", _("definition changed")
        SETTINGS = "settings", _("signed settings changed")

    dimension = models.CharField(_("dimension"), max_length=8)  # all, site, team: as in the totals
    member = models.IntegerField(_("member"))  # 0 for "all"
    start = models.DateField(_("first day"))
    end = models.DateField(_("first day after"))
    revision = models.PositiveIntegerField(_("revision"), default=0)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason, default=Reason.FIRST, blank=True)
    changed_from = models.DateField(_("records changed from"), null=True)  # of the days whose records changed
    changed_to = models.DateField(_("records changed to"), null=True)  # inclusive
    data_as_of = models.DateField(_("data as of"))
    published_at = models.DateTimeField(_("published at"), auto_now_add=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.UniqueConstraint(fields=["dimension", "member", "start", "end", "revision"], name="publication_once"),
            models.CheckConstraint(name="publication_of_a_unit", condition=Q(dimension__in=["all", "site", "team"])),
            models.CheckConstraint(name="publication_of_all_is_0", condition=~Q(dimension="all") | Q(member=0)),
            models.CheckConstraint(name="publication_period_over", condition=Q(end__gt=F("start")) & Q(data_as_of__gte=F("end"))),
            models.CheckConstraint(name="publication_first_has_no_reason", condition=Q(revision=0, reason="") | Q(revision__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.member}, {self.start} to {self.end}, revision {self.revision}"


class PublishedValue(AppendOnly):
    """One of the four, in the form in which it may leave: nothing where the page showed nothing."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="values")
    metric = models.CharField(max_length=64)
    status = models.CharField(max_length=16)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n = models.IntegerField(null=True)  # of people's answers the lower end of its band
    definition_version = models.IntegerField()
    action = models.CharField(max_length=24, blank=True, default="")  # kpi.restatement.Action; empty for the first
    was = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")  # the value last announced before this one

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "metric"], name="published_value_once"),
            models.CheckConstraint(
                name="published_value_only_where_shown",
                condition=Q(value__isnull=True, low__isnull=True, high__isnull=True)
                | Q(status__in=sorted(status.value for status in SHOWN)),
            ),
            models.CheckConstraint(
                name="published_action_has_its_value", condition=Q(action="", was__isnull=True) | Q(~Q(action=""), was__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["publication"], condition=Q(action__in=TOLD), name="published_and_told")]

    def __str__(self) -> str:
        return f"{self.metric} of {self.publication_id}"


class PublishedWeek(models.Model):
    """The ledger of publications: from which data and settings the values of periods ending here were last worked out."""

    end = models.DateField(primary_key=True)
    inputs = models.CharField(max_length=64, default="")
    checked_at = models.DateTimeField(null=True)
