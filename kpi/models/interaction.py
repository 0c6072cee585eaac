"""One contact of one customer on one channel: the large table."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kpi.models.imports import DataSource, ImportRun
from kpi.models.organisation import Channel, Intent, Queue, Site, Team

DURATIONS = ("wait_s", "talk_s", "hold_s", "wrap_s")
COUNTS = ("transfers", "human_requests", "prompts_shown", "prompts_dismissed")


def code(to: type[models.Model], name: Any, *, null: bool = False) -> "models.ForeignKey[models.Model, models.Model]":
    """A small code written by our own import: no per-row trigger, no index of its own; check_data proves it."""
    return models.ForeignKey(to, models.PROTECT, db_constraint=False, db_index=False, null=null, related_name="+", verbose_name=name)


class Interaction(models.Model):
    """Durations in seconds as given; unknown is null. `day` is the local calendar day of the site on which it closed
    (opened, where the end is unknown). `role` and `returned` are the D1 flags, null until computed (kpi/chains.py); `repeat_day` is the
    24 hours after closing, counted from 1, in which the customer came back first: null for who did not within seven days."""

    class HandledBy(models.TextChoices):
        AI = "ai", _("a machine")
        HUMAN = "human", _("a person")
        HYBRID = "hybrid", _("both")

    class Role(models.IntegerChoices):
        UNIDENTIFIED = 0
        OPENER = 1
        REPEAT = 2
        CONCURRENT = 3

    id = models.BigAutoField(primary_key=True)
    source = code(DataSource, _("source"))
    external_id = models.CharField(_("number"), max_length=200)
    run = models.ForeignKey(
        ImportRun, models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name=_("last import run")
    )
    first_run = models.ForeignKey(
        ImportRun, models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name=_("first import run")
    )
    site = code(Site, _("site"))
    team = code(Team, _("team"), null=True)
    queue = code(Queue, _("queue"))
    channel = code(Channel, _("channel"))
    intent = code(Intent, _("intent"), null=True)
    agent = models.BigIntegerField(null=True)
    customer = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    day = models.DateField(_("day"))
    handled_by = models.CharField(_("Handled by"), max_length=6, null=True, choices=HandledBy)
    abandoned = models.BooleanField(null=True)
    wait_s = models.FloatField(null=True)
    talk_s = models.FloatField(null=True)
    hold_s = models.FloatField(null=True)
    wrap_s = models.FloatField(null=True)
    concurrency = models.FloatField(null=True)
    transfers = models.IntegerField(null=True)
    ai_disclosed_at = models.DateTimeField(null=True)
    human_requested_at = models.DateTimeField(null=True)
    human_requests = models.IntegerField(null=True)
    human_reached_at = models.DateTimeField(null=True)
    resolved = models.BooleanField(null=True)
    reopened_at = models.DateTimeField(null=True)
    customer_sentiment = models.FloatField(null=True)
    value_tier = models.CharField(max_length=32, null=True)
    language = models.CharField(max_length=16, null=True)
    prompts_shown = models.IntegerField(null=True)
    prompts_dismissed = models.IntegerField(null=True)
    role = models.SmallIntegerField(null=True, choices=Role)
    returned = models.BooleanField(null=True)
    repeat_day = models.SmallIntegerField(null=True)

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="interaction_identity"),
            models.CheckConstraint(
                name="interaction_ends_after_start", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at"))
            ),
            models.CheckConstraint(
                name="interaction_handled_by_known", condition=Q(handled_by__isnull=True) | Q(handled_by__in=["ai", "human", "hybrid"])
            ),
            models.CheckConstraint(
                name="interaction_not_negative",
                condition=Q(*[Q((f"{name}__isnull", True)) | Q((f"{name}__gte", 0)) for name in (*DURATIONS, *COUNTS)])
                & (Q(concurrency__isnull=True) | Q(concurrency__gt=0)),
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "day", "started_at"], name="interaction_chain", condition=Q(customer__isnull=False)),
            models.Index(fields=["day"], name="interaction_day"),
        ]
