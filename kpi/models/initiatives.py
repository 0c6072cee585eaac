"""A change with limits for what it may cost, frozen before data arrive. Rows stand as they were written; limits are closed and replaced."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.metric import Period
from kpi.models.organisation import Site, Team
from kpi.models.plans import ONE_PLACE
from kpi.models.published import AppendOnly
from kpi.plans.limits import FEWEST_WEEKS, MOST_WEEKS, windows
from kpi.plans.texts import NO_NAMES

USER = settings.AUTH_USER_MODEL


class Initiative(AppendOnly):
    """A roll-out or a plan, where and from when, and the saving expected of it."""

    title = models.CharField(_("title"), max_length=120, help_text=NO_NAMES)
    what = models.CharField(_("what changes"), max_length=255, help_text=NO_NAMES)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("site"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"))
    starts_on = models.DateField(_("starts on"))
    expected_fte = models.FloatField(_("expected saving"), null=True, blank=True)
    entered_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["-starts_on", "-pk"]
        constraints = [models.CheckConstraint(name="initiative_of_a_site_or_a_team", condition=ONE_PLACE)]

    def __str__(self) -> str:
        return self.title


class Limits(AppendOnly):
    """How far each companion may fall (csat in shares, the others in points) and over which weeks. Frozen before the first of them."""

    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="limits", verbose_name=_("initiative"))
    csat = models.FloatField(_("CSAT may fall by"))
    awi = models.FloatField(_("wellbeing may fall by"))
    rq = models.FloatField(_("resolution quality may fall by"))
    after_start = models.DateField(_("after-window begins"))
    weeks = models.PositiveSmallIntegerField(_("weeks of each window"))
    frozen_on = models.DateField(_("frozen on"))
    frozen_at = models.DateTimeField(_("frozen at"))
    frozen_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("frozen by"))

    class Meta:
        verbose_name = _("limits of an initiative")
        ordering = ["initiative", "pk"]
        verbose_name_plural = _("limits")
        constraints = [
            models.CheckConstraint(name="limits_frozen_before_data", condition=Q(frozen_on__lt=F("after_start"))),
            models.CheckConstraint(name="limits_are_above_0", condition=Q(csat__gt=0, awi__gt=0, rq__gt=0)),
            models.CheckConstraint(name="limits_of_some_weeks", condition=Q(weeks__gte=FEWEST_WEEKS, weeks__lte=MOST_WEEKS)),
        ]

    def __str__(self) -> str:
        return f"{self.initiative}, {self.frozen_on}"

    @property
    def windows(self) -> tuple[Period, Period]:
        """(baseline, after)."""
        return windows(self.initiative.starts_on, self.after_start, self.weeks)


class LimitsClosed(AppendOnly):
    """Limits that are judged no more, and why."""

    limits = models.OneToOneField(Limits, models.PROTECT, related_name="closed", verbose_name=_("limits"))
    reason = models.CharField(_("reason"), max_length=255, help_text=NO_NAMES)
    closed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("closed by"))
    closed_at = models.DateTimeField(_("closed at"), auto_now_add=True)

    class Meta:
        verbose_name = _("closing of limits")
        verbose_name_plural = _("limits closed")

    def __str__(self) -> str:
        return f"{self.limits}: {self.reason}"
