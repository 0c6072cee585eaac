"""What became of mails, and the states of alerts. Dates, states and reasons: neither what a mail said nor any figure."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kpi import registry
from kpi.admin.base import ReadOnly
from kpi.mail import queue, stopping
from kpi.models import Alert, AlertChange, Sending, Site, Subscription, Team


@admin.register(Sending)
class SendingAdmin(ReadOnly):
    """Every mail with its state; one that failed may be sent anew by hand."""

    list_display = fields = readonly_fields = (
        "day", "kind", "reader", "state", "attempt", "reason", "error", "ended_at",
    )  # fmt: skip
    list_filter = ("state", "kind")
    list_select_related = ("subscription__user",)
    date_hierarchy = "day"
    actions = ("send_anew",)
    show_full_result_count = False
    list_per_page = 50

    @admin.display(description=_("reader"))
    def reader(self, item: Sending) -> str:
        return item.subscription.user.get_username()

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("kpi.change_sending")

    @admin.action(description=_("Send anew (failed, or not known whether sent)"), permissions=["send"])
    def send_anew(self, request: HttpRequest, chosen: QuerySet[Sending]) -> None:
        count = sum(queue.send_anew(row) for row in chosen)
        text = ngettext("%(n)s mail waits to be sent anew.", "%(n)s mails wait to be sent anew.", count) % {"n": count}
        self.message_user(request, text, messages.SUCCESS if count else messages.WARNING)


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly):
    """Who is sent what: asked for by the readers themselves. An administrator can only end one."""

    list_display = fields = readonly_fields = (
        "user", "kind", "rhythm", "weekday", "filters", "language", "active", "created_at", "ended_at",
    )  # fmt: skip
    list_filter = ("kind", "rhythm", "active")
    list_select_related = ("user",)
    actions = ("end",)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("kpi.change_subscription")

    @admin.action(description=_("Stop these mails"), permissions=["end"])
    def end(self, request: HttpRequest, chosen: QuerySet[Subscription]) -> None:
        count = sum(stopping.end(row.pk) for row in chosen)
        self.message_user(request, ngettext("%(n)s mail is stopped.", "%(n)s mails are stopped.", count) % {"n": count})


class UnitOfAlert(ReadOnly):
    """How a unit and a rule are called."""

    def _rule(self, item: Alert) -> str:
        found = registry.rules().get(item.rule)
        return str(found.label) if found else item.rule

    def _unit(self, item: Alert) -> str:
        if item.dimension == "all":
            return str(_("All sites"))
        kind: type[Site | Team] = Site if item.dimension == "site" else Team
        named = kind._default_manager.filter(pk=item.member).first()
        return str(named) if named else f"{item.dimension} {item.member}"


@admin.register(Alert)
class AlertAdmin(UnitOfAlert):
    """States and dates; the figures are read on the page of alerts, all four together."""

    list_display = fields = readonly_fields = ("label", "unit", "state", "since", "said", "as_of", "evaluated_at")
    list_filter = ("state", "dimension", "rule")
    list_per_page = 50

    @admin.display(description=_("alert"))
    def label(self, item: Alert) -> str:
        return self._rule(item)

    @admin.display(description=_("unit"))
    def unit(self, item: Alert) -> str:
        return self._unit(item)


@admin.register(AlertChange)
class AlertChangeAdmin(UnitOfAlert):
    """Append-only: looked at, never edited."""

    list_display = fields = readonly_fields = ("at", "label", "unit", "before", "after", "username", "note", "as_of")
    list_filter = ("after",)
    list_select_related = ("alert",)
    date_hierarchy = "at"
    show_full_result_count = False
    list_per_page = 50

    @admin.display(description=_("alert"))
    def label(self, item: AlertChange) -> str:
        return self._rule(item.alert)

    @admin.display(description=_("unit"))
    def unit(self, item: AlertChange) -> str:
        return self._unit(item.alert)
