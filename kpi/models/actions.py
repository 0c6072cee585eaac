"""What somebody does about a metric: who answers for it, until when, and what became of it. Every change stands in the audit log."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kpi.models.initiatives import Initiative
from kpi.models.organisation import Site, Team
from kpi.models.plans import ONE_PLACE
from kpi.plans.texts import NO_NAMES

USER = settings.AUTH_USER_MODEL


class Action(models.Model):
    """Tied to a metric of the company, a site or a team, and perhaps to an initiative. No figure is about its owner."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    what = models.CharField(_("what is done"), max_length=255, help_text=NO_NAMES)
    metric = models.CharField(_("metric"), max_length=64)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("site"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"))
    initiative = models.ForeignKey(Initiative, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("initiative"))
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("owner"))
    starts_on = models.DateField(_("starts on"))
    due = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PLANNED)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    drop_reason = models.CharField(_("why it was dropped"), max_length=255, blank=True)
    entered_by = models.ForeignKey(
        USER, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(name="action_of_a_site_or_a_team", condition=ONE_PLACE),
            models.CheckConstraint(name="action_due_after_start", condition=Q(due__gte=F("starts_on"))),
            models.CheckConstraint(
                name="action_done_has_its_day",
                condition=Q(state="done", done_on__isnull=False, done_on__gte=F("starts_on")) | ~Q(state="done") & Q(done_on__isnull=True),
            ),
            models.CheckConstraint(
                name="action_dropped_has_its_reason",
                condition=Q(state="dropped") & ~Q(drop_reason="") | ~Q(state="dropped") & Q(drop_reason=""),
            ),
            models.CheckConstraint(name="action_state_known", condition=Q(state__in=["planned", "running", "done", "dropped"])),
        ]

    def __str__(self) -> str:
        return self.what
