"""Targets and what else is planned, to be looked at: signed on their pages, without any figure here (a saving's would stand alone)."""

from __future__ import annotations

from auditlog.registry import auditlog
from django.contrib import admin

from kpi.admin.base import ReadOnly
from kpi.models import Action, Initiative, Limits, LimitsClosed, Target

BOUNDS = ["floor", "ceiling", "csat_floor", "awi_floor", "rq_floor"]


@admin.register(Target)
class TargetAdmin(ReadOnly):
    list_display = ("metric", "site", "team", "valid_from", "ended", "owner", "signed_by", "entered_at")
    list_filter = ("ended", "site")
    list_select_related = ("site", "team", "owner", "signed_by")
    fields = ("metric", "site", "team", "valid_from", "ended", "owner", "reason", "signed_by", "entered_at")
    search_fields = ("metric", "reason")


@admin.register(Initiative)
class InitiativeAdmin(ReadOnly):
    list_display = ("title", "site", "team", "starts_on", "entered_by", "entered_at")
    list_select_related = ("site", "team", "entered_by")
    fields = ("title", "what", "site", "team", "starts_on", "entered_by", "entered_at")
    search_fields = ("title", "what")


@admin.register(Limits)
class LimitsAdmin(ReadOnly):
    """Limits of companions may be read here: none is a saving."""

    list_display = ("initiative", "csat", "awi", "rq", "after_start", "weeks", "frozen_at", "frozen_by")
    list_select_related = ("initiative", "frozen_by")
    search_fields = ("initiative__title",)


@admin.register(LimitsClosed)
class LimitsClosedAdmin(ReadOnly):
    list_display = ("limits", "reason", "closed_by", "closed_at")
    list_select_related = ("limits__initiative", "closed_by")
    search_fields = ("reason",)


@admin.register(Action)
class ActionAdmin(ReadOnly):
    list_display = ("what", "metric", "site", "team", "owner", "starts_on", "due", "state")
    list_filter = ("state", "site")
    list_select_related = ("site", "team", "owner")
    search_fields = ("what",)


auditlog.register(Action)
auditlog.register(Target, exclude_fields=BOUNDS)
auditlog.register(Initiative, exclude_fields=["expected_fte"])
auditlog.register(Limits)
auditlog.register(LimitsClosed)
