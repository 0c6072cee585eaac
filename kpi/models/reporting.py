"""Small teams joined for reporting: from a Monday on they are counted as one (metrics.md C2). Added, never changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kpi.models.organisation import Team


class ReportingGroup(models.Model):
    """Several teams of one site that are one row from `valid_from` on. `row` is the team they are counted as; no file names it."""

    row = models.OneToOneField(Team, models.PROTECT, related_name="reporting_group", verbose_name=_("counted as"))
    members = models.ManyToManyField(Team, related_name="joined_in", verbose_name=_("teams"))
    valid_from = models.DateField(_("in force from"))
    signed_by = models.CharField(_("signed by"), max_length=120)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    class Meta:
        verbose_name = _("reporting group")
        verbose_name_plural = _("reporting groups")
        ordering = ["valid_from", "pk"]

    def __str__(self) -> str:
        return str(self.row)
