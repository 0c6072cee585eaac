"""What people set themselves: targets. Signed rows stand as they were written; the database refuses to change or delete them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.organisation import Site, Team
from kpi.models.published import AppendOnly
from kpi.plans.texts import NO_NAMES

ONE_PLACE = Q(site__isnull=True) | Q(team__isnull=True)
USER = settings.AUTH_USER_MODEL
ALONE = Q(csat_floor__isnull=True, awi_floor__isnull=True, rq_floor__isnull=True)
BESIDE = Q(csat_floor__isnull=False, awi_floor__isnull=False, rq_floor__isnull=False)


class Target(AppendOnly):
    """One version of what a metric should be in the company, at a site or in a team, in the unit of the metric. The version in force on
    the last day of a period holds; of two of one day the one entered last. `ended` lifts it. One on a saving carries its three floors."""

    metric = models.CharField(_("metric"), max_length=64)
    saving = models.BooleanField(_("of a saving"), default=False)
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("site"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team"))
    floor = models.FloatField(_("floor"), null=True, blank=True)
    ceiling = models.FloatField(_("ceiling"), null=True, blank=True)
    csat_floor = models.FloatField(_("floor of CSAT"), null=True, blank=True)
    awi_floor = models.FloatField(_("floor of wellbeing"), null=True, blank=True)
    rq_floor = models.FloatField(_("floor of resolution quality"), null=True, blank=True)
    ended = models.BooleanField(_("no target any more"), default=False)
    valid_from = models.DateField(_("in force from"))
    owner = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("owner"))
    reason = models.CharField(_("reason"), max_length=255, help_text=NO_NAMES)
    signed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("signed by"))
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["metric", "site", "team", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(name="target_of_a_site_or_a_team", condition=ONE_PLACE),
            models.CheckConstraint(
                name="target_has_a_bound",
                condition=Q(ended=True, floor__isnull=True, ceiling__isnull=True)
                | Q(ended=False) & (Q(floor__isnull=False) | Q(ceiling__isnull=False)),
            ),
            models.CheckConstraint(
                name="target_floor_below_ceiling", condition=Q(floor__isnull=True) | Q(ceiling__isnull=True) | Q(ceiling__gt=F("floor"))
            ),
            models.CheckConstraint(
                name="target_of_a_saving_never_alone",
                condition=Q(saving=False) & ALONE | Q(saving=True, ended=True) & ALONE | Q(saving=True, ended=False) & BESIDE,
            ),
            models.CheckConstraint(
                name="target_known_savings_are_marked",
                condition=Q(saving=True) | ~Q(metric__in=["fte_reduction", "net_saving", "gain_ledger"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}, {self.team or self.site or _('All sites')}, {self.valid_from}"
